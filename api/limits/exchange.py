"""One request and its answer, held between the server and the app, so that either may be cut off from the other."""

import asyncio
from typing import Any

from starlette.types import Message, Receive, Send

GONE: Message = {"type": "http.disconnect"}


class BodyTooSlowError(Exception):
    """A request's body did not arrive in time."""


class Exchange:
    """Gives an app a request that has arrived whole, and passes its answer on until it is cut off."""

    def __init__(self, receive: Receive, send: Send) -> None:
        """Stand between a server's `receive` and `send` and an app."""
        self._receive = receive
        self._send = send
        self._body: bytes | None = None
        self._cut_off = asyncio.Event()
        self.begun = asyncio.Event()
        """Set once the answer has begun."""
        self._gone: asyncio.Task[Message] | None = None

    async def arrive(self, *, timeout_s: float) -> bool:
        """Wait for the whole body; False if the client left before.

        Raises:
            BodyTooSlowError: It was not all there in time.
        """
        parts = []
        try:
            async with asyncio.timeout(timeout_s):
                more = True
                while more:
                    message = await self._receive()
                    if message["type"] != "http.request":
                        return False
                    parts.append(message.get("body", b""))
                    more = message.get("more_body", False)
        except TimeoutError as error:
            raise BodyTooSlowError from error
        self._body = b"".join(parts)
        # All that can still come is that the client leaves.
        self._gone = asyncio.ensure_future(self._receive())
        return True

    async def unless_gone(self, waiting: "asyncio.Future[None]") -> bool:
        """Await something, but only as long as the client is there; False if it left."""
        assert self._gone is not None  # noqa: S101 - the body has arrived
        either: set[asyncio.Future[Any]] = {waiting, self._gone}
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        if waiting.done():
            waiting.result()
            return True
        waiting.cancel()
        await asyncio.wait({waiting})
        # It may have come true in the moment in which it was called off.
        return not waiting.cancelled() and waiting.exception() is None

    def cut_off(self) -> None:
        """To the app the client has left; what it sends goes nowhere."""
        self._cut_off.set()

    def close(self) -> None:
        """Stop listening for the client."""
        if self._gone is not None:
            self._gone.cancel()

    async def receive(self) -> Message:
        """Give the app the body, then that the client left."""
        if self._body is not None:
            body, self._body = self._body, None
            return {"type": "http.request", "body": body, "more_body": False}
        assert self._gone is not None  # noqa: S101 - the body has arrived
        if not (self._gone.done() or self._cut_off.is_set()):
            cut = asyncio.ensure_future(self._cut_off.wait())
            try:
                either: set[asyncio.Future[Any]] = {self._gone, cut}
                await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            finally:
                cut.cancel()
        return GONE

    async def send(self, message: Message) -> None:
        """Pass on what the app sends."""
        if not self._cut_off.is_set():
            self.begun.set()
            await self._send(message)
