"""Asks an opened Turnwise, and gives what the same question gives over HTTP."""

import dataclasses
import datetime as dt
from collections.abc import Callable, Sequence
from enum import Enum
from pathlib import Path
from time import perf_counter
from typing import Any
from uuid import uuid4

from eval.target.protocol import Document, Timed
from rag.assembly import Turnwise
from rag.errors import NotFoundError
from rag.retrieval.types import Exchange, Mode
from rag.transcripts.types import Transcript

MS_PER_SECOND = 1000
_MOMENTS = {"start_ms": "start_time", "end_ms": "end_time"}
"""Milliseconds inside, seconds on the wire."""


class InProcessTarget:
    """Judges an opened Turnwise without a server between."""

    def __init__(self, turnwise: Turnwise) -> None:
        self._turnwise = turnwise

    def warm(self) -> None:
        """Load the model and the index."""
        self._turnwise.warm()

    def search(self, query: str, *, history: Sequence[str], top_k: int, mode: str) -> Timed:
        """Search as `POST /v1/search` does."""
        retriever = self._turnwise.retriever
        return _timed(lambda: retriever.search(query, history=_exchanges(history), top_k=top_k, mode=Mode(mode)))

    def ask(self, question: str, *, history: Sequence[str], generator: str | None) -> Timed:
        """Answer as `POST /v1/ask` does."""
        answerer = self._turnwise.answerer
        return _timed(lambda: answerer.ask(question, history=_exchanges(history), generator=generator))

    def transcripts(self) -> list[Document]:
        """List as `GET /v1/transcripts` does."""
        return [as_wire(summary) for summary in self._turnwise.library.transcripts()]

    def transcript(self, transcript_id: str) -> Document | None:
        """Show as `GET /v1/transcripts/{id}` does."""
        transcript = self._find(transcript_id)
        if transcript is None:
            return None
        document: Document = as_wire(transcript)
        document["turns"] = [{"turn": number, **turn} for number, turn in enumerate(document["turns"])]
        return document

    def file_stems(self) -> dict[str, str]:
        """Return the stems of the files or addresses that the transcripts were read from."""
        transcripts = [self._find(summary.id) for summary in self._turnwise.library.transcripts()]
        return {
            transcript.id: Path(transcript.source).stem
            for transcript in transcripts
            if transcript and transcript.source
        }

    def describe(self) -> Document:
        """Return model, index version and settings."""
        settings = self._turnwise.settings.model_dump(mode="json")
        engine, embedder = self._turnwise.engine, self._turnwise.embedder
        return {"kind": "in process", "model": embedder.name, "index_version": engine.version, "settings": settings}

    def _find(self, transcript_id: str) -> Transcript | None:
        try:
            return self._turnwise.library.transcript(transcript_id)
        except NotFoundError:
            return None


def _exchanges(history: Sequence[str]) -> tuple[Exchange, ...]:
    return tuple(Exchange(question=question) for question in history)


def _timed(call: Callable[[], Any]) -> Timed:
    started = perf_counter()
    result = call()
    wall_ms = (perf_counter() - started) * MS_PER_SECOND
    return Timed(document={**as_wire(result), "request_id": uuid4().hex}, wall_ms=wall_ms)


def as_wire(value: Any) -> Any:
    """Return a domain value as the contract's JSON has it: objects, lists, ISO dates, times in seconds."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        shown = (field for field in dataclasses.fields(value) if not field.metadata.get("internal"))
        fields = {field.name: getattr(value, field.name) for field in shown}
        document = {_MOMENTS.get(name, name): _field_as_wire(name, field) for name, field in fields.items()}
        link = getattr(value, "link", None)
        return document if link is None else {**document, "link": link}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, dict):
        return {name: as_wire(member) for name, member in value.items()}
    if isinstance(value, (tuple, list)):
        return [as_wire(member) for member in value]
    return value


def _field_as_wire(name: str, value: Any) -> Any:
    if name in _MOMENTS:
        return None if value is None else value / MS_PER_SECOND
    return as_wire(value)
