"""POST /v1/ask: a cited answer, whole or as server-sent events."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Body, Depends, Header, Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from api.live_answer import LiveAnswer
from api.observation import note_answer
from api.request_context import answer_id
from api.routes.responses import problems
from api.schemas.answers import AskResponse
from api.schemas.requests import AskRequest
from api.state import AppState, State
from api.streaming import MEDIA_TYPE, stream_answer, wants_stream
from api.waiting import STREAM_HEADERS, begun, whole

router = APIRouter(tags=["questions"])

EXAMPLES = {
    "plain": {"summary": "A question", "value": {"question": "How was the discharge lounge tested?"}},
    "follow-up": {
        "summary": "A follow-up with its history",
        "value": {
            "question": "And what did the nurses think of it?",
            "history": [{"question": "How was the discharge lounge tested?", "answer": None}],
            "max_citations": 3,
        },
    },
    "stream": {"summary": "As server-sent events", "value": {"question": "What is a driver diagram?", "stream": True}},
}
STREAM_EXAMPLE = (
    'event: status\ndata: {"status": "answered", "standalone_question": "What is a driver diagram?"}\n\n'
    'event: passages\ndata: [...]\n\nevent: citation\ndata: {"n": 1, "quote": "...", ...}\n\n'
    'event: token\ndata: {"text": "Maria"}\n\nevent: done\ndata: {"question": "...", ...}\n\n'
)


def answer(asked: AskRequest, state: AppState, request_id: str, live: LiveAnswer | None = None) -> AskResponse:
    """Answer a question on this thread; `live` hears it while a language model writes it."""
    found = state.turnwise.answerer.ask(
        asked.question,
        history=[exchange.to_domain() for exchange in asked.history],
        filters=asked.filters.to_domain(),
        max_citations=asked.max_citations,
        generator=asked.generator,
        audience=live,
    )
    note_answer(state, found, request_id=request_id)
    return AskResponse.of(found, request_id=request_id)


@router.post(
    "/v1/ask",
    summary="Ask a question",
    response_model=AskResponse,
    responses={
        200: {
            "description": "The answer, or, with `stream` or `Accept: text/event-stream`, its events.",
            "content": {MEDIA_TYPE: {"schema": {}, "example": STREAM_EXAMPLE}},
        },
        **problems(413, 422, 503),
    },
)
async def ask(
    asked: Annotated[AskRequest, Body(openapi_examples=EXAMPLES)],
    state: State,
    request_id: Annotated[str, Depends(answer_id)],
    request: Request,
    accept: Annotated[str, Header(include_in_schema=False)] = "",
) -> Response:
    """Return an answer in which every sentence cites a verbatim quote, or say plainly that the transcripts have none.

    As events: `status`, `passages`, each `citation` before the first `token` that uses it, then `done` with the whole
    response. What goes wrong before the first event is an ordinary problem response; after it, an `error` event.
    """
    live = LiveAnswer()
    work = run_in_threadpool(answer, asked, state, request_id, live)
    making = asyncio.ensure_future(state.stopping.unless_over(work, live))
    if not (asked.stream or wants_stream(accept)):
        found = await whole(making, live, request)
        return Response(found.model_dump_json(), media_type="application/json")
    await begun(making, live, request)
    return StreamingResponse(stream_answer(making, live=live), media_type=MEDIA_TYPE, headers=STREAM_HEADERS)
