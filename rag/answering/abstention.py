"""How likely it is that the transcripts answer a question."""

from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from math import exp

from rag.answering.analysis.expectations import COUNTABLE
from rag.answering.analysis.questions import Kind
from rag.answering.candidates import Candidate, Evidence
from rag.answering.features import covered, told_with
from rag.answering.selection import MARGIN, SIDED, score
from rag.mishearing.finding import Alternatives
from rag.retrieval.terms import term_set, with_right_names
from rag.retrieval.types import Passage
from rag.transcripts.sentences import sentences

THRESHOLD = 0.6
"""Confidence below which the reply is `not_found`."""
UNSURE = 0.5
"""Most that a question of common words alone, or one of which no passage holds any name, is believed to be answered.

So is one of what somebody said on a matter of which they use no word, nor say anything near."""
TOLD_OF = 0.35
"""Cosine from which a sentence may be on a matter without its words.

Of 31 questions about what somebody said on one, in four fitted sets and QMSum, whose best were below it and without a
word of the matter, three have an answer, and none of these was found."""
BEST = 5
"""Best sentences of which one has to hold what is asked for."""
AMONG = 6
"""Nearest passages among which the nearest may stand out."""
LOOKED_AT = 12
"""Best sentences around which the question's terms may stand together."""
FREE = 0.15
"""How far (1 - cosine) words that nobody near says may move a question without counting against it."""
AROUND = 2
"""Sentences before and after one that count as around it."""
ASKING = 3
"""Sentences at the end of a turn that the next turn answers; they count as around its beginning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """What the confidence is computed from."""

    strength: float
    """Score of the best passage as the reranker sees it; about 5 to 15."""
    sentence: float
    """Cosine of the question and the nearest quotable sentence."""
    together: float
    """Share of the question's terms, but for speakers' names, that stand around one of the best sentences."""
    best: float
    """Score of the best sentence but for what reading says, be its speaker named or not; about 0.5 to 1.5."""
    unmet: float
    """1 where a number, a time or a sum is asked for and none of the best sentences that may be quoted holds one."""
    unnamed: float
    """Share of the names in it, of no speaker, that few passages hold and that don't stand around the best sentence."""
    missing: float
    """Weight of the weightiest term that doesn't stand around the best sentence, over the weight of the weightiest."""
    asked: float
    """How near the question is to one that the turn of one of the best sentences answers."""
    apart: float
    """How much nearer (cosine) the nearest passage is to the question than the sixth: what is answered stands out."""
    first: float
    """Score of the best sentence, with what reading says and whether its speaker is named; about 0 to 2."""
    unspoken: float
    """How much more than `FREE` the question is moved by leaving out words that nobody near says."""
    read: float | None
    """Log-odds that a sentence answers, as the reader has it; None where nothing was read."""


WEIGHTS = Features(
    strength=0.0,
    sentence=2.45,
    together=0.0,
    best=0.0,
    unmet=-2.25,
    unnamed=-0.66,
    missing=-0.47,
    asked=0.12,
    apart=2.2,
    first=-0.37,
    unspoken=-8.0,
    read=0.67,
)
BIAS = 1.09
"""Between logistic regressions on five and on six question sets, judged on others: `benchmarks.abstention`, decision
015. What reading says leaves nothing to the three features of weight 0; `apart` and `first` were fitted to what the
others leave, on the same six."""
UNREAD = Features(
    strength=0.05,
    sentence=3.82,
    together=1.35,
    best=0.26,
    unmet=-2.39,
    unnamed=-0.99,
    missing=-1.05,
    asked=0.82,
    apart=0.0,
    first=0.0,
    unspoken=0.0,
    read=0.0,
)
UNREAD_BIAS = -1.63
"""The same where nothing was read."""
NEAR = Features(
    strength=0.17,
    sentence=10.37,
    together=1.7,
    best=0.96,
    unmet=0.0,
    unnamed=0.0,
    missing=0.0,
    asked=4.5,
    apart=0.0,
    first=0.0,
    unspoken=0.0,
    read=0.0,
)
NEAR_BIAS = -6.25
"""Tells questions of these transcripts' domain, answered or not, from those of others, which the reader hardly knows.

A logistic regression on three sets and on questions about software that were put to them (`benchmarks.abstention
--strangers`), with a bias of 2.2 more, since it is there to hold back, not to judge.
"""
_NOTHING = Features(**dict.fromkeys(Features.__slots__, 0.0))


