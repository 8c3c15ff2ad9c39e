"""Any OpenAI-compatible endpoint, through the official client: timeouts, retries, a circuit breaker, cancelling.

The client runs on an event loop of its own thread, because only a task can be interrupted at any moment: a thread that
waits for a socket can't. The call's pieces pass through a queue to the synchronous caller, who keeps the deadlines.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import aclosing
from queue import Empty, SimpleQueue
from threading import BoundedSemaphore, Lock, Thread
from time import monotonic
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from rag.answering.generation.breaker import CircuitBreaker
from rag.answering.generation.types import Message
from rag.errors import GeneratorError

if TYPE_CHECKING:
    from rag.answering.generation.client import ChatClient

FAILURES = 3
"""In a row, that open the circuit."""
PAUSE_S = 30.0
"""How long an open circuit spares the endpoint, and readers the wait for it."""
MOST_AT_ONCE = 16
"""Calls under way; each holds one of the server's 40 threads, and searches need some too."""
LOOK_EVERY_S = 0.1
"""How often a waiting call looks whether anybody still listens."""
MOST_WAITING = 64
"""Pieces that are not yet read; a model that writes faster than its sentences are checked waits."""
WAIT_S = 0.01
STOP_WITHIN_S = 5

log = logging.getLogger("turnwise.llm")


class ChatEndpoint:
    """A model at an OpenAI-compatible endpoint. Nothing is imported or connected before the first call.

    Args:
        base_url: The endpoint's address, with its version ("http://127.0.0.1:11434/v1").
        model: The model's name there.
        api_key: The key, if the endpoint wants one.
        context_tokens: How many tokens the messages may have together.
        answer_tokens: How many tokens a reply may have.
        connect_timeout_s: How long connecting may take.
        first_token_timeout_s: How long the first piece of a reply may take.
        timeout_s: How long the whole reply may take.
        breaker: Guards the endpoint; without it, one that opens after three failures for half a minute.
    """

    def __init__(
        self,
        *,
        base_url: str,
        model: str,
        api_key: SecretStr | None = None,
        context_tokens: int = 3000,
        answer_tokens: int = 500,
        connect_timeout_s: float = 0.7,
        first_token_timeout_s: float = 20.0,
        timeout_s: float = 60.0,
        breaker: CircuitBreaker | None = None,
    ) -> None:
        self.context_tokens = context_tokens
        self._options: dict[str, Any] = {
            "base_url": base_url,
            "model": model,
            "api_key": api_key,
            "answer_tokens": answer_tokens,
            "connect_timeout_s": connect_timeout_s,
        }
        self._first_token_timeout_s = first_token_timeout_s
        self._timeout_s = timeout_s
        self._breaker = breaker or CircuitBreaker(failures=FAILURES, pause_s=PAUSE_S)
        self._room = BoundedSemaphore(MOST_AT_ONCE)
        self._starting = Lock()
        self._running: tuple[asyncio.AbstractEventLoop, Thread, ChatClient] | None = None

    def stream(self, messages: Sequence[Message], *, stopped: Callable[[], bool]) -> Iterator[str]:
        """Yield a reply piece by piece; closing the iterator, or `stopped` becoming true, ends the call upstream.

        Raises:
            GeneratorError: The endpoint can't be reached, refuses, is too slow or breaks off.
        """
        if not self._breaker.admits():
            raise GeneratorError("its endpoint failed several times in a row and is being left alone for a moment")
        if not self._room.acquire(blocking=False):
            self._breaker.abandoned()
            raise GeneratorError("it is busy with the questions of others")
        try:
            yield from self._guarded(messages, stopped)
        finally:
            self._room.release()

    def prepare(self) -> None:
        """Import the client, which takes half a second, so that the first call need not. Nothing is connected."""
        self._started()

    def close(self) -> None:
        """End what is under way and release connections."""
        with self._starting:
            running, self._running = self._running, None
        if running is not None:
            loop, thread, client = running
            asyncio.run_coroutine_threadsafe(_end(client), loop).result(timeout=STOP_WITHIN_S)
            loop.call_soon_threadsafe(loop.stop)
            thread.join(timeout=STOP_WITHIN_S)
            loop.close()

    def _guarded(self, messages: Sequence[Message], stopped: Callable[[], bool]) -> Iterator[str]:
        """Yield the reply and tell the breaker how the call ended."""
        reported = False
        try:
            for piece in self._pieces(messages, stopped):
                if not reported:
                    self._breaker.succeeded()
                    reported = True
                yield piece
            if not stopped():
                self._breaker.succeeded()
                reported = True
        except GeneratorError as error:
            log.warning("the language model could not be used: %s", error)
            if error.blames_request:
                self._breaker.abandoned()
            else:
                self._breaker.failed()
            reported = True
            raise
        finally:
            if not reported:
                self._breaker.abandoned()

    def _pieces(self, messages: Sequence[Message], stopped: Callable[[], bool]) -> Iterator[str]:
        """Yield what the task on the other thread reads, within the deadlines, and end the task whatever happens."""
        loop, client = self._started()
        pieces: SimpleQueue[str | BaseException | None] = SimpleQueue()
        task = asyncio.run_coroutine_threadsafe(_pump(client.reply(messages), pieces), loop)
        begun = monotonic()
        limit, late = begun + min(self._first_token_timeout_s, self._timeout_s), "it did not begin to answer in time"
        try:
            while True:
                if stopped():
                    return
                try:
                    piece = pieces.get(timeout=max(0.0, min(LOOK_EVERY_S, limit - monotonic())))
                except Empty:
                    if monotonic() >= limit:
                        raise GeneratorError(late) from None
                    continue
                if isinstance(piece, BaseException):
                    raise piece
                if piece is None:
                    return
                limit, late = begun + self._timeout_s, "it did not finish its answer in time"
                if monotonic() >= limit:
                    raise GeneratorError(late)
                if piece:
                    yield piece
        finally:
            task.cancel()

    def _started(self) -> "tuple[asyncio.AbstractEventLoop, ChatClient]":
        """Return the event loop and the client on it, made at the first call."""
        with self._starting:
            if self._running is None:
                from rag.answering.generation.client import ChatClient  # noqa: PLC0415 - brings openai, half a second

                loop = asyncio.new_event_loop()
                thread = Thread(target=loop.run_forever, name="turnwise-llm", daemon=True)
                thread.start()
                self._running = (loop, thread, ChatClient(**self._options))
            loop, _, client = self._running
            return loop, client


async def _end(client: "ChatClient") -> None:
    """End what is under way, then release the connections."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    await client.close()


async def _pump(reply: AsyncIterator[str], pieces: "SimpleQueue[str | BaseException | None]") -> None:
    """Put the pieces of a reply into the queue, then None, or the error that ended it."""
    try:
        async with aclosing(reply) as reading:  # type: ignore[type-var]
            async for piece in reading:
                pieces.put(piece)
                while pieces.qsize() >= MOST_WAITING:
                    await asyncio.sleep(WAIT_S)
        pieces.put(None)
    except GeneratorError as error:
        pieces.put(error)
    except asyncio.CancelledError:
        pieces.put(GeneratorError("the call was ended"))
        raise
    except Exception as error:  # noqa: BLE001 - the waiting thread must hear of it
        unexpected = GeneratorError(f"its reply could not be read ({type(error).__name__})")
        unexpected.__cause__ = error
        pieces.put(unexpected)
