"""An answer on its way out while a language model still writes it."""

import asyncio
import threading
from collections.abc import AsyncIterator, Sequence
from typing import Any

from api.schemas.answers import CitationOut
from api.schemas.passages import PassageOut
from api.streaming import PING, encode_event, words
from rag.answering.types import Citation, Status
from rag.retrieval.types import Passage


class LiveAnswer:
    """Hears an answer on the thread that makes it, and passes it on as events on the event loop. Made on the loop."""

    def __init__(self) -> None:
        self.begun = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._events: asyncio.Queue[bytes] = asyncio.Queue()
        self._left = threading.Event()

    def begin(self, status: Status, standalone_question: str, passages: Sequence[Passage]) -> None:
        """Pass on what kind of answer it will be and from which passages."""
        self._send(
            encode_event("status", {"status": status, "standalone_question": standalone_question}),
            encode_event("passages", [PassageOut.of(passage).model_dump(mode="json") for passage in passages]),
        )

    def hear(self, text: str, citations: Sequence[Citation]) -> None:
        """Pass on the citations, then the words that use them."""
        self._send(*(encode_event("citation", CitationOut.of(citation)) for citation in citations))
        self._send(*(encode_event("token", {"text": word}) for word in words(text)))

    def gone(self) -> bool:
        """Say whether the client has left."""
        return self._left.is_set()

    def leave(self) -> None:
        """Note that the client has left: what is under way for it ends."""
        self._left.set()

    async def until(self, finished: "asyncio.Task[Any]", *, ping_s: float) -> AsyncIterator[bytes]:
        """Yield events as they come, and a comment line after every `ping_s` seconds of silence, until it is made."""
        hearing = asyncio.ensure_future(self._events.get())
        try:
            while True:
                done, _ = await asyncio.wait({finished, hearing}, timeout=ping_s, return_when=asyncio.FIRST_COMPLETED)
                if hearing in done:
                    yield hearing.result()
                    hearing = asyncio.ensure_future(self._events.get())
                elif done:
                    return
                else:
                    yield PING
        finally:
            hearing.cancel()

    def _send(self, *events: bytes) -> None:
        if not self.gone():
            self._loop.call_soon_threadsafe(self._put, events)

    def _put(self, events: Sequence[bytes]) -> None:
        self.begun.set()
        for event in events:
            self._events.put_nowait(event)
