"""The sentences that could answer a question, and what speaks for and against each."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import log

from index.types import Vector
from rag.answering.expectations import EXPECTED
from rag.answering.questions import Kind, QuestionAnalysis
from rag.chunking import Span
from rag.mishearing.finding import NOTHING_INSTEAD, Alternatives
from rag.retrieval.terms import ANALYZER, term_set, with_right_names
from rag.retrieval.types import Passage
from rag.sentence_vectors import SentenceVectors
from rag.transcripts.interviewers import ASKING
from rag.transcripts.names import fold, name_key
from rag.transcripts.sentences import Sentence, sentences
from rag.transcripts.types import Transcript, Turn

SHORTEST = 5
"""Words; shorter sentences ("Yes, exactly.") say nothing alone."""
NEWS = 2
"""Terms that an answer adds to those of the question; fewer, and it only repeats it."""
MOST_ASKED = 5
"""Questions at the end of a turn that the next turn may answer."""
EMPTY_SPEECH = re.compile(
    r"^(?:hello|hi|welcome|thank you|thanks|good (?:morning|afternoon|evening)|my pleasure|absolutely|exactly|great)\b"
    r".{0,60}$|\b(?:subscribe|join us next time|in this episode|on the show|this edition)\b",
    re.IGNORECASE,
)
BEST = 3
WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """What speaks for (and against) a sentence as an answer. Flags are 0 or 1."""

    cosine: float
    """Of the question and the sentence."""
    near: float
    """Share of the question's terms, weighted by rarity, in the sentence and those before and after it."""
    own: float
    """The same share in the sentence alone."""
    asked: float
    """Cosine of the question and the one that the sentence's turn answers; it fades from the turn's start on."""
    passage: float
    """A tenth of the passage's score as the reranker sees it."""
    expected: float
    """It holds what the question asks for: a number, a time, a name."""
    asker: float
    """Its speaker is the one who asks the questions in this conversation, and was not asked about."""
    named: float
    """Its speaker is named in the question."""


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

    @property
    def spoken(self) -> Turn:
        """Return its turn."""
        return self.transcript.turns[self.turn]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """How well the candidates as a whole bear on the question."""

    candidates: tuple[Candidate, ...]
    """Best first."""
    missing: float
    """Share of the question's terms that none of the first passages holds, nor its title or speakers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """A sentence that a passage holds, before it is scored."""

    passage: Passage
    transcript: Transcript
    turn: int
    number: int
    found: tuple[Sentence, ...]
    cosine: float
    asked: float


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
) -> Evidence:
    """Return the sentences of passages that could be quoted, scored for a question, best first.

    Args:
        question: What was searched for.
        vector: Its vector.
        analysis: What it asks for.
        passages: Where to look.
        transcript_of: Gives a transcript by id.
        known: The vectors of the passages' sentences, by chunk id.
        score: Adds features up.
        instead: What stands for terms of the question: names of it as they were misheard.
    """
    weights = term_weights(question, passages, instead)
    asked = frozenset[str]() if analysis.kind is Kind.WHO_SAID else term_set(question)
    places = [
        place
        for passage in passages
        if passage.chunk_id in known and (transcript := transcript_of(passage.transcript_id)) is not None
        for place in _places(passage, transcript, known[passage.chunk_id], vector)
        if is_quotable(place.found[place.number].text, asked) and _may_speak(place, analysis)
    ]
    candidates = []
    for place in places:
        features = _features(place, analysis, weights, instead)
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
    candidates.sort(key=lambda c: (-c.score, c.passage.rank, c.turn, c.number))
    said = [_terms_shown(passage, instead) for passage in passages[:BEST]]
    first = frozenset[str]().union(*said)
    return Evidence(
        candidates=tuple(candidates),
        missing=sum(term not in first for term in weights) / max(1, len(weights)),
    )


def _terms_shown(passage: Passage, instead: Alternatives) -> frozenset[str]:
    """Return the terms of a passage, its title and its speakers' names."""
    names = " ".join(turn.speaker or "" for turn in passage.turns)
    return with_right_names(term_set(f"{passage.title} {names} {passage.text}"), instead)


def _features(
    place: _Place, analysis: QuestionAnalysis, weights: Mapping[str, float], instead: Alternatives
) -> Features:
    text = place.found[place.number].text
    speaker = place.transcript.turns[place.turn].speaker
    named = speaker is not None and name_key(speaker) in analysis.named
    around = " ".join(s.text for s in place.found[max(0, place.number - 1) : place.number + 2])
    pattern = EXPECTED.get(analysis.expects)
    return Features(
        cosine=place.cosine,
        near=_coverage(around, weights, instead),
        own=_coverage(text, weights, instead),
        asked=max(0.0, place.asked) * FADING**place.number,
        passage=(place.passage.scores.rerank or 0.0) / 10,
        expected=float(bool(pattern and pattern.search(text))),
        asker=float(speaker in place.passage.interviewers and not named),
        named=float(named),
    )


FADING = 0.8
"""How much less each further sentence of a turn is the direct answer to the question before it."""


def term_weights(
    question: str, passages: Sequence[Passage], instead: Alternatives = NOTHING_INSTEAD
) -> dict[str, float]:
    """Return the question's terms with their rarity among the passages, summing to 1.

    Rarity is ln(1 + n / df): a term that no passage holds weighs most, and drags the coverage down.
    """
    terms = dict.fromkeys(ANALYZER.terms(question))
    held = [with_right_names(term_set(passage.text), instead) for passage in passages]
    raw = {term: log(1 + (len(held) + 1) / (0.5 + sum(term in terms_ for terms_ in held))) for term in terms}
    total = sum(raw.values()) or 1.0
    return {term: weight / total for term, weight in raw.items()}


def is_quotable(text: str, asked: frozenset[str]) -> bool:
    """Say whether a sentence says something: no question, greeting or filler, and more than what was asked."""
    return (
        len(text.split()) >= SHORTEST
        and not text.endswith(ASKING)
        and not EMPTY_SPEECH.search(text)
        and len(term_set(text) - asked) >= NEWS
    )


def _places(passage: Passage, transcript: Transcript, known: SentenceVectors, vector: Vector) -> list[_Place]:
    """Return the sentences that begin in a passage, with what their vectors say of the question's."""
    cosines = dict(zip(known.spans, (known.vectors @ vector).tolist() if known.spans else (), strict=True))
    asked = 0.0 if known.question is None else float(known.question @ vector)
    places: list[_Place] = []
    for order, stretch in enumerate(passage.turns):
        if stretch.turn >= len(transcript.turns):
            continue
        text = transcript.turns[stretch.turn].text
        found = tuple(sentences(text))
        spans = [Span(turn=stretch.turn, start=s.start, end=s.end) for s in found]
        places.extend(
            _Place(
                passage=passage,
                transcript=transcript,
                turn=stretch.turn,
                number=number,
                found=found,
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


def _may_speak(place: _Place, analysis: QuestionAnalysis) -> bool:
    """Say whether a sentence is by somebody whose words are asked for, or speaks of them where they don't speak."""
    turn = place.transcript.turns[place.turn]
    if analysis.strangers:
        return not analysis.strangers.isdisjoint(WORD.findall(fold(turn.text)))
    return not analysis.voices or name_key(turn.speaker or "") in analysis.voices


def _coverage(text: str, weights: Mapping[str, float], instead: Alternatives) -> float:
    terms = with_right_names(term_set(text), instead)
    return float(sum(weight for term, weight in weights.items() if term in terms))
