"""POST /v1/feedback: what somebody thinks of an answer. It is kept for the owner and never changes ranking."""

from typing import Annotated

from fastapi import APIRouter, Body, Depends

from api.routes.responses import problems
from api.schemas.feedback import FeedbackIn, FeedbackStored
from api.security import same_origin_only
from api.state import State

router = APIRouter(tags=["questions"])

EXAMPLES = {
    "thumb": {"summary": "It helped", "value": {"request_id": "8f14e45fceea467a9b1c1f0e2b5d3c7a", "rating": "up"}},
    "citation": {
        "summary": "A citation is beside the point",
        "value": {
            "request_id": "8f14e45fceea467a9b1c1f0e2b5d3c7a",
            "rating": "down",
            "comment": "She speaks of another ward there.",
            "citation": 2,
        },
    },
}


@router.post(
    "/v1/feedback",
    summary="Rate an answer",
    responses=problems(403, 404, 408, 413, 422, 503),
    dependencies=[Depends(same_origin_only)],
)
def give_feedback(given: Annotated[FeedbackIn, Body(openapi_examples=EXAMPLES)], state: State) -> FeedbackStored:
    """Store a thumb, a comment, or a report of a wrong citation; what was said of the same before is replaced.

    The question is stored with it only where the owner turned question logging on.
    """
    state.feedback.rate(given.request_id, given.rating, comment=given.comment or None, citation=given.citation)
    return FeedbackStored(request_id=given.request_id)
