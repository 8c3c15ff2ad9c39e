"""`turnwise insights` and `turnwise feedback`: what is asked, lacking, and thought of answers."""

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.options import AsJson, Home, require_index, settings_of
from api.cli.output import print_bytes, print_json, printable, prose_console, say

if TYPE_CHECKING:
    from api.feedback.store import FeedbackStore
    from api.schemas.feedback import InsightsOut, QuestionCountOut

app = typer.Typer(help="What people think of answers: export it, erase it.", no_args_is_help=True)
DEFAULT_DAYS = 30
DEFAULT_LIMIT = 10
TURN_ON = "TURNWISE_LOG_QUESTIONS=true"


@contextmanager
def _store(context: typer.Context, home: "Home") -> "Iterator[FeedbackStore]":
    settings = settings_of(context, home)
    require_index(settings)
    from api.feedback.store import FeedbackStore  # noqa: PLC0415 - brings SQLAlchemy

    store = FeedbackStore(settings.home, log_questions=settings.log_questions, days=settings.log_questions_days)
    try:
        yield store
    finally:
        store.close()


def insights(
    context: typer.Context,
    days: Annotated[int, typer.Option(help="Look back so many days.", min=1)] = DEFAULT_DAYS,
    limit: Annotated[int, typer.Option(help="Entries of each list.", min=1)] = DEFAULT_LIMIT,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Show what is asked most, what the transcripts lack, and which answers are rated worst.

    The lists need the words of questions: the server keeps them only with TURNWISE_LOG_QUESTIONS=true.
    """
    from api.feedback.insights import insights_of  # noqa: PLC0415
    from api.schemas.feedback import InsightsOut  # noqa: PLC0415

    since = dt.datetime.now(dt.UTC) - dt.timedelta(days=days)
    with _store(context, home) as store:
        found = InsightsOut.of(insights_of(store, since=since, limit=limit), question_logging=store.log_questions)
    if as_json:
        print_json(found)
    else:
        _print(found, days)


def _print(found: "InsightsOut", days: int) -> None:
    console = prose_console()
    share = f", {found.refused / found.questions:.0%} of them refused" if found.questions else ""
    console.print(f"Last {days} days: {found.questions} questions{share}; {found.up} thumbs up, {found.down} down.")
    if not found.question_logging:
        say(f"The words of questions are not stored. Start the server with {TURN_ON} to see which they are.")
    _list("Most asked", found.most_asked)
    _list("Most often not in these transcripts", found.most_refused)
    if found.worst_rated:
        console.print("\nWorst rated")
        for rated in found.worst_rated:
            console.print(f"  {rated.down} down, {rated.up} up  {printable(rated.question)}")
            for comment in rated.comments:
                console.print(f"      “{printable(comment)}”")


def _list(heading: str, counted: "Sequence[QuestionCountOut]") -> None:
    if counted:
        console = prose_console()
        console.print(f"\n{heading}")
        for each in counted:
            console.print(f"  {each.times:>4}  {printable(each.question)}")


@app.command("export")
def export(context: typer.Context, home: Home = None, as_json: AsJson = False) -> None:
    """Write everything that is stored to standard output: a JSON object a line, or one document with --json."""
    from api.schemas.feedback import AskedOut, FeedbackExport, FeedbackOut  # noqa: PLC0415

    with _store(context, home) as store:
        everything = FeedbackExport(
            questions=tuple(AskedOut.of(asked) for asked in store.asked()),
            feedback=tuple(FeedbackOut.of(given) for given in store.feedback()),
        )
    if as_json:
        print_json(everything)
        return
    for entry in (*everything.questions, *everything.feedback):
        print_bytes(entry.model_dump_json().encode() + b"\n")


@app.command("erase")
def erase(
    context: typer.Context,
    request_id: Annotated[str | None, typer.Option(help="Only of this request.", show_default=False)] = None,
    before: Annotated[
        dt.datetime | None, typer.Option(help="Only before this day.", formats=["%Y-%m-%d"], show_default=False)
    ] = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="All questions and feedback.")] = False,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Erase questions and feedback beyond recovery: of one request, before a day, or all."""
    from api.schemas.feedback import FeedbackErased  # noqa: PLC0415
    from rag.errors import InputError  # noqa: PLC0415

    if sum((request_id is not None, before is not None, everything)) != 1:
        raise InputError("Say what to erase: one of --request-id ID, --before DATE or --all.")
    with _store(context, home) as store:
        moment = before.replace(tzinfo=dt.UTC) if before else None
        erased = store.erase(request_id=request_id, before=moment)
    if as_json:
        print_json(FeedbackErased(erased=erased))
    else:
        say(f"erased {erased} questions and pieces of feedback")
