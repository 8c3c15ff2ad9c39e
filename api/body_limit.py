"""How much a request may hold. Refused by its announced length if it has one, else as soon as it has sent too much."""

import asyncio
from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import plain_problem, problem_response

MAX_BODY_BYTES = 1024 * 1024
"""Anywhere but uploads: a question with twenty earlier answers takes a tenth."""
MAX_UPLOAD_BYTES = 64 * 1024 * 1024
"""A hundred hours of speech; ingestion itself reads up to 50 MB a file."""
UPLOAD_PATH = "/v1/transcripts"
DRAINED_BYTES = 8 * 1024 * 1024
"""Read and thrown away before a refusal: a client that is still sending may miss an answer that comes before."""
DRAINED_WITHIN_S = 5.0
TOO_LARGE = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


class BodyLimitMiddleware:
    """Refuses requests whose body is larger than their address takes."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap `app`."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit = MAX_UPLOAD_BYTES if scope["path"] == UPLOAD_PATH else MAX_BODY_BYTES
        refusal = f"At most {limit // 1024**2} MB are taken here."
        announced = Headers(scope=scope).get("content-length", "")
        if announced.isdecimal() and int(announced) > limit:
            await _drain(receive)
            headers = {"Connection": "close"}  # what is sent beyond that is not read
            await problem_response(plain_problem(TOO_LARGE, refusal), headers)(scope, receive, send)
            return
        received = 0

        async def receive_within_limit() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > limit:
                if message.get("more_body", False):
                    await _drain(receive)
                raise HTTPException(TOO_LARGE, refusal, {"Connection": "close"})
            return message

        await self.app(scope, receive_within_limit, send)


async def _drain(receive: Receive) -> None:
    """Read on until the body ends, or for so many bytes and seconds."""
    drained = 0
    try:
        async with asyncio.timeout(DRAINED_WITHIN_S):
            while drained < DRAINED_BYTES:
                message = await receive()
                drained += len(message.get("body", b""))
                if message["type"] != "http.request" or not message.get("more_body", False):
                    return
    except TimeoutError:
        return
