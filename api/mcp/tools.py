"""The four tools. Each reads; none changes anything."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from api.mcp.documents import Absolute, fetched, hit_of, place_id
from api.mcp.schemas import (
    AskIn,
    AskOut,
    CitedOut,
    FetchIn,
    FetchOut,
    SearchIn,
    SearchOut,
    VerifiedOut,
    VerifyIn,
    VerifyOut,
    quoted_fields,
)
from api.observation import note_answer, note_search
from api.schemas.answers import CitationOut
from api.schemas.quotes import MatchOut
from api.schemas.wire import Incoming, Outgoing
from api.state import AppState
from rag.answering.generation.types import Audience
from rag.answering.types import Status

HITS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """For whom a tool works."""

    state: AppState
    request_id: str
    absolute: Absolute
    audience: Audience


def search(asked: SearchIn, call: Call) -> SearchOut:
    """Find passages of the recorded conversations, best first. Then `fetch` those that matter."""
    found = call.state.turnwise.retriever.search(asked.query, top_k=HITS)
    note_search(call.state, found, request_id=call.request_id)
    hits = (hit_of(passage, call.absolute) for passage in found.passages)
    # A long turn may have been found by several of its parts.
    return SearchOut(results=tuple({hit.id: hit for hit in reversed(list(hits))}.values())[::-1])


def fetch(asked: FetchIn, call: Call) -> FetchOut:
    """Read what was said, verbatim: the turns of a search result, or a whole conversation by its transcript's id."""
    return fetched(call.state.turnwise.library, asked.id, call.absolute)


def ask(asked: AskIn, call: Call) -> AskOut:
    """Answer a question from the recorded conversations, in sentences that each cite a verbatim quote.

    Says so if they don't answer it.
    """
    answer = call.state.turnwise.answerer.ask(
        asked.question,
        filters=asked.filters.to_domain(),
        max_citations=asked.max_citations,
        generator=asked.generator,
        audience=call.audience,
    )
    note_answer(call.state, answer, request_id=call.request_id)
    nearest = answer.passages if answer.status is Status.NOT_FOUND else ()
    return AskOut(
        status=answer.status,
        answer=answer.answer,
        confidence=answer.confidence,
        notice=answer.notice,
        citations=tuple(
            CitedOut(n=citation.n, **_quoted(CitationOut.of(citation), call)) for citation in answer.citations
        ),
        nearest=tuple(hit_of(passage, call.absolute) for passage in nearest),
        related_questions=answer.related_questions,
    )


def verify_quote(asked: VerifyIn, call: Call) -> VerifyOut:
    """Say whether words were said in the recorded conversations, by whom and where; if not quite, what differs."""
    check = call.state.turnwise.quotes.check(asked.quote, filters=asked.filters.to_domain())
    matches = (MatchOut.of_match(match) for match in check.matches)
    return VerifyOut(
        verdict=check.verdict,
        matches=tuple(
            VerifiedOut(similarity=match.similarity, differences=match.differences, **_quoted(match, call))
            for match in matches
        ),
    )


def _quoted(citation: CitationOut, call: Call) -> dict[str, Any]:
    place = place_id(citation.transcript_id, citation.turn, citation.turn)
    return quoted_fields(citation, url=call.absolute(citation.link), id=place)


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolSpec:
    """A tool as it is announced and run."""

    title: str
    takes: type[Incoming]
    gives: type[Outgoing]
    work: Callable[[Any, Call], Outgoing]

    @property
    def name(self) -> str:
        """Return its name."""
        return self.work.__name__

    @property
    def description(self) -> str:
        """Return what it does, in one paragraph."""
        return " ".join((self.work.__doc__ or "").split())


TOOLS = {
    tool.name: tool
    for tool in (
        ToolSpec(title="Search the conversations", takes=SearchIn, gives=SearchOut, work=search),
        ToolSpec(title="Read what was said", takes=FetchIn, gives=FetchOut, work=fetch),
        ToolSpec(title="Ask the conversations", takes=AskIn, gives=AskOut, work=ask),
        ToolSpec(title="Check a quote", takes=VerifyIn, gives=VerifyOut, work=verify_quote),
    )
}
