"""GET /insights and GET /v1/insights: what is asked, what the transcripts lack and what is rated worst, for admins."""

import datetime as dt
from functools import cache
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from api.feedback.insights import insights_of
from api.routes.parameters import only
from api.routes.responses import problems
from api.schemas.feedback import InsightsOut
from api.state import AppState, WholeState

page = APIRouter(include_in_schema=False)
router = APIRouter(tags=["questions"])
TEMPLATES = Path(__file__).resolve().parents[1] / "static"
CHOICES = (1, 7, 30, 90, 365)
"""Days to look back, on the page."""
DEFAULT_DAYS = 30
LONGEST_DAYS = 3650
DEFAULT_LIMIT = 10
MOST_ENTRIES = 100

Days = Annotated[int, Query(ge=1, le=LONGEST_DAYS, description="Look back so many days.")]
Limit = Annotated[int, Query(ge=1, le=MOST_ENTRIES, description="Entries of each list.")]


@page.get("/insights")
def insights_page(state: WholeState, days: Days = DEFAULT_DAYS) -> HTMLResponse:
    """Serve the page; it says plainly when the words of questions are not stored."""
    choices = sorted({*CHOICES, days})
    found = _insights(state, days, DEFAULT_LIMIT)
    return HTMLResponse(
        _templates().get_template("insights.html").render(found=found, days=days, choices=choices),
        headers={"Cache-Control": "no-store"},
    )


@router.get(
    "/v1/insights",
    summary="What people ask",
    responses=problems(422, 503),
    dependencies=[Depends(only("days", "limit"))],
)
def insights(state: WholeState, days: Days = DEFAULT_DAYS, limit: Limit = DEFAULT_LIMIT) -> InsightsOut:
    """Return what `turnwise insights` prints. Without question logging there are counts, and the lists are empty."""
    return _insights(state, days, limit)


def _insights(state: AppState, days: int, limit: int) -> InsightsOut:
    since = dt.datetime.now(dt.UTC) - dt.timedelta(days=days)
    found = insights_of(state.feedback, since=since, limit=limit)
    return InsightsOut.of(found, question_logging=state.feedback.log_questions)


@cache
def _templates() -> Environment:
    return Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
