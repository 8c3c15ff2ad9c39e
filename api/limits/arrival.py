"""A body on its way in, piece by piece: one that stops coming, or breaks off, is refused and not waited for.

It is refused by a plain HTTP error: FastAPI takes any other that comes while it reads for a body that is no JSON.
"""

import asyncio
from collections.abc import Callable
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.types import Message, Receive, Send

SILENCE_S = 60.0
"""Between two pieces of a body; an upload may take long, and nginx waits as long (`client_body_timeout`)."""
HUNG_UP = "The client hung up before it had its answer."
"""Nobody reads it: without an answer, the request would be counted as one that broke."""


class Arrival:
    """Stands between a server's `receive` and `send` and an app, until the body is there or the answer has begun."""

    def __init__(self, receive: Receive, send: Send, *, silence_s: float, on_silence: Callable[[], None]) -> None:
        """Wait for each piece as long as `silence_s`; `on_silence` is told if it doesn't come."""
        self._receive = receive
        self._send = send
        self._silence_s = silence_s
        self._on_silence = on_silence
        self._is_over = False

    async def receive(self) -> Message:
        """Return the next piece of the body; afterwards, that the client left, whenever that is.

        Raises:
            HTTPException: No piece came for too long, or the client hung up before the last.
        """
        if self._is_over:
            return await self._receive()
        try:
            async with asyncio.timeout(self._silence_s):
                message = await self._receive()
        except TimeoutError as error:
            if self._is_over:  # the answer began meanwhile: who sends it listens for the client's leaving
                return await self._receive()
            self._on_silence()
            detail = f"The request stopped arriving: nothing of it came for {self._silence_s:g} s."
            raise HTTPException(HTTPStatus.REQUEST_TIMEOUT, detail, {"Connection": "close"}) from error
        if message["type"] == "http.request":
            self._is_over |= not message.get("more_body", False)
        elif not self._is_over:
            raise HTTPException(HTTPStatus.BAD_REQUEST, HUNG_UP)
        return message

    async def send(self, message: Message) -> None:
        """Pass on what the app sends. Who answers has no more use for the body."""
        self._is_over = True
        await self._send(message)
