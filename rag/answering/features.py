"""What speaks for (and against) a sentence as an answer."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from math import log

from rag.answering.analysis.definitions import defines, told_what
from rag.answering.analysis.expectations import held
from rag.answering.analysis.office_holders import may_tell
from rag.answering.analysis.questions import Kind, QuestionAnalysis
from rag.mishearing.finding import NOTHING_INSTEAD, Alternatives
from rag.retrieval.core import core
from rag.retrieval.terms import ANALYZER, term_set, with_right_names
from rag.retrieval.types import Passage
from rag.transcripts.names import name_key
from rag.transcripts.sentences import Sentence, sentences
from rag.transcripts.types import Transcript

FADING = 0.8
"""How much less each further sentence of a turn is the direct answer to the question before it."""
SAME_QUESTION = 0.8
"""How near a question is to one that asks, in other words, what the same thing is: about what two such have."""
TOLD_AROUND = 0.4
"""How much terms count that are told around what is asked, or that only ask."""
ONLY_ASK = term_set(
    "give find look looking example examples instance case cases anything something anyone anybody someone somebody "
    "tell name list show describe explain exactly actually roughly really role part play"
)
NOT_READ = -1.0
"""What counts as said of a sentence in a passage that others were read before."""
MOST_BEFORE = 2
"""Sentences before one that it may speak of with a pronoun."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """What speaks for (and against) a sentence as an answer. Flags are 0 or 1."""

    cosine: float
    """Of the question and the sentence."""
    near: float
    """Share of the question's terms, weighted by rarity, in the sentence, the two before it and the one after it."""
    own: float
    """The same share in the sentence alone; terms of its speaker's name don't count, for nobody names themself."""
    asked: float
    """Cosine of the question and the one that the sentence's turn answers; it fades from the turn's start on."""
    passage: float
    """A tenth of the passage's score as the reranker sees it."""
    expected: float
    """It holds what the question asks for: a number, a time, a name, who holds an office.

    A number of something else counts by half.
    """
    defines: float
    """It says what that is of which the question asks what it is."""
    asker: float
    """Its speaker is who asks the questions in this conversation, and neither they nor who spoke of it are asked."""
    named: float
    """Its speaker is named in the question."""
    read: float = 0.0
    """What the reader says of it, from -1 to 1; `NOT_READ` where it did not read it, 0 where nothing is read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A sentence that a passage holds, before it is scored."""

    passage: Passage
    transcript: Transcript
    turn: int
    number: int
    """Its place among the sentences of its turn."""
    found: tuple[Sentence, ...]
    """The sentences of its turn."""
    earlier: tuple[str, ...]
    """The last sentences of the turn before."""
    told: str
    """What tells of what, and by whom, its turn is said."""
    cosine: float
    asked: float

    @property
    def text(self) -> str:
        """Return its words."""
        return self.found[self.number].text

    @property
    def said_up_to(self) -> tuple[str, ...]:
        """Return the sentences of its turn up to it."""
        return tuple(sentence.text for sentence in self.found[: self.number + 1])

    @property
    def speaker(self) -> str | None:
        """Return who says it."""
        return self.transcript.turns[self.turn].speaker

    @property
    def before(self) -> tuple[str, ...]:
        """Return the sentences just before it, be they those of the turn that it answers."""
        own = tuple(sentence.text for sentence in self.found[max(0, self.number - MOST_BEFORE) : self.number])
        return own if len(own) == MOST_BEFORE else (*self.earlier[len(own) - MOST_BEFORE :], *own)


def told_with(transcript: Transcript, turn: int) -> str:
    """Return what tells of what, and by whom, a turn is said: the title, its speaker's name, role and organisation."""
    name = transcript.turns[turn].speaker
    speaker = transcript.speaker(name) if name else None
    known = (speaker.name, speaker.role, speaker.organisation) if speaker else (name,)
    return " ".join((transcript.title, *(each for each in known if each)))


def last_sentences(transcript: Transcript, turn: int) -> tuple[str, ...]:
    """Return the last sentences of the turn before one: what the first ones of that may speak of."""
    earlier = sentences(transcript.turns[turn - 1].text)[-MOST_BEFORE:] if turn else ()
    return tuple(sentence.text for sentence in earlier)


def features_of(
    place: Place, analysis: QuestionAnalysis, weights: Mapping[str, float], instead: Alternatives
) -> Features:
    """Return the features of a sentence; `weights` are those of the question's terms."""
    named = place.speaker is not None and name_key(place.speaker) in analysis.named
    around = " ".join((place.told, *place.before, *(s.text for s in place.found[place.number : place.number + 2])))
    told = told_what(place.number, place.earlier, analysis.defined)
    may_ask = named or (analysis.kind is Kind.WHO_SAID and not analysis.opinion)
    return Features(
        cosine=place.cosine,
        near=coverage(around, weights, instead),
        own=_own(place, weights, instead),
        asked=max(0.0, place.asked, SAME_QUESTION if told else 0.0) * FADING**place.number,
        passage=(place.passage.scores.rerank or 0.0) / 10,
        expected=_expected(place, analysis),
        defines=float(told or defines(place.text, place.before, analysis.defined)),
        asker=float(place.speaker in place.passage.interviewers and not may_ask),
        named=float(named),
    )


def _expected(place: Place, analysis: QuestionAnalysis) -> float:
    if analysis.office is not None:
        return float(may_tell(analysis.office, place.text, place.before, place.told))
    return held(place.text, analysis.expects, analysis.counted)


def _own(place: Place, weights: Mapping[str, float], instead: Alternatives) -> float:
    name = term_set(place.speaker or "")
    asked = {term: weight for term, weight in weights.items() if term not in name}
    total = sum(asked.values())
    return coverage(place.text, asked, instead) / total if total else coverage(place.text, weights, instead)


def term_weights(
    question: str, passages: Sequence[Passage], instead: Alternatives = NOTHING_INSTEAD
) -> dict[str, float]:
    """Return the question's terms with their rarity among the passages, summing to 1.

    Rarity is ln(1 + n / df): a term that no passage holds weighs most, and drags the coverage down. What is told
    around the question counts less.
    """
    asked = term_set(core(question)) - ONLY_ASK
    terms = dict.fromkeys(ANALYZER.terms(question))
    held = [with_right_names(term_set(f"{passage.title} {passage.text}"), instead) for passage in passages]
    raw = {
        term: log(1 + (len(held) + 1) / (0.5 + sum(term in terms_ for terms_ in held)))
        * (1.0 if term in asked else TOLD_AROUND)
        for term in terms
    }
    total = sum(raw.values()) or 1.0
    return {term: weight / total for term, weight in raw.items()}


def coverage(text: str, weights: Mapping[str, float], instead: Alternatives = NOTHING_INSTEAD) -> float:
    """Return the share of weighted terms that a text holds."""
    return covered(with_right_names(term_set(text), instead), weights)


def covered(terms: Set[str], weights: Mapping[str, float]) -> float:
    """Return the share of weighted terms that are among others."""
    return float(sum(weight for term, weight in weights.items() if term in terms))
