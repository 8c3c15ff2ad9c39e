"""Was it said? Where a question asks that of words in quotation marks, a check of the quote answers it.

Where it asks that without marks ("Did she say that the app should go?"), what was said nearly so answers it, or
whatever bears on it; and where nothing does, it wasn't said.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from rag.answering.abstention import THRESHOLD
from rag.answering.checking.bearing import ENOUGH, WORTH_SHOWING, Said, nearest_to
from rag.answering.checking.claims import Claim, claim_of
from rag.answering.checking.reported import reported
from rag.answering.checking.wording import (
    Difference,
    differing,
    in_other_words,
    is_of,
    names_another,
    nothing_near,
    nothing_so_plain,
    unsaid,
    whose,
)
from rag.answering.citing import cite
from rag.answering.cohesion import POINTS_BACK, joined, voiced_from
from rag.answering.composition import listed
from rag.answering.generation.evidence import Window
from rag.answering.hearing import united
from rag.answering.related import related_questions
from rag.answering.types import Citation
from rag.answering.verification import verified
from rag.library import Library
from rag.retrieval.query import let_through
from rag.retrieval.retriever import Retriever
from rag.retrieval.types import Filters, Passage, SearchResult
from rag.transcripts.sentences import sentences

SURE = 0.99
"""Probability that what was found word for word is what was asked for."""
UNSAID = 0.05
"""The same where nothing near was said: it may have been said in other words."""
NOT_FOUND = "not_found"
VERBATIM = "verbatim"
PASSAGES = 5
"""Passages among which each sentence is looked for that the question's own passages don't hold."""
LONGEST_SENTENCE = 120
"""Words; of a longer "sentence", as of captions without full stops, only the words themselves are quoted."""
LONGEST_QUERY = 2000
"""Characters that are searched for; as for a question."""
ONE_VOICE = 0.7
"""Similarity below which a place is only a part of one that is near: a quote that runs two turns together."""
ALL_OF_IT = 4
"""Words that a sentence may have beyond a claim that it holds word for word, and still say just that."""
WITHOUT_A_MODEL = "Whether something was said is checked without the language model."


class _Match(Protocol):
    @property
    def citation(self) -> Citation: ...
    @property
    def similarity(self) -> float: ...
    @property
    def differences(self) -> Sequence[Difference]: ...


class _Check(Protocol):
    @property
    def verdict(self) -> str: ...
    @property
    def matches(self) -> Sequence[_Match]: ...
    @property
    def more(self) -> bool: ...


class Quotes(Protocol):
    """What checks quotes: `rag.quoting.checker.QuoteChecker`."""

    def check(self, quote: str, *, filters: Filters = ...) -> _Check:
        """Say whether words were said."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class WasSaid:
    """What a check of a claim found."""

    sure: float
    """Probability that the transcripts answer."""
    citations: tuple[Citation, ...] = ()
    """The sentences that hold the words; none where nothing near was said."""
    passages: tuple[Passage, ...]
    """Those that hold the sentences; the nearest, where there are none."""
    notice: str = ""
    """Whose words they are, and how they differ from the quote."""
    unsaid: str = ""
    """The reply where nothing near was said."""
    may_be_wider: bool = False
    """Whether any quote that holds the first citation will do: it is asked who said it, not how."""


