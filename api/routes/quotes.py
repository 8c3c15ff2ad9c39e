"""POST /v1/quote: was this said?"""

from typing import Annotated

from fastapi import APIRouter, Body

from api.routes.responses import problems
from api.schemas.quotes import QuoteRequest, QuoteResponse
from api.state import State

router = APIRouter(tags=["questions"])

EXAMPLES = {
    "plain": {"summary": "A quote", "value": {"quote": "Six points in a row above the median make a shift."}},
    "filtered": {
        "summary": "Did she say so?",
        "value": {"quote": "six points in a row", "filters": {"speakers": ["Priya Venkataraghavan"]}},
    },
}


@router.post("/v1/quote", summary="Check a quote", responses=problems(413, 422, 503))
def quote(asked: Annotated[QuoteRequest, Body(openapi_examples=EXAMPLES)], state: State) -> QuoteResponse:
    """Say whether words were said, by whom and where; if not quite so, what differs, word by word."""
    return QuoteResponse.of(state.turnwise.quotes.check(asked.quote, filters=asked.filters.to_domain()))
