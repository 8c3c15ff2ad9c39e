"""Waiting for an answer that is being made, with an eye on whether the client is still there."""

import asyncio
from typing import TypeVar

from fastapi import Request

from api.live_answer import LiveAnswer
from api.streaming import PING_S

LOOK_EVERY_S = 0.5
"""How often it is looked whether the client is still there, while an answer is being made."""
STREAM_HEADERS = {"X-Accel-Buffering": "no"}
"""Tells nginx to pass events on as they come (ngx_http_proxy_module, `proxy_buffering`)."""

Made = TypeVar("Made")


async def whole(making: "asyncio.Task[Made]", live: LiveAnswer, request: Request) -> Made:
    """Return the finished answer, and tell who makes it if the client leaves before."""
    while not (await asyncio.wait({making}, timeout=LOOK_EVERY_S))[0]:
        if await request.is_disconnected():
            live.leave()
    return making.result()


async def begun(making: "asyncio.Task[Made]", live: LiveAnswer, request: Request, *, within_s: float = PING_S) -> None:
    """Wait until there is something to send, at most `within_s` seconds; an error found by then is raised.

    So it still gets its own status. Whoever makes the answer is told if the client leaves before.
    """
    first = asyncio.ensure_future(live.begun.wait())
    ending = asyncio.get_running_loop().time() + within_s
    try:
        while (left_s := ending - asyncio.get_running_loop().time()) > 0:
            done, _ = await asyncio.wait(
                {making, first}, timeout=min(LOOK_EVERY_S, left_s), return_when=asyncio.FIRST_COMPLETED
            )
            if done:
                break
            if await request.is_disconnected():
                live.leave()
    finally:
        first.cancel()
    if making.done():
        making.result()
