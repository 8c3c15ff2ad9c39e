"""POST /v1/search: ranked passages."""

from typing import Annotated

from fastapi import APIRouter, Body, Depends, Response

from api.observation import note_search
from api.request_context import answer_id
from api.routes.responses import problems
from api.schemas.passages import SearchResponse
from api.schemas.requests import SearchRequest
from api.state import State

router = APIRouter(tags=["questions"])

EXAMPLES = {
    "plain": {"summary": "A question", "value": {"query": "What did the morning huddle change on the ward?"}},
    "filtered": {
        "summary": "One speaker, since a day, by words alone",
        "value": {
            "query": "run chart",
            "top_k": 5,
            "mode": "lexical",
            "filters": {"speakers": ["Maria Lopes"], "date_from": "2024-01-01"},
        },
    },
}


@router.post("/v1/search", summary="Find passages", response_model=SearchResponse, responses=problems(413, 422, 503))
def search(
    asked: Annotated[SearchRequest, Body(openapi_examples=EXAMPLES)],
    state: State,
    request_id: Annotated[str, Depends(answer_id)],
) -> Response:
    """Return the passages that bear on a query, best first, verbatim, with their speakers and a link to each."""
    result = state.turnwise.retriever.search(
        asked.query,
        history=[exchange.to_domain() for exchange in asked.history],
        top_k=asked.top_k,
        filters=asked.filters.to_domain(),
        mode=asked.mode,
    )
    note_search(state, result, request_id=request_id)
    # Ready as it is: FastAPI would check it once more, and again in other threads.
    found = SearchResponse.of(result, request_id=request_id)
    return Response(found.model_dump_json(), media_type="application/json")
