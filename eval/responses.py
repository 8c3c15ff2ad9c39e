"""What the judge reads of a reply: the contract's documents, less what no measure needs."""

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from eval.errors import TargetError


class Reply(BaseModel):
    """Base of what a judged server sends; fields that the judge does not need are left out."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class Stretch(Reply):
    """The stretch of one turn that a passage holds: `text == turns[turn].text[start:end]`, in code points."""

    turn: int
    start: int
    end: int
    text: str
    speaker: str | None = None


class RankedPassage(Reply):
    """A retrieved passage; rank counts from 1."""

    rank: int
    score: float
    chunk_id: str
    transcript_id: str
    title: str = ""
    link: str = ""
    turns: tuple[Stretch, ...]

    @property
    def text(self) -> str:
        """Return the spoken text, turns joined by a blank line."""
        return "\n\n".join(stretch.text for stretch in self.turns)


class SearchReply(Reply):
    """The reply of `POST /v1/search`."""

    standalone_query: str
    index_version: str
    timings_ms: dict[str, float] = {}
    passages: tuple[RankedPassage, ...]


class AnswerSentence(Reply):
    """A sentence of the answer with the numbers of its citations."""

    text: str
    citations: tuple[int, ...]


class Citation(Reply):
    """A quotation of the answer."""

    n: int
    quote: str
    transcript_id: str
    turn: int
    start: int
    end: int
    speaker: str | None = None
    title: str = ""
    link: str = ""


class AskReply(Reply):
    """The reply of `POST /v1/ask`."""

    status: str
    confidence: float
    answer: str
    generator: str = ""
    index_version: str
    sentences: tuple[AnswerSentence, ...]
    citations: tuple[Citation, ...]
    timings_ms: dict[str, float] = {}

    @property
    def answered(self) -> bool:
        """Return whether the reply claims to answer."""
        return self.status == "answered"


class TurnText(Reply):
    """One turn of a transcript."""

    turn: int
    speaker: str | None = None
    text: str


class TranscriptReply(Reply):
    """The reply of `GET /v1/transcripts/{id}`."""

    id: str
    title: str
    turns: tuple[TurnText, ...]


class ListedTranscript(Reply):
    """One entry of `GET /v1/transcripts`."""

    id: str
    title: str
    url: str | None = None


AnyReply = TypeVar("AnyReply", bound=Reply)


def read_reply(model: type[AnyReply], document: Mapping[str, Any]) -> AnyReply:
    """Read a reply's document.

    Raises:
        TargetError: It is not what the contract says; the message names the fields.
    """
    try:
        return model.model_validate(document)
    except ValidationError as error:
        wrong = ", ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()[:5])
        raise TargetError(f"The reply is not a {model.__name__} of the contract: {wrong}.") from error
