"""`turnwise quote`: was this said?"""

from typing import TYPE_CHECKING, Annotated

import typer
from rich.padding import Padding

from api.cli.options import (
    AsJson,
    Collections,
    DateFrom,
    DateTo,
    Home,
    Speakers,
    TranscriptIds,
    filters_from,
    opened,
)
from api.cli.output import print_json, printable, prose_console
from api.cli.questions import source_of

if TYPE_CHECKING:
    from rich.console import Console

    from rag.quoting.types import Difference, Match, QuoteCheck

INDENT = 4
ELISION = "…"


def quote(
    context: typer.Context,
    words: Annotated[str, typer.Argument(help="The words, in quotation marks for the shell.")],
    *,
    speaker: Speakers = None,
    transcript: TranscriptIds = None,
    collection: Collections = None,
    date_from: DateFrom = None,
    date_to: DateTo = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Say whether words were said, by whom and where; if not quite so, what differs."""
    from api.cli.validation import validated  # noqa: PLC0415
    from api.schemas.quotes import QuoteRequest, QuoteResponse  # noqa: PLC0415

    filters = filters_from(
        speakers=speaker, transcript_ids=transcript, collections=collection, date_from=date_from, date_to=date_to
    )
    asked = validated(QuoteRequest, {"quote": words, "filters": filters})
    with opened(context, home, read_only=True) as turnwise:
        check = turnwise.quotes.check(asked.quote, filters=asked.filters.to_domain())
    if as_json:
        print_json(QuoteResponse.of(check))
        return
    console = prose_console()
    console.print(_finding(check))
    for match in check.matches:
        # Of words that were not said, nearly everything differs.
        _print_match(console, match, compared=check.verdict != "not_found")


def _finding(check: "QuoteCheck") -> str:
    places = len({(m.citation.transcript_id, m.citation.turn, m.citation.start) for m in check.matches})
    several = f"{places} places" if places != 1 else "one place"
    if check.verdict == "verbatim":
        return (
            f"Verbatim, in more than {places} places; these are some of them:"
            if check.more
            else f"Verbatim, in {several}:"
        )
    if check.verdict == "near":
        return f"Not verbatim, but near, in {several}:"
    if check.matches:
        return "Not verbatim. The nearest is:" if places == 1 else "Not verbatim. The nearest are:"
    return "Not verbatim, and nothing in these transcripts is near it."


def _print_match(console: "Console", match: "Match", *, compared: bool) -> None:
    citation = match.citation
    console.print(f"\n[{citation.n}] {printable(source_of(citation))}")
    console.print(Padding(f"“{printable(citation.quote)}”", (0, 0, 0, INDENT)))
    for difference in match.differences if compared else ():
        console.print(Padding(_difference(difference), (0, 0, 0, INDENT)))
    console.print(f"{' ' * INDENT}{printable(citation.link)}", soft_wrap=True)


def _difference(difference: "Difference") -> str:
    said, asked = printable(difference.said), printable(difference.asked)
    if asked == ELISION:
        return f"- left out at “…”: “{said}”" if said else "- more is left out here, at “…”"
    if not said:
        return f"- not here: “{asked}”"
    if not asked:
        return f"- left out: “{said}”"
    return f"- said “{said}”, not “{asked}”"
