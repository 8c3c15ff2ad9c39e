"""Whose sentences may be quoted, and how sure that is: of a question as a whole, or of each side that it compares."""

from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from math import sqrt
from statistics import mean

from rag.answering.abstention import FREE, THRESHOLD, UNSURE, sureness
from rag.answering.analysis.questions import Kind, QuestionAnalysis
from rag.answering.analysis.sides import Side, Thing, says_whether_they_agree, tells_whether_they_agree
from rag.answering.candidates import Candidate, Evidence
from rag.answering.selection import OTHER_SIDE
from rag.retrieval.terms import term_set, with_right_names
from rag.retrieval.types import Passage
from rag.transcripts.names import name_key

SPEAKS_OF = 0.8
"""Least confidence where all that is asked is what was said of a name, or who spoke of something, and that is said."""
EVEN = 0.0
"""Log-odds, as the reader has them, from which one of those compared counts as heard on what is asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What an answer is chosen from."""

    candidates: Sequence[Candidate]
    """Best first."""
    analysis: QuestionAnalysis
    sure: float
    """Probability that the transcripts answer."""
    passages: tuple[Passage, ...]
    """Those that the sentences are from, best first."""
    chosen: bool = False
    """Whether all candidates are to be quoted, in their order."""
    unspoken: str = ""
    """Words that the question hangs on and that nobody near says."""
    silent: tuple[str, ...] = ()
    """Speakers who are compared with others, and of whom nothing on it was found."""


def heard_as_one(evidence: Evidence, passages: tuple[Passage, ...]) -> Heard:
    """Return what speaks for a question as a whole."""
    sure = sureness(evidence, passages)
    if evidence.speaks_of:
        sure = max(sure, SPEAKS_OF)
    candidates: Sequence[Candidate] = evidence.candidates
    mentions = evidence.mentions
    introduced = evidence.analysis.introduced is not None
    is_mention = introduced or evidence.analysis.whether or evidence.analysis.kind is Kind.WHO_SAID
    if mentions and (sure < THRESHOLD or is_mention):
        candidates, sure = mentions, max(sure, SPEAKS_OF)
    elif introduced:
        sure = min(sure, UNSURE)
    elif evidence.analysis.office is not None:
        candidates = [candidate for candidate in candidates if candidate.features.expected]
    unspoken = evidence.unspoken.words if evidence.unspoken.moves > FREE else ""
    return Heard(candidates=candidates, analysis=evidence.analysis, sure=sure, passages=passages, unspoken=unspoken)


def heard_of_agreement(heard: Heard, question: str, compared: Set[str]) -> Heard:
    """Return what of it says that one of those who are compared agrees, or doesn't, with another.

    Where nothing does, the answer is not that they agree: it isn't there.
    """
    said = [c for c in heard.candidates if _says_so(c, question, compared)]
    return replace(heard, candidates=said, sure=max(heard.sure, SPEAKS_OF) if said else min(heard.sure, UNSURE))


def _says_so(candidate: Candidate, question: str, compared: Set[str]) -> bool:
    turns = candidate.transcript.turns
    before = name_key(turns[candidate.turn - 1].speaker or "") if candidate.turn else ""
    speaker, text = name_key(candidate.spoken.speaker or ""), candidate.sentence.text
    if speaker in compared:
        return says_whether_they_agree(text, question, compared - {speaker}, before)
    return tells_whether_they_agree(text, question, compared, {name_key(turn.speaker or "") for turn in turns})


