"""The sentences that could answer a question, and what speaks for and against each."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import compress

import numpy as np
import numpy.typing as npt

from index.types import Vector
from rag.answering.analysis.introductions import introducing
from rag.answering.analysis.questions import Kind, QuestionAnalysis
from rag.answering.cohesion import tells_words_of
from rag.answering.features import Features, Place, features_of, last_sentences, term_weights, told_with
from rag.answering.quotable import is_quotable
from rag.answering.things import PART, asks_only_for_words_of, names_in, never_meet, of_things, things_named, unheard_of
from rag.answering.unspoken import NOTHING_UNSPOKEN, Embed, Unspoken, hanging_on_unspoken
from rag.chunking import Span
from rag.mishearing.finding import NOTHING_INSTEAD, Alternatives
from rag.retrieval.terms import term_set, with_right_names
from rag.retrieval.types import Passage
from rag.sentence_vectors import SentenceVectors
from rag.transcripts.interviewers import ASKING
from rag.transcripts.names import fold, name_key
from rag.transcripts.sentences import Sentence, sentences
from rag.transcripts.types import Transcript, Turn

MOST_OF_IT = 0.7
"""Share of the most that any sentence holds of the terms, from which one tells who holds with something."""
MOST_ASKED = 5
"""Questions at the end of a turn that the next turn may answer."""
WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A sentence that a passage holds."""

    passage: Passage
    transcript: Transcript
    turn: int
    number: int
    """Its place among the sentences of its turn."""
    sentence: Sentence
    features: Features
    score: float
    of: frozenset[str] = frozenset()
    """The terms of the name that it is about, of those that a question compares; empty where of none, or of several."""

    @property
    def spoken(self) -> Turn:
        """Return its turn."""
        return self.transcript.turns[self.turn]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """How well the candidates as a whole bear on the question."""

    candidates: tuple[Candidate, ...]
    """Best first."""
    analysis: QuestionAnalysis
    """What the question asks for."""
    weights: Mapping[str, float]
    """The question's terms but for speakers' names, with their rarity among the passages, summing to 1."""
    instead: Alternatives
    """What stands for terms of the question: names of it as they were misheard."""
    things: tuple[frozenset[str], ...] = ()
    """The terms of what the question names, no speaker and no abbreviation, that few of the passages name."""
    speaks_of: bool = False
    """Nothing is asked but what was said of somebody or something by name, and a sentence names it."""
    unspoken: Unspoken = NOTHING_UNSPOKEN
    """What the question hangs on and nobody near says."""
    unheard_of: bool = False
    """The question names something that is spoken of nowhere near."""
    odds: float | None = None
    """Log-odds that one of the best sentences answers, as the reader has it; None where nothing was read."""

    @property
    def mentions(self) -> tuple[Candidate, ...]:
        """Return the candidates that mention all of which a mention is looked for, or introduce who is asked about."""
        asked, who = self.analysis.mentioned, self.analysis.introduced
        if who is not None:
            said = introducing([candidate.sentence.text for candidate in self.candidates], who)
            return tuple(compress(self.candidates, said))
        return tuple(
            candidate
            for candidate in self.candidates
            if asked and asked <= with_right_names(term_set(candidate.sentence.text), self.instead)
        )


def gather(
    question: str,
    vector: Vector,
    analysis: QuestionAnalysis,
    passages: Sequence[Passage],
    *,
    transcript_of: Callable[[str], Transcript | None],
    known: Mapping[str, SentenceVectors],
    score: Callable[[Features], float],
    instead: Alternatives = NOTHING_INSTEAD,
    embed_as_meant: Callable[[Sequence[str]], npt.NDArray[np.float32]] | None = None,
    embed_asked: Embed | None = None,
) -> Evidence:
    """Return the sentences of passages that could be quoted, scored for a question, best first.

    Args:
        question: What was searched for; where only somebody's words are asked for, what about.
        vector: Its vector.
        analysis: What the whole question asks for.
        passages: Where to look.
        transcript_of: Gives a transcript by id.
        known: The vectors of the passages' sentences, by chunk id.
        score: Adds features up.
        instead: What stands for terms of the question: names of it as they were misheard.
        embed_as_meant: Gives the vectors of sentences with such names put right, shape (n, dimension); None, and they
            are taken as they were heard.
        embed_asked: Embeds questions; None, and what hangs on words that nobody near says isn't looked at.
    """
    weights = term_weights(question, passages, instead)
    asked = frozenset[str]() if analysis.kind is Kind.WHO_SAID else term_set(question)
    heard = [
        place
        for passage in passages
        if passage.chunk_id in known and (transcript := transcript_of(passage.transcript_id)) is not None
        for place in _places(passage, transcript, known[passage.chunk_id], vector)
        if _may_speak(place, analysis) and is_quotable(place.found, place.number, asked, asks=_asks(place))
    ]
    places = _as_meant(heard, vector, instead, embed_as_meant)
    candidates = []
    held = [with_right_names(term_set(passage.text), instead) for passage in passages]
    things = things_named(question, analysis, held)
    of_words = bool(analysis.named) or analysis.kind is Kind.BROAD
    said = [thing for thing in things if of_words and any(thing <= terms for terms in held)]
    kept = of_things(places, said, instead)
    for place in kept or places:
        features = features_of(place, analysis, weights, instead)
        candidates.append(
            Candidate(
                passage=place.passage,
                transcript=place.transcript,
                turn=place.turn,
                number=place.number,
                sentence=place.found[place.number],
                features=features,
                score=score(features),
            )
        )
    if analysis.position:
        least = MOST_OF_IT * max((candidate.features.own for candidate in candidates), default=0.0)
        candidates = [candidate for candidate in candidates if candidate.features.own >= least]
    if analysis.strangers:
        candidates = [c for c in candidates if tells_words_of(sentences(c.spoken.text), c.number, analysis.strangers)]
    candidates.sort(key=lambda c: (-c.score, c.passage.rank, c.turn, c.number))
    spoken = term_set(" ".join({place.told for place in places} | analysis.named)).union(*held)
    return Evidence(
        candidates=tuple(candidates),
        analysis=analysis,
        weights=_without_names(weights, analysis),
        instead=instead,
        things=things,
        unheard_of=(analysis.office is not None and not any(c.features.expected for c in candidates))
        or _names_what_is_unheard_of(
            question,
            analysis,
            things=things,
            passages=passages,
            held=held,
            places=places,
            instead=instead,
            transcript_of=transcript_of,
        ),
        unspoken=hanging_on_unspoken(question, spoken, embed_asked) if embed_asked else NOTHING_UNSPOKEN,
        speaks_of=bool(kept) and asks_only_for_words_of(question, analysis, things),
    )


