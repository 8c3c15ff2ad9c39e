"""The best passages are read together with the question: which of their sentences answer it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from heapq import nlargest
from math import exp, isnan, log, nan

from rag.answering.candidates import Candidate, Evidence
from rag.answering.features import NOT_READ, Features
from rag.chunking import whole_question_before
from rag.reading import Reader, Stretch, Window
from rag.retrieval.types import Passage
from rag.transcripts.sentences import sentences
from rag.transcripts.types import Transcript

CERTAIN = 6.0
"""Log-odds beyond which more makes no difference."""
BEST = 3
"""Sentences whose odds are summed: many that each say little are no answer."""
ENOUGH = 1.0
"""Odds of what was read from which no further passages are."""
_Place = tuple[int, int]
"""A turn, and where in it a sentence starts."""


def read(
    question: str,
    evidence: Evidence,
    reader: Reader,
    *,
    most: int,
    at_once: int,
    transcript_of: Callable[[str], Transcript | None],
    score: Callable[[Features], float],
    rightly: Callable[[str], str] = str,
) -> Evidence:
    """Return the evidence with what reading says of the sentences of the best passages, and in the order that follows.

    Args:
        question: What was searched for.
        evidence: Sentences, scored without reading.
        reader: Reads.
        most: How many passages are read: those of the best sentences.
        at_once: How many of these together; if one of them answers, more likely than not, the next ones are left out.
        transcript_of: Gives a transcript by id.
        score: Adds features up.
        rightly: Puts names right in a sentence that were misheard: the reader can't know that they are those asked for.
    """
    passages = list({c.passage.chunk_id: c.passage for c in evidence.candidates}.values())[:most]
    known: dict[str, Mapping[_Place, float]] = {}
    said: list[float] = []
    odds = 0.0
    for start in range(0, len(passages), at_once):
        known |= _read(question, passages[start : start + at_once], reader, transcript_of, rightly)
        said = [known.get(c.passage.chunk_id, {}).get((c.turn, c.sentence.start), nan) for c in evidence.candidates]
        odds = sum(map(exp, nlargest(BEST, (found for found in said if not isnan(found)))))
        if odds >= ENOUGH:
            break
    candidates = [_with(candidate, found, score) for candidate, found in zip(evidence.candidates, said, strict=True)]
    candidates.sort(key=lambda c: (-c.score, c.passage.rank, c.turn, c.number))
    return replace(evidence, candidates=tuple(candidates), odds=log(odds) if odds else None)


def _read(
    question: str,
    passages: Sequence[Passage],
    reader: Reader,
    transcript_of: Callable[[str], Transcript | None],
    rightly: Callable[[str], str],
) -> dict[str, Mapping[_Place, float]]:
    """Return the log-odds of the sentences of passages, by chunk id."""
    windows, places = [], []
    for passage in passages:
        transcript = transcript_of(passage.transcript_id)
        window, inside = _window(passage, transcript, rightly) if transcript else (Window(asked="", stretches=()), [])
        windows.append(window)
        places.append(inside)
    return {
        passage.chunk_id: dict(zip(inside, found.tolist(), strict=True))
        for passage, inside, found in zip(passages, places, reader.read(question, windows), strict=True)
    }


def _window(passage: Passage, transcript: Transcript, rightly: Callable[[str], str]) -> tuple[Window, list[_Place]]:
    """Return what is read of a passage, and where each of its sentences is."""
    stretches: list[Stretch] = []
    places: list[_Place] = []
    for stretch in passage.turns:
        if stretch.turn >= len(transcript.turns):
            continue
        turn = transcript.turns[stretch.turn]
        found = [s for s in sentences(turn.text) if stretch.start <= s.start < stretch.end]
        stretches.append(Stretch(speaker=turn.speaker, sentences=tuple(rightly(s.text) for s in found)))
        places.extend((stretch.turn, s.start) for s in found)
    first = passage.turns[0].turn
    asked = whole_question_before(transcript.turns, first) if first < len(transcript.turns) else ""
    return Window(asked=asked, stretches=tuple(stretches)), places


def _with(candidate: Candidate, found: float, score: Callable[[Features], float]) -> Candidate:
    says = NOT_READ if isnan(found) else max(-CERTAIN, min(CERTAIN, found)) / CERTAIN
    features = replace(candidate.features, read=says)
    return replace(candidate, features=features, score=score(features))