class WasItSaid:
    """Answers questions whether, by whom or where something was said."""

    def __init__(self, *, quotes: Quotes, retriever: Retriever, library: Library) -> None:
        self._quotes = quotes
        self._retriever = retriever
        self._library = library

    def look(self, question: str, found: SearchResult, filters: Filters, *, most: int) -> WasSaid | None:
        """Return what the transcripts say to a question that holds a quote; None where it doesn't ask who said it.

        Args:
            question: As it was put: the words of the quote count as they are written.
            found: The search for it, with the question as it is understood.
            filters: What may be looked at.
            most: Citations.
        """
        speakers = self._library.speakers()
        claim, put = claim_of(found.standalone_query, speakers), claim_of(question, speakers)
        claim = replace(claim, words=put.words) if claim and put else claim or put
        if claim is None:
            told = reported(found.standalone_query, speakers)
            return None if told is None else self._look_for(told, found, filters, most=most)
        check = self._quotes.check(claim.words, filters=filters)
        best = [] if check.verdict == NOT_FOUND else _best(check)
        own = self._own(claim, check, filters) if best else []
        places = sorted([*own, *best], key=lambda match: not is_of(match.citation, claim))
        whole = dict.fromkeys(self._sentence(match.citation) for match in places)
        citations = verified(list(whole)[:most], self._library)
        if not citations:
            nearest = verified([self._sentence(match.citation) for match in check.matches[:1]], self._library)
            passages = united(self._holding(nearest, found, filters), found.passages)[:PASSAGES]
            reply = unsaid(claim.words, nearest) + _advice(question, passages)
            return WasSaid(sure=UNSAID, passages=passages, unsaid=reply)
        is_exact = check.verdict == VERBATIM
        notes = [whose(claim, citations, near=not is_exact)]
        if _is_of_two(best):
            notes = ["Not one person's words: two spoke in turn."]
        elif own:
            others = listed(list(dict.fromkeys(m.citation.speaker for m in best if m.citation.speaker)))
            how = "word for word" if is_exact else "more nearly"
            notes = [f"{others or 'Somebody'} said it {how}; {listed(claim.speakers)} did not."]
            notes += [self._differing(claim, own)]
        elif not is_exact:
            notes.append(self._differing(claim, best))
        elif not notes[0] or notes[0].startswith("Also"):
            notes.insert(0, "Said word for word.")
        if check.more or len(whole) > len(citations):
            notes.append(
                f"Said in {'more than ' if check.more else ''}{len(whole)} places; {len(citations)} are shown."
            )
        return WasSaid(
            sure=SURE if is_exact else min(SURE, max(ONE_VOICE, *(match.similarity for match in best))),
            citations=citations,
            passages=self._holding(citations, found, filters),
            notice=" ".join(filter(None, notes)),
        )

    def _look_for(self, claim: Claim, found: SearchResult, filters: Filters, *, most: int) -> WasSaid | None:
        """Return what those of whom a claim without marks is made say nearly so, or what of theirs bears on it.

        Nothing but a notice where it is asked what they think, and nothing bears on it: they may think so in quite
        other words.
        """
        theirs = filters if filters.speakers or not claim.speakers else replace(filters, speakers=claim.speakers)
        check = self._quotes.check(claim.words, filters=theirs)
        near = [m for m in check.matches if m.similarity >= ONE_VOICE and (not claim.keys or is_of(m.citation, claim))]
        citations: tuple[Citation, ...] = ()
        if near:
            sure = max(match.similarity for match in near)
            best = [match for match in near if match.similarity == sure]
            whole = dict.fromkeys(self._sentence(match.citation) for match in best)
            citations = verified(list(whole)[:most], self._library)
            notice = _within(claim, citations) if check.verdict == VERBATIM else self._differing(claim, best)
            sure = min(SURE, sure)
        said = Said(places=(), refusal=None) if citations else self._nearest(claim, theirs)
        if not citations:
            places = [place.window for place in said.places if place.score >= ENOUGH][:most]
            citations = verified([_standing_alone(n, each) for n, each in enumerate(places, start=1)], self._library)
            names = names_another(claim, citations[0]) if citations else None
            notice = in_other_words(claim, citations, said.refusal, names)
            sure = said.places[0].sure if said.places else 0.0
            sure = min(sure, THRESHOLD) if names else sure
        if citations:
            passages = self._holding(citations, found, filters)
            return WasSaid(
                sure=sure, citations=citations, passages=passages, notice=notice, may_be_wider=claim.asks_who
            )
        if claim.opinion:
            return WasSaid(sure=0.0, passages=(), notice=nothing_so_plain(claim), may_be_wider=True)
        others = self._nearest(replace(claim, speakers=(), keys=frozenset()), filters) if claim.keys else said
        own = [_standing_alone(1, place.window) for place in said.places[:1] if place.score >= WORTH_SHOWING]
        theirs_too = [_standing_alone(1, place.window) for place in others.places if place.score >= ENOUGH]
        reply = nothing_near(claim, verified(own, self._library), verified(theirs_too[:1], self._library))
        reply += _advice(found.standalone_query, found.passages)
        return WasSaid(sure=sure, passages=found.passages[:PASSAGES], unsaid=reply)

    def _nearest(self, claim: Claim, filters: Filters) -> Said:
        """Return the sentences that bear on a claim."""
        found = self._retriever.search(claim.words, top_k=PASSAGES, filters=filters)
        voices = claim.keys
        if filters.speakers:
            let = let_through(filters, self._library)
            voices = let & claim.keys if claim.keys else let
            if not voices:
                return Said(places=(), refusal=None)
        return nearest_to(
            replace(claim, keys=voices),
            found,
            self._library.speakers(),
            transcript_of=self._library.find,
            known=self._retriever.sentence_vectors(found.passages),
            embed=self._retriever.embed_speech,
        )

    def _own(self, claim: Claim, check: _Check, filters: Filters) -> list[_Match]:
        """Return where the one who is named said nearly so, while somebody else came nearer."""
        if not claim.speakers or filters.speakers or any(is_of(match.citation, claim) for match in check.matches):
            return []
        own = self._quotes.check(claim.words, filters=replace(filters, speakers=claim.speakers))
        return [] if own.verdict == NOT_FOUND else _best(own)

    def _differing(self, claim: Claim, matches: Sequence[_Match]) -> str:
        """Return how what was said differs from the quote, at the place that comes nearest."""
        first = matches[0]
        where = (first.citation.transcript_id, first.citation.turn)
        there = [m for m in matches if (m.citation.transcript_id, m.citation.turn) == where]
        sentence = " ".join(dict.fromkeys(self._sentence(match.citation).quote for match in there))
        return differing(claim.words, sentence, [each for match in there for each in match.differences])

    def _sentence(self, citation: Citation) -> Citation:
        """Return the whole sentences that hold the words, from where they show whose words are told."""
        transcript = self._library.find(citation.transcript_id)
        if transcript is None:
            return citation
        found = sentences(transcript.turns[citation.turn].text)
        touched = [n for n, each in enumerate(found) if each.start < citation.end and each.end > citation.start]
        if not touched:
            return citation
        voice = voiced_from(found, touched[0])
        first, last = touched[0] if voice is None else voice, touched[-1]
        for start in (first, touched[0]):
            whole = cite(transcript, citation.turn, found[start].start, found[last].end, n=citation.n)
            if "\n\n" not in whole.quote and len(whole.quote.split()) <= LONGEST_SENTENCE:
                return whole
        return citation

    def _holding(self, citations: Sequence[Citation], found: SearchResult, filters: Filters) -> tuple[Passage, ...]:
        """Return the passages that hold the citations, those that were found for the question first."""
        passages = found.passages
        for citation in citations:
            if not any(_holds(passage, citation) for passage in passages):
                there = replace(filters, transcript_ids=(citation.transcript_id,))
                query = citation.quote[:LONGEST_QUERY]
                passages = united(passages, self._retriever.search(query, top_k=PASSAGES, filters=there).passages)
        return tuple(p for p in passages if any(_holds(p, citation) for citation in citations))


