"""What a speaker says that comes nearest to what a question holds that they said, in other words perhaps."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, log

from rag.answering.abstention import THRESHOLD
from rag.answering.checking.claims import Claim
from rag.answering.features import coverage, term_weights
from rag.answering.generation.drafting import Draft
from rag.answering.generation.evidence import Embed, Evidence, Window
from rag.answering.generation.numbers import numbers_agree
from rag.answering.generation.support import Checker, Refusal, Supported
from rag.library import SpeakerEntry
from rag.retrieval.people import people_by_label
from rag.retrieval.types import Passage, SearchResult
from rag.sentence_vectors import SentenceVectors
from rag.transcripts.sentences import sentences
from rag.transcripts.types import Transcript

LOOKED_AT = 8
"""Sentences that are compared with a claim, each alone and with the one beside it."""
ENOUGH = 0.78
"""Score from which what was said is about the same: as likely as not by a logistic regression on 97 claims, true ones,
opposites and such that nobody made, over two podcasts and `corpus/` (AUROC .955; the cosine alone .926)."""
WORTH_SHOWING = 0.55
"""The same from which it is shown as the nearest there is."""
STEEP = 11.0
"""How fast the confidence grows with it, as in that regression; it is `THRESHOLD` at `ENOUGH`."""
NEARLY = 0.15
"""How far below the best another place may be that is quoted too."""
OTHER_NUMBERS = 0.15
"""What it loses where it hasn't the claim's numbers."""
MOST_PLACES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearing:
    """Sentences that bear on a claim."""

    window: Window
    score: float
    """Cosine, and half the share of the claim's terms that stand around it, less where they are few; 0 to 1.5."""

    @property
    def sure(self) -> float:
        """Return the probability that they are about what is claimed."""
        return 1 / (1 + exp(-STEEP * (self.score - ENOUGH) - log(THRESHOLD / (1 - THRESHOLD))))


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What comes nearest to a claim."""

    places: Sequence[Bearing]
    """Best first, none within another; empty where nothing was found."""
    refusal: Refusal | None
    """Why the best may not be taken for the claim in other words; None where it may, or is not near enough anyway."""


def nearest_to(
    claim: Claim,
    found: SearchResult,
    speakers: Sequence[SpeakerEntry],
    *,
    transcript_of: Callable[[str], Transcript | None],
    known: Mapping[str, SentenceVectors],
    embed: Embed,
) -> Said:
    """Return what those of whom a claim is made, or anybody, say that comes nearest to it.

    Args:
        claim: What was said, it is asked.
        found: The search for its words.
        speakers: Everybody who speaks in the collection.
        transcript_of: Gives a transcript by id.
        known: The vectors of the passages' sentences, by chunk id.
        embed: Gives one unit vector a text.
    """
    passages: Sequence[Passage] = found.passages
    evidence = Evidence(
        passages, transcript_of=transcript_of, known=known, embed=embed, people=people_by_label(speakers)
    )
    looked_in = range(1, evidence.count + 1)
    windows = [
        window
        for window in evidence.nearest(claim.words, looked_in, LOOKED_AT)
        if not claim.keys or window.speaker_key in claim.keys
    ]
    if not windows:
        return Said(places=(), refusal=None)
    vectors = embed([claim.words, *(window.text for window in windows)])
    weights = term_weights(claim.words, passages, found.instead)
    scored = []
    for window, cosine in zip(windows, (vectors[1:] @ vectors[0]).tolist(), strict=True):
        told = f"{window.around} {window.asked} {window.header}"
        agrees = numbers_agree(claim.words, [sentence.text for sentence in sentences(window.text)])
        share = coverage(told, weights, found.instead) * len(weights) / (len(weights) + 1)
        score = cosine + share / 2 - (0 if agrees else OTHER_NUMBERS)
        scored.append(Bearing(window=window, score=score))
    scored.sort(key=lambda each: -each.score)
    places = [
        each
        for number, each in enumerate(scored)
        if each.score >= scored[0].score - NEARLY and not any(_overlap(each, one) for one in scored[:number])
    ]
    if places[0].score < ENOUGH:
        return Said(places=places[:MOST_PLACES], refusal=None)
    speaker = places[0].window.speaker
    name = claim.speakers[0] if claim.speakers else speaker.name if speaker else "Somebody"
    checker = Checker(evidence, question=name, speakers=speakers)
    checked = checker.check(Draft(text=f"{name} said that {claim.words}.", passages=()))
    return Said(places=places[:MOST_PLACES], refusal=None if isinstance(checked, Supported) else checked)


def _overlap(one: Bearing, other: Bearing) -> bool:
    """Say whether two hold a sentence of the same turn."""
    a, b = one.window, other.window
    return (a.transcript.id, a.turn) == (b.transcript.id, b.turn) and a.start < b.end and b.start < a.end