def measure(evidence: Evidence, passages: Sequence[Passage]) -> Features:
    """Return the features of a question's evidence."""
    candidates = evidence.candidates
    if not candidates:
        return replace(_NOTHING, read=evidence.odds)
    held = [_terms_around(candidate, evidence.instead) for candidate in candidates[:LOOKED_AT]]
    if evidence.analysis.kind in SIDED:
        held.insert(0, _terms_of_sides(candidates, held))
    return Features(
        strength=max((passage.scores.rerank or 0.0 for passage in passages), default=0.0),
        sentence=max(c.features.cosine for c in candidates),
        together=_most_together(evidence, held),
        best=score(replace(candidates[0].features, named=0.0, read=0.0)),
        unmet=_unmet(evidence),
        unnamed=_unnamed(evidence, held[0]),
        missing=_missing(evidence, held[:BEST]),
        asked=max(candidate.features.asked for candidate in candidates[:LOOKED_AT]),
        apart=_apart(passages),
        first=candidates[0].score,
        unspoken=max(0.0, evidence.unspoken.moves - FREE),
        read=evidence.odds,
    )


def _terms_of_sides(candidates: Sequence[Candidate], held: Sequence[frozenset[str]]) -> frozenset[str]:
    """Return the terms around the best sentence of each conversation: what is compared need not stand together."""
    first: dict[str, frozenset[str]] = {}
    for candidate, terms in zip(candidates[:LOOKED_AT], held, strict=True):
        first.setdefault(candidate.transcript.id, terms)
    return frozenset[str]().union(*first.values())


def _apart(passages: Sequence[Passage]) -> float:
    near = sorted((passage.scores.dense or 0.0 for passage in passages), reverse=True)[:AMONG]
    return near[0] - near[-1] if near else 0.0


def _unmet(evidence: Evidence) -> float:
    if evidence.analysis.expects not in COUNTABLE:
        return 0.0
    best = evidence.candidates[:BEST]
    least = best[0].score - MARGIN[Kind.POINT]
    return 1.0 - max(candidate.features.expected for candidate in best if candidate.score >= least)


def _most_together(evidence: Evidence, held: Sequence[frozenset[str]]) -> float:
    if not evidence.weights:
        # Nothing is asked for but somebody.
        return float(bool(evidence.analysis.named))
    return max(covered(terms, evidence.weights) for terms in held)


def _unnamed(evidence: Evidence, held: Set[str]) -> float:
    return sum(not thing <= held for thing in evidence.things) / len(evidence.things) if evidence.things else 0.0


def _missing(evidence: Evidence, held: Sequence[frozenset[str]]) -> float:
    weightiest = max(evidence.weights.values(), default=1.0)
    return min(max((w for term, w in evidence.weights.items() if term not in terms), default=0.0) for terms in held) / (
        weightiest
    )


def _terms_around(candidate: Candidate, instead: Alternatives) -> frozenset[str]:
    """Return the terms around a sentence: those of the question that its turn answers, of its title and speaker too."""
    found = sentences(candidate.spoken.text)
    number = candidate.number
    around = found[max(0, number - AROUND) : number + AROUND + 1]
    if number <= AROUND and candidate.turn:
        around = [*sentences(candidate.transcript.turns[candidate.turn - 1].text)[-ASKING:], *around]
    told = (told_with(candidate.transcript, candidate.turn), *(sentence.text for sentence in around))
    return with_right_names(term_set(" ".join(told)), instead)


def confidence(features: Features) -> float:
    """Return the probability that the transcripts answer the question: logistic in the features.

    What was read counts only as far as the question is one of this domain at all: the lesser of two log-odds.
    """
    if features.read is None:
        total = UNREAD_BIAS + _sum(UNREAD, features)
    else:
        total = min(BIAS + _sum(WEIGHTS, features), NEAR_BIAS + _sum(NEAR, features))
    return 1 / (1 + exp(-total))


def sureness(evidence: Evidence, passages: Sequence[Passage]) -> float:
    """Return the confidence in a question's evidence.

    Where somebody's words are asked for that others tell, or somebody's own and more ("Why does she think …?"), the
    surer of reading and not reading counts: whose words they are has told them apart before, and the reader takes such
    a question for more than it asks.
    """
    features = measure(evidence, passages)
    sure = confidence(features)
    asked = evidence.analysis
    if asked.strangers or (asked.voices and not asked.topic):
        sure = max(sure, confidence(replace(features, read=None)))
    asks_nothing = not evidence.weights and not evidence.analysis.named
    silent = bool(asked.topic and asked.voices) and features.together == 0 and features.sentence < TOLD_OF
    return min(sure, UNSURE) if asks_nothing or silent or evidence.unheard_of else sure


def _sum(weights: Features, features: Features) -> float:
    return sum((getattr(weights, name) or 0.0) * (getattr(features, name) or 0.0) for name in Features.__slots__)