def _advice(question: str, passages: Sequence[Passage]) -> str:
    """Return what else could be asked, as an end of a reply; empty where nothing could."""
    other = next(iter(related_questions(question, passages, ())), None)
    return f" You could ask something that these transcripts answer, such as “{other}”" if other else ""


def _within(claim: Claim, citations: Sequence[Citation]) -> str:
    """Return what to say of words that were said, with or without more around them; nothing to who asks who said it."""
    if claim.asks_who:
        return ""
    alone = any(len(c.quote.split()) <= len(claim.words.split()) + ALL_OF_IT for c in citations)
    return "Said word for word." if alone else "Said in these words, within what is quoted: read them with the rest."


def _standing_alone(n: int, window: Window) -> Citation:
    """Return a citation of sentences with the one before, where they point back to it."""
    found = sentences(window.transcript.turns[window.turn].text)
    first = next(number for number, each in enumerate(found) if each.start == window.told_from)
    start = window.told_from
    if POINTS_BACK.match(found[first].text) and joined(found, first - 1):
        before = voiced_from(found, first - 1)
        start = start if before is None else found[before].start
    return cite(window.transcript, window.turn, start, window.end, n=n)


def _holds(passage: Passage, citation: Citation) -> bool:
    return passage.transcript_id == citation.transcript_id and any(
        turn.turn == citation.turn and turn.start < citation.end and turn.end > citation.start for turn in passage.turns
    )


def _is_of_two(matches: Sequence[_Match]) -> bool:
    """Say whether a quote runs together what two said."""
    return matches[0].similarity < ONE_VOICE and len({match.citation.speaker for match in matches}) > 1


def _best(check: _Check) -> list[_Match]:
    """Return all places where it was said; of near ones, the nearest."""
    if check.verdict == VERBATIM or not check.matches:
        return list(check.matches)
    top = max(match.similarity for match in check.matches)
    if top >= ONE_VOICE:
        return [match for match in check.matches if match.similarity == top]
    first = check.matches[0].citation
    return [
        match
        for match in check.matches
        if match.citation.transcript_id == first.transcript_id and match.citation.turn in (first.turn, first.turn + 1)
    ]
