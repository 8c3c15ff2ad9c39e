"""A reply in chunks, as OpenAI streams them: data-only server-sent events, the last of which is `[DONE]`."""

import json
import logging
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from api.chat.reply import Reply, completion_id
from api.live_answer import LiveAnswer
from api.openai_errors import openai_problem
from api.problems import RequestRefusedError, plain_problem, turnwise_problem
from api.schemas.chat import MODEL
from api.streaming import PING_S, words
from rag.answering.types import Citation, Status
from rag.errors import TurnwiseError
from rag.retrieval.types import Passage

if TYPE_CHECKING:
    import asyncio

DONE = b"data: [DONE]\n\n"

log = logging.getLogger("turnwise.http")


def encode_data(data: Any) -> bytes:
    """Write one event that has data only. JSON has no line break inside, so one line holds it."""
    return f"data: {json.dumps(data, ensure_ascii=False)}\n\n".encode()


class Chunks:
    """Makes the chunks of one reply.

    Args:
        request_id: The request that is answered.
        include_usage: Whether the client wants the usage in a last chunk; then the others have it as null.
    """

    def __init__(self, request_id: str, *, include_usage: bool) -> None:
        self._head = {
            "id": completion_id(request_id),
            "object": "chat.completion.chunk",
            "created": int(time.time()),
            "model": MODEL,
        }
        self._include_usage = include_usage

    def delta(self, *, finish_reason: str | None = None, **delta: Any) -> bytes:
        """Return a chunk that adds something to the message."""
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
        usage = {"usage": None} if self._include_usage else {}
        return encode_data({**self._head, "choices": [choice], **usage})

    def ending(self, reply: Reply) -> Iterator[bytes]:
        """Yield what follows the answer's own words."""
        if reply.tail:
            yield self.delta(content=reply.tail)
        if reply.annotations:
            yield self.delta(annotations=[annotation.model_dump(mode="json") for annotation in reply.annotations])
        yield self.delta(finish_reason="stop")
        if self._include_usage:
            yield encode_data({**self._head, "choices": [], "usage": reply.usage.model_dump(mode="json")})
        yield DONE


class LiveChat(LiveAnswer):
    """Passes on an answer as chunks while a language model still writes it. Made on the event loop."""

    def __init__(self, chunks: Chunks) -> None:
        """Make its chunks with `chunks`."""
        super().__init__()
        self.chunks = chunks

    def begin(self, status: Status, standalone_question: str, passages: Sequence[Passage]) -> None:
        """Note that words will come; a chat is not told of what kind they are."""
        self._send()

    def hear(self, text: str, citations: Sequence[Citation]) -> None:
        """Pass on the words; the citations come at the end, as annotations."""
        self._send(*(self.chunks.delta(content=word) for word in words(text)))


async def stream_reply(
    making: "asyncio.Task[Reply]", live: LiveChat, *, ping_s: float = PING_S
) -> AsyncIterator[bytes]:
    """Yield the events of a reply that is still being made, and a comment line after every `ping_s` seconds' silence.

    What goes wrong is an event whose data has an `error` member; `[DONE]` doesn't follow it.
    """
    try:
        yield live.chunks.delta(role="assistant", content="")
        async for event in live.until(making, ping_s=ping_s):
            yield event
    finally:
        live.leave()
    try:
        reply = making.result()
    except TurnwiseError as error:
        yield encode_data(openai_problem(turnwise_problem(error)))
    except RequestRefusedError as refused:
        yield encode_data(openai_problem(refused.problem))
    except Exception:
        log.exception("an answer broke while it was being streamed")
        detail = "Something broke while this was being answered. The log has it."
        yield encode_data(openai_problem(plain_problem(HTTPStatus.INTERNAL_SERVER_ERROR, detail)))
    else:
        if not live.begun.is_set():
            for word in words(reply.response.answer):
                yield live.chunks.delta(content=word)
        for event in live.chunks.ending(reply):
            yield event