def _names_what_is_unheard_of(
    question: str,
    analysis: QuestionAnalysis,
    *,
    things: Sequence[frozenset[str]],
    passages: Sequence[Passage],
    held: Sequence[frozenset[str]],
    places: Sequence[Place],
    instead: Alternatives,
    transcript_of: Callable[[str], Transcript | None],
) -> bool:
    """Say whether a question names something of which nobody speaks, or not who is asked about it."""
    told = {place.told for place in places}
    texts = [*told, *(passage.text for passage in passages)]
    if analysis.kind is Kind.COMPARISON:
        # Of what is compared nothing may be missing.
        return any(unheard_of([thing], texts, instead, least=PART) for thing in things)
    if unheard_of(things, texts, instead):
        return True
    theirs = {text for place in places for text in (*place.earlier, place.transcript.turns[place.turn].text)} | told
    if analysis.voices and unheard_of(things, sorted(theirs), instead, least=PART):
        return True
    saying = [
        (" ".join((passage.text, *(told_with(transcript, turn.turn) for turn in passage.turns))), terms, transcript)
        for passage, terms in zip(passages, held, strict=True)
        if (transcript := transcript_of(passage.transcript_id)) is not None
    ]
    return never_meet(analysis.named, list(names_in(question, analysis).values()), saying, instead)


def _without_names(weights: Mapping[str, float], analysis: QuestionAnalysis) -> dict[str, float]:
    """Return the weights of terms that are no speaker's name."""
    names = term_set(" ".join(sorted(analysis.named)))
    kept = {term: weight for term, weight in weights.items() if term not in names}
    total = sum(kept.values()) or 1.0
    return {term: weight / total for term, weight in kept.items()}


def _places(passage: Passage, transcript: Transcript, known: SentenceVectors, vector: Vector) -> list[Place]:
    """Return the sentences that begin in a passage, with what their vectors say of the question's."""
    cosines = dict(zip(known.spans, (known.vectors @ vector).tolist() if known.spans else (), strict=True))
    asked = 0.0 if known.question is None else float(known.question @ vector)
    places: list[Place] = []
    for order, stretch in enumerate(passage.turns):
        if stretch.turn >= len(transcript.turns):
            continue
        text = transcript.turns[stretch.turn].text
        found = tuple(sentences(text))
        earlier = last_sentences(transcript, stretch.turn)
        told = told_with(transcript, stretch.turn)
        spans = [Span(turn=stretch.turn, start=s.start, end=s.end) for s in found]
        places.extend(
            Place(
                passage=passage,
                transcript=transcript,
                turn=stretch.turn,
                number=number,
                found=found,
                earlier=earlier,
                told=told,
                cosine=cosines[span],
                asked=asked,
            )
            for number, span in enumerate(spans)
            if span in cosines
        )
        if order + 1 < len(passage.turns):
            asks = [span for span in spans if span in cosines and text[span.start : span.end].endswith(ASKING)]
            asked = max((cosines[span] for span in asks[-MOST_ASKED:]), default=0.0)
    return places


def _as_meant(
    places: Sequence[Place],
    vector: Vector,
    instead: Alternatives,
    embed: Callable[[Sequence[str]], npt.NDArray[np.float32]] | None,
) -> list[Place]:
    """Return sentences, those that hold a misheard name of the question as near to it as with the name put right."""
    if embed is None or not instead:
        return list(places)
    terms = [term_set(place.text) for place in places]
    heard = [n for n, said in enumerate(terms) if with_right_names(said, instead) != said]
    nearer = dict(zip(heard, (embed([places[n].text for n in heard]) @ vector).tolist(), strict=True)) if heard else {}
    return [replace(place, cosine=max(place.cosine, nearer.get(n, -1.0))) for n, place in enumerate(places)]


def _asks(place: Place) -> bool:
    """Say whether a sentence's speaker is there to ask."""
    return place.speaker in place.passage.interviewers


def _may_speak(place: Place, analysis: QuestionAnalysis) -> bool:
    """Say whether a sentence is by somebody whose words are asked for, or speaks of them where they don't speak."""
    turn = place.transcript.turns[place.turn]
    if analysis.strangers:
        return not analysis.strangers.isdisjoint(WORD.findall(fold(turn.text)))
    return not analysis.voices or name_key(turn.speaker or "") in analysis.voices
