"""POST /v1/chat/completions: the same answers for OpenAI's clients."""

import asyncio
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from api.chat.chunks import Chunks, LiveChat, stream_reply
from api.chat.conversation import asked_in
from api.chat.reply import Reply
from api.request_context import answer_id
from api.routes.ask import answer
from api.routes.models import openai_problems, require_model
from api.schemas.chat import ChatCompletion, ChatRequest
from api.state import AppState, State
from api.streaming import MEDIA_TYPE
from api.waiting import STREAM_HEADERS, begun, whole

router = APIRouter(tags=["OpenAI-compatible"])

EXAMPLES: dict[str, Any] = {
    "plain": {
        "summary": "A question",
        "value": {"model": "turnwise", "messages": [{"role": "user", "content": "What is a driver diagram?"}]},
    },
    "filtered": {
        "summary": "As chunks, from what one speaker said",
        "value": {
            "model": "turnwise",
            "messages": [{"role": "user", "content": "What is a shift?"}],
            "stream": True,
            "turnwise": {"filters": {"speakers": ["Priya Venkataraghavan"]}},
        },
    },
}
STREAM_EXAMPLE = (
    'data: {"id": "chatcmpl-1f0c", "object": "chat.completion.chunk", "choices": [{"index": 0, "delta": '
    '{"content": "Maria"}, "finish_reason": null}], ...}\n\ndata: [DONE]\n\n'
)


def reply(chat: ChatRequest, state: AppState, request_id: str, base_url: str, live: LiveChat) -> Reply:
    """Answer a chat on this thread; `live` hears it while a language model writes it."""
    return Reply.of(
        answer(asked_in(chat), state, request_id, live),
        base_url=base_url,
        prompt=(message.content for message in chat.messages),
    )


@router.post(
    "/v1/chat/completions",
    summary="Chat",
    response_model=ChatCompletion,
    responses={
        200: {
            "description": "The reply, or, with `stream`, its chunks.",
            "content": {MEDIA_TYPE: {"schema": {}, "example": STREAM_EXAMPLE}},
        },
        **openai_problems(HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND, 413, 503),
    },
)
async def chat_completions(
    chat: Annotated[ChatRequest, Body(openapi_examples=EXAMPLES)],
    state: State,
    request_id: Annotated[str, Depends(answer_id)],
    request: Request,
) -> ChatCompletion | Response:
    """Answer the last user message in verbatim, cited quotations, as OpenAI's chat completions.

    Earlier messages are the history of the question; system messages give no instructions here and are not read.
    Sources are in `annotations` (their places count Unicode code points of `content`) and in a short list at the end
    of the content. Sampling parameters and unknown fields are ignored. Errors are problem documents with OpenAI's
    `error` member.
    """
    require_model(chat.model)
    include_usage = bool(chat.stream_options and chat.stream_options.include_usage)
    live = LiveChat(Chunks(request_id, include_usage=include_usage))
    base_url = str(request.base_url).rstrip("/")
    work = run_in_threadpool(reply, chat, state, request_id, base_url, live)
    making = asyncio.ensure_future(state.stopping.unless_over(work, live))
    if not chat.stream:
        return (await whole(making, live, request)).completion()
    await begun(making, live, request)
    return StreamingResponse(stream_reply(making, live), media_type=MEDIA_TYPE, headers=STREAM_HEADERS)
