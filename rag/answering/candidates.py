"""The sentences that could answer a question, and what speaks for and against each."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from index.types import Vector
from rag.answering.features import Features, Place, features_of, last_sentences, term_weights
from rag.answering.questions import Kind, QuestionAnalysis
from rag.answering.quotable import is_quotable
from rag.chunking import Span
from rag.mishearing.finding import NOTHING_INSTEAD, Alternatives
from rag.retrieval.terms import term_set, with_right_names
from rag.retrieval.types import Passage
from rag.sentence_vectors import SentenceVectors
from rag.transcripts.interviewers import ASKING
from rag.transcripts.mentions import mentions
from rag.transcripts.names import fold, name_key
from rag.transcripts.sentences import Sentence, sentences
from rag.transcripts.types import Transcript, Turn

MOST_ASKED = 5
"""Questions at the end of a turn that the next turn may answer."""
SAID = term_set(
    "say says said saying think thinks thought tell told mention mentioned talk talked view opinion believe speaker "
    "guest people everyone everybody conversation transcript episode interview discussed learn learnt learned"
)
"""Terms of a question that only ask for somebody's words."""
EVERYWHERE = 0.4
"""Share of the passages from which a name tells nothing about any of them."""
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
    speaks_of: bool = False
    """Nothing is asked but what was said of somebody or something by name, and a sentence names it."""


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
        if _may_speak(place, analysis) and is_quotable(place.found, place.number, asked, asks=_asks(place))
    ]
    candidates = []
    kept, speaks_of = _of_what_is_named(question, analysis, places, passages, instead)
    for place in kept:
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
    candidates.sort(key=lambda c: (-c.score, c.passage.rank, c.turn, c.number))
    return Evidence(
        candidates=tuple(candidates),
        analysis=analysis,
        weights=_without_names(weights, analysis),
        instead=instead,
        speaks_of=speaks_of,
    )


def _of_what_is_named(
    question: str,
    analysis: QuestionAnalysis,
    places: Sequence[Place],
    passages: Sequence[Passage],
    instead: Alternatives,
) -> tuple[Sequence[Place], bool]:
    """Return the sentences that say, or follow in their turn, a name of which words are asked for; all if none does.

    A name that many of the passages hold tells them apart too little to ask for it; a speaker's, or an abbreviation,
    may well be left out when it is spoken of. The second value says whether one is said and nothing else is asked.
    """
    speakers = {word for key in analysis.named for word in key.split()}
    of_words = bool(analysis.named) or analysis.kind is Kind.BROAD
    names = [
        term_set(" ".join(mention.words))
        for mention in (mentions(question) if of_words and question != question.lower() else ())
        if speakers.isdisjoint(fold(word) for word in mention.words)
        and not all(word.isupper() for word in mention.words)
    ]
    if not names:
        return places, False
    held = [with_right_names(term_set(passage.text), instead) for passage in passages]
    rare = [name for name in names if name and 1 <= sum(name <= terms for terms in held) <= EVERYWHERE * len(passages)]
    if not rare:
        return places, False
    so_far = (
        (place, with_right_names(term_set(" ".join((*place.earlier, *place.said_up_to))), instead)) for place in places
    )
    kept = [place for place, terms in so_far if any(name <= terms for name in rare)]
    asked = term_set(question) - term_set(" ".join(sorted(speakers))) - SAID
    speaks_of = bool(kept) and (bool(analysis.voices) or analysis.kind is Kind.BROAD)
    return kept or places, speaks_of and asked <= frozenset[str]().union(*rare)


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
        spans = [Span(turn=stretch.turn, start=s.start, end=s.end) for s in found]
        places.extend(
            Place(
                passage=passage,
                transcript=transcript,
                turn=stretch.turn,
                number=number,
                found=found,
                earlier=earlier,
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


def _asks(place: Place) -> bool:
    """Say whether a sentence's speaker is there to ask."""
    return place.speaker in place.passage.interviewers


def _may_speak(place: Place, analysis: QuestionAnalysis) -> bool:
    """Say whether a sentence is by somebody whose words are asked for, or speaks of them where they don't speak."""
    turn = place.transcript.turns[place.turn]
    if analysis.strangers:
        return not analysis.strangers.isdisjoint(WORD.findall(fold(turn.text)))
    return not analysis.voices or name_key(turn.speaker or "") in analysis.voices
