"""An answer as server-sent events (WHATWG HTML, section 9.2), in the order that the contract gives.

`status`, `passages`, then every `citation` before the first `token` that uses it, then `done`; or `error`.
The tokens, put together, are the answer, byte for byte.
"""

import asyncio
import json
import logging
import re
from collections.abc import AsyncIterator, Awaitable, Iterator
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from api.problems import RequestRefusedError, plain_problem, turnwise_problem
from api.schemas.answers import AskResponse
from api.schemas.problem import Problem
from rag.errors import TurnwiseError

if TYPE_CHECKING:
    from api.live_answer import LiveAnswer

MEDIA_TYPE = "text/event-stream"
PING_S = 15.0
"""How often a comment line goes out while the answer is being made, so that proxies keep the connection open."""
PING = b": still working\n\n"
_WORD = re.compile(r"\s*\S+|\s+$")

log = logging.getLogger("turnwise.http")


def wants_stream(accept: str) -> bool:
    """Tell whether an `Accept` header asks for server-sent events."""
    return any(part.partition(";")[0].strip().lower() == MEDIA_TYPE for part in accept.split(","))


def encode_event(name: str, data: Any) -> bytes:
    """Write one event. JSON has no line break inside, so one `data` line holds it."""
    if isinstance(data, BaseModel):
        data = data.model_dump(mode="json", exclude_none=isinstance(data, Problem))
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()


def words(text: str) -> list[str]:
    """Cut a text into words, each with the white space before it; joined they are the text again."""
    return _WORD.findall(text)


def events(response: AskResponse) -> Iterator[bytes]:
    """Yield a finished answer's events."""
    yield encode_event("status", {"status": response.status, "standalone_question": response.standalone_question})
    yield encode_event("passages", [passage.model_dump(mode="json") for passage in response.passages])
    waiting = {citation.n: citation for citation in response.citations}
    position = 0
    for word in words(response.answer):
        position += len(word)
        for sentence in response.sentences:
            if sentence.start < position:
                for n in sentence.citations:
                    if n in waiting:
                        yield encode_event("citation", waiting.pop(n))
        yield encode_event("token", {"text": word})
    yield encode_event("done", response)


async def stream_answer(
    answer: Awaitable[AskResponse], *, live: "LiveAnswer | None" = None, ping_s: float = PING_S
) -> AsyncIterator[bytes]:
    """Yield the events of an answer that is still being made, and a comment line every `ping_s` seconds until then.

    Args:
        answer: The answer to come.
        live: Hears it while it is made, where a language model writes it.
        ping_s: Seconds of silence before a comment line.
    """
    task = asyncio.ensure_future(answer)
    if live is None:
        while not (await asyncio.wait({task}, timeout=ping_s))[0]:
            yield PING
    else:
        try:
            async for event in live.until(task, ping_s=ping_s):
                yield event
        finally:
            live.leave()
    try:
        response = task.result()
    except TurnwiseError as error:
        yield encode_event("error", turnwise_problem(error))
    except RequestRefusedError as refused:
        yield encode_event("error", refused.problem)
    except Exception:
        log.exception("an answer broke while it was being streamed")
        detail = "Something broke while this was being answered. The log has it."
        yield encode_event("error", plain_problem(HTTPStatus.INTERNAL_SERVER_ERROR, detail))
    else:
        told = live is not None and live.begun.is_set()
        for event in [encode_event("done", response)] if told else events(response):
            yield event