def heard_of_sides(
    whole: Evidence, passages: tuple[Passage, ...], sides: Sequence[tuple[Side, Evidence, tuple[Passage, ...]]]
) -> Heard:
    """Return what each side says, the best of each as high as that of the others.

    The confidence lies halfway (in log-odds) between that of the whole question, with the mean of what reading says of
    the sides, and that of the surest side: the whole question's words ("Do they agree about …?") find whoever agrees
    with anything. A side of which reading finds nothing is silent.

    Args:
        whole: Sentences for the whole question, unread.
        passages: What they are from.
        sides: Those who are compared, each with sentences for what is asked of them, read, and what these are from.
    """
    odds = [evidence.odds for _, evidence, _ in sides if evidence.odds is not None]
    analysis = replace(whole.analysis, voices=frozenset())
    sure = sureness(replace(whole, analysis=analysis, odds=mean(odds) if odds else None), passages)
    heard = [(side, evidence) for side, evidence, _ in sides if evidence.candidates and _is_heard(evidence)]
    surest = max(sureness(evidence, found) for _, evidence, found in sides)
    sure = _halfway(sure, surest) if heard else min(sure, UNSURE)
    best = max((evidence.candidates[0].score for _, evidence in heard), default=0.0)
    candidates = [
        replace(candidate, score=candidate.score + best - evidence.candidates[0].score)
        for _, evidence in heard
        for candidate in evidence.candidates
    ]
    candidates.sort(key=lambda c: (-c.score, c.passage.rank, c.turn, c.number))
    names = {side.speaker for side, _ in heard}
    return Heard(
        candidates=candidates,
        analysis=whole.analysis,
        sure=sure,
        passages=united(passages, *(found for _, _, found in sides)),
        silent=tuple(side.speaker for side, _, _ in sides if side.speaker not in names),
    )


def heard_of_things(
    whole: Evidence, passages: tuple[Passage, ...], things: Sequence[tuple[Thing, Evidence, tuple[Passage, ...]]]
) -> Heard:
    """Return what is said of two things by name, of each of which something is said.

    Of one that nothing near the best names there is what is said of it alone, the best of that as high as the best of
    all. Nothing is heard where one of them is spoken of nowhere.

    Args:
        whole: Sentences for the whole question, read.
        passages: What they are from.
        things: What is compared, each with sentences for what is asked of it alone, read, and what these are from.
    """
    names = [thing.terms for thing, *_ in things]
    own = [_of(name, evidence) for name, (_, evidence, _) in zip(names, things, strict=True)]
    each = {_place(c): replace(c, of=_of_one(c, whole, names)) for c in whole.candidates}
    best = max((c.score for c in whole.candidates), default=0.0)
    near = {c.of for c in each.values() if c.score >= best - OTHER_SIDE[Kind.COMPARISON]}
    for name, theirs in zip(names, own, strict=True):
        if name not in near and theirs:
            lift = best - theirs[0].score
            each |= {_place(c): replace(c, score=c.score + lift, of=name) for c in theirs}
    candidates = sorted(each.values(), key=lambda c: (-c.score, c.passage.rank, c.turn, c.number))
    least = min(sureness(evidence, found) for _, evidence, found in things)
    alone = sureness(replace(whole, unheard_of=False), passages)
    sure = max(alone, _halfway(alone, least)) if all(own) else min(alone, UNSURE)
    return Heard(
        candidates=candidates,
        analysis=whole.analysis,
        sure=sure,
        passages=united(passages, *(found for *_, found in things)),
    )


def _place(candidate: Candidate) -> tuple[str, int, int]:
    return candidate.transcript.id, candidate.turn, candidate.number


def _of_one(candidate: Candidate, whole: Evidence, names: Sequence[frozenset[str]]) -> frozenset[str]:
    """Return the terms of the one name, of those that are compared, that a sentence names."""
    found = [name for name in names if _says(name, candidate.sentence.text, whole)]
    return found[0] if len(found) == 1 else frozenset()


def _of(name: Set[str], evidence: Evidence) -> list[Candidate]:
    """Return the sentences that say a name, or, where none does, those that follow it in their turn."""
    saying = [c for c in evidence.candidates if _says(name, c.sentence.text, evidence)]
    return saying or [c for c in evidence.candidates if _says(name, c.spoken.text[: c.sentence.end], evidence)]


def _says(name: Set[str], text: str, evidence: Evidence) -> bool:
    return name <= with_right_names(term_set(text), evidence.instead)


def united(*found: Sequence[Passage]) -> tuple[Passage, ...]:
    """Return the passages of several searches, each once, ranked in this order."""
    each = {passage.chunk_id: passage for passages in reversed(found) for passage in passages}
    order = dict.fromkeys(passage.chunk_id for passages in found for passage in passages)
    return tuple(replace(each[chunk_id], rank=rank) for rank, chunk_id in enumerate(order, start=1))


def _halfway(one: float, other: float) -> float:
    """Return the probability whose log-odds are the mean of two probabilities' log-odds."""
    odds = sqrt(one * other / ((1 - one) * (1 - other)))
    return odds / (1 + odds)


def _is_heard(evidence: Evidence) -> bool:
    return evidence.odds is None or evidence.odds >= EVEN
