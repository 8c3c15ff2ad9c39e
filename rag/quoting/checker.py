"""Was this said? By whom, where; and if not quite so, what differs."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from index.protocols import SearchEngine
from rag.answering.types import Citation
from rag.answering.verification import holds
from rag.errors import NotFoundError
from rag.library import Library
from rag.quoting.alignment import Alignment, Step
from rag.quoting.asked import Asked, read_quote
from rag.quoting.differences import Part, parts_of
from rag.quoting.nearest import NEAR, Near, NearestSearch
from rag.quoting.scope import scope_of
from rag.quoting.types import Match, QuoteCheck, Verdict
from rag.quoting.verbatim import Place, VerbatimSearch
from rag.quoting.widening import widened
from rag.quoting.words import words_of
from rag.retrieval.types import Filters
from rag.transcripts.types import Transcript

MOST_PLACES = 20
"""Places listed of a quote that was said more often."""
MOST_NEAR = 5
NEAREST = 3
"""Places listed of a quote that was not said."""
MARGIN = 0.15
"""How much less similar than the nearest a place may be to be listed beside it."""
LEAST_SHARE = 0.2
"""Of a quote's words, rare ones weighing more, that the nearest place must hold to be worth showing."""


class QuoteChecker:
    """Checks quotes against the transcripts."""

    def __init__(self, *, engine: SearchEngine, library: Library) -> None:
        self._library = library
        self._verbatim = VerbatimSearch(engine=engine, library=library)
        self._nearest = NearestSearch(engine=engine, library=library)

    def check(self, quote: str, *, filters: Filters = Filters()) -> QuoteCheck:  # noqa: B008 - immutable
        """Say whether words were said.

        Raises:
            InputError: The quote is too long or holds no word.
            UnknownSpeakerError: A filter names a speaker who isn't there.
            IndexUnavailableError: The index is missing or damaged.
        """
        asked = read_quote(quote)
        scope = scope_of(filters, self._library)
        places = self._verbatim.find(asked, scope, enough=MOST_PLACES + 1)
        said = [found for place in places if (found := self._whole(asked, place)) is not None]
        if said:
            said.sort(key=_in_order_of_time)
            return self._result(asked, Verdict.VERBATIM, said[:MOST_PLACES], more=len(said) > MOST_PLACES)
        nearest = self._nearest.find(asked, scope)
        # Verbatim search passes over a quote that chunks cut twice; comparing whole turns doesn't.
        exact = [near for near in nearest if near.alignment.cost == 0 and len(near.turns) == 1]
        if exact:
            return self._result(asked, Verdict.VERBATIM, sorted(exact, key=_in_order_of_time))
        best = nearest[0].alignment.similarity if nearest else 0.0
        if best >= NEAR:
            least = max(NEAR, best - MARGIN)
            return self._result(
                asked, Verdict.NEAR, [n for n in nearest if n.alignment.similarity >= least][:MOST_NEAR]
            )
        nearest.sort(key=lambda near: -near.share)
        shown = [widened(near) for near in nearest if near.share >= LEAST_SHARE]
        return self._result(asked, Verdict.NOT_FOUND, shown[:NEAREST])

    def _whole(self, asked: Asked, place: Place) -> Near | None:
        """Return a place where every word is the same."""
        transcript = self._library.find(place.transcript_id)
        if transcript is None:
            return None
        steps = tuple(Step(asked=n, said=place.first + n, same=True) for n in range(len(asked)))
        return Near(
            transcript=transcript,
            turns=(place.turn,),
            words=(words_of(transcript.turns[place.turn].text),),
            alignment=Alignment(cost=0, steps=steps),
            share=1.0,
        )

    def _result(self, asked: Asked, verdict: Verdict, places: Sequence[Near], *, more: bool = False) -> QuoteCheck:
        """Return the result with every citation proved against the stored transcripts."""
        matches = self._proved(match for place in places for match in _matches(asked, place))
        numbered = (
            replace(match, citation=replace(match.citation, n=number)) for number, match in enumerate(matches, start=1)
        )
        return QuoteCheck(quote=asked.text, verdict=verdict, matches=tuple(numbered), more=more)

    def _proved(self, matches: Iterable[Match]) -> Iterator[Match]:
        stored: dict[str, Transcript | None] = {}
        for match in matches:
            transcript_id = match.citation.transcript_id
            if transcript_id not in stored:
                stored[transcript_id] = self._stored(transcript_id)
            transcript = stored[transcript_id]
            if transcript is not None and holds(match.citation, transcript):
                yield match

    def _stored(self, transcript_id: str) -> Transcript | None:
        try:
            return self._library.transcript(transcript_id)
        except NotFoundError:
            return None


def _matches(asked: Asked, near: Near) -> Iterator[Match]:
    for part in parts_of(asked, near.words, near.alignment):
        yield Match(
            citation=_cite(near.transcript, near.turns[part.turn], part),
            similarity=part.similarity,
            differences=part.differences,
        )


def _cite(transcript: Transcript, number: int, part: Part) -> Citation:
    turn = transcript.turns[number]
    speaker = transcript.speaker(turn.speaker)
    return Citation(
        n=1,
        quote=turn.text[part.start : part.end],
        transcript_id=transcript.id,
        turn=number,
        start=part.start,
        end=part.end,
        speaker=turn.speaker,
        role=speaker.role if speaker else None,
        organisation=speaker.organisation if speaker else None,
        attribution=turn.attribution,
        attribution_reason=turn.attribution_reason,
        title=transcript.title,
        date=transcript.date,
        url=transcript.url,
        start_ms=turn.start_ms,
        end_ms=turn.end_ms,
    )


def _in_order_of_time(near: Near) -> tuple[bool, str, str, int, int]:
    """Return what puts the oldest conversation first, those without a date last."""
    date = near.transcript.date
    return date is None, date.isoformat() if date else "", near.transcript.id, near.turns[0], near.alignment.first
