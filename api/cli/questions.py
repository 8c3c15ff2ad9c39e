"""`turnwise search` and `ask`: questions to the collection."""

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

if TYPE_CHECKING:
    from rich.console import Console

    from rag.answering.types import Answer, Citation
    from rag.retrieval.types import Passage

MS_PER_SECOND = 1000
UNKNOWN = "Unknown speaker"
INDENT = 3
INDENT_OF_SOURCE = 4


def search(
    context: typer.Context,
    query: Annotated[str, typer.Argument(help="What to look for, in plain words.")],
    *,
    speaker: Speakers = None,
    transcript: TranscriptIds = None,
    collection: Collections = None,
    date_from: DateFrom = None,
    date_to: DateTo = None,
    top_k: Annotated[int, typer.Option(help="How many passages at most, 1 to 50.")] = 10,
    mode: Annotated[str, typer.Option(help="hybrid, dense (meaning) or lexical (words).")] = "hybrid",
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Find the passages that bear on a question, best first."""
    from api.cli.validation import validated  # noqa: PLC0415
    from api.schemas.requests import SearchRequest  # noqa: PLC0415

    filters = filters_from(
        speakers=speaker, transcript_ids=transcript, collections=collection, date_from=date_from, date_to=date_to
    )
    asked = validated(SearchRequest, {"query": query, "top_k": top_k, "mode": mode, "filters": filters})
    with opened(context, home, read_only=True) as turnwise:
        result = turnwise.retriever.search(
            asked.query, top_k=asked.top_k, filters=asked.filters.to_domain(), mode=asked.mode
        )
    if as_json:
        from api.request_context import new_request_id  # noqa: PLC0415
        from api.schemas.passages import SearchResponse  # noqa: PLC0415

        print_json(SearchResponse.of(result, request_id=new_request_id()))
        return
    console = prose_console()
    for passage in result.passages:
        _print_passage(console, passage)
    if not result.passages:
        console.print("Nothing was found.")


def ask(
    context: typer.Context,
    question: Annotated[str, typer.Argument(help="A question in plain words.")],
    *,
    speaker: Speakers = None,
    transcript: TranscriptIds = None,
    collection: Collections = None,
    date_from: DateFrom = None,
    date_to: DateTo = None,
    max_citations: Annotated[int, typer.Option(help="How many quotes at most, 1 to 12.")] = 6,
    generator: Annotated[str | None, typer.Option(help="extractive (quotes only) or llm.", show_default=False)] = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Answer a question in verbatim, attributed quotations, or say that the transcripts don't."""
    from api.cli.validation import validated  # noqa: PLC0415
    from api.schemas.requests import AskRequest  # noqa: PLC0415

    filters = filters_from(
        speakers=speaker, transcript_ids=transcript, collections=collection, date_from=date_from, date_to=date_to
    )
    given = {"question": question, "max_citations": max_citations, "generator": generator, "filters": filters}
    asked = validated(AskRequest, given)
    with opened(context, home, read_only=True) as turnwise:
        answer = turnwise.answerer.ask(
            asked.question,
            filters=asked.filters.to_domain(),
            max_citations=asked.max_citations,
            generator=asked.generator,
        )
    if as_json:
        from api.request_context import new_request_id  # noqa: PLC0415
        from api.schemas.answers import AskResponse  # noqa: PLC0415

        print_json(AskResponse.of(answer, request_id=new_request_id()))
    else:
        _print_answer(prose_console(), answer)


def _print_passage(console: "Console", passage: "Passage") -> None:
    date = f", {passage.date}" if passage.date else ""
    console.print(f"{passage.rank}. {printable(passage.title)}{date}  (score {passage.score:.3f})")
    console.print(f"{' ' * INDENT}{printable(passage.link)}", soft_wrap=True)
    for turn in passage.turns:
        said = f"{printable(turn.speaker or UNKNOWN)}: {printable(turn.text)}"
        console.print(Padding(said, (0, 0, 0, INDENT)))
    console.print()


def _print_answer(console: "Console", answer: "Answer") -> None:
    console.print(printable(answer.answer))
    if answer.notice:
        console.print(f"\nNote: {printable(answer.notice)}")
    if answer.citations:
        console.print("\nSources")
    for citation in answer.citations:
        console.print(f"[{citation.n}] {printable(source_of(citation))}")
        console.print(f"{' ' * INDENT_OF_SOURCE}{printable(citation.link)}", soft_wrap=True)
        if citation.attribution_reason:
            console.print(Padding(printable(citation.attribution_reason), (0, 0, 0, INDENT_OF_SOURCE)))
    if answer.status == "not_found" and answer.passages:
        console.print("\nNearest passages\n")
        for passage in answer.passages:
            _print_passage(console, passage)
    if answer.related_questions:
        console.print("\nRelated questions")
        for question in answer.related_questions:
            console.print(f"- {printable(question)}")


def source_of(citation: "Citation") -> str:
    """Return the line that says where a citation comes from."""
    name = citation.speaker or UNKNOWN
    who = ", ".join(part for part in (name, citation.role, citation.organisation) if part)
    sure = "" if citation.attribution == "labelled" else f" ({citation.attribution.value})"
    when = f", {citation.date}" if citation.date else ""
    at = "" if citation.start_ms is None else f", at {_clock(citation.start_ms)}"
    return (
        f"{who}{sure}: {citation.title}{when}, turn {citation.turn}{at}, characters {citation.start} to {citation.end}"
    )


def _clock(milliseconds: int) -> str:
    minutes, seconds = divmod(milliseconds // MS_PER_SECOND, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}"
