"""The seams of generation: who writes, and who listens while it is written."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from rag.answering.types import Citation, Status
from rag.retrieval.types import Passage


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message of a chat, as every OpenAI-compatible endpoint takes it."""

    role: Literal["system", "user"]
    content: str


class Generator(Protocol):
    """A language model."""

    @property
    def context_tokens(self) -> int:
        """Return how many tokens the messages may have together."""
        ...

    def stream(self, messages: Sequence[Message], *, stopped: Callable[[], bool]) -> Iterator[str]:
        """Yield a reply piece by piece; closing the iterator, or `stopped` becoming true, ends the call upstream.

        Raises:
            GeneratorError: The model can't be reached, refuses, is too slow or breaks off. The message is fit to be
                shown: it names the reason in words, and no address or key.
        """
        ...


class Audience(Protocol):
    """Whoever hears an answer while it is being made. What was heard is part of the answer and isn't taken back."""

    def begin(self, status: Status, standalone_question: str, passages: Sequence[Passage]) -> None:
        """Hear what kind of answer it will be and from which passages; before anything else."""
        ...

    def hear(self, text: str, citations: Sequence[Citation]) -> None:
        """Hear the next words of the answer, and the citations that they are the first to use."""
        ...

    def gone(self) -> bool:
        """Say whether nobody listens any more."""
        ...


class Nobody:
    """The audience of an answer that is read when it is finished."""

    def begin(self, status: Status, standalone_question: str, passages: Sequence[Passage]) -> None:
        """Hear nothing."""

    def hear(self, text: str, citations: Sequence[Citation]) -> None:
        """Hear nothing."""

    def gone(self) -> bool:
        """Wait for the answer."""
        return False
