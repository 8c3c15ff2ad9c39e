r"""Fit the weights with which lost labels are found, and the person named.

    python -m benchmarks.lost_label_weights

Fitted on the part of `benchmarks.lost_labels` that isn't judged: half of the episodes of seven Changelog shows. Each is
taken whole and in excerpts of 20 and 40 turns (short pages show less of what is usual), with no, one in fifty or one in
twenty labels deleted, and with none, most or all turns of one paragraph (many sites print them so). Both fits are
multinomial: the likelihood, under a softmax, of the right place among a stretch's places and "none", and of the right
person among those who can have spoken, with a small pull towards zero. Judge the result with `benchmarks.lost_labels`.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import astuple, fields, replace

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from benchmarks.lost_labels import Conversation, choose_lost, conversations, is_fitted
from rag.transcripts.repair.conversation import PAIR
from rag.transcripts.repair.conversation import Conversation as Labelled
from rag.transcripts.repair.evidence import WEIGHTS as PLACE_WEIGHTS
from rag.transcripts.repair.evidence import Evidence, places_of
from rag.transcripts.repair.partners import WEIGHTS as PERSON_WEIGHTS
from rag.transcripts.repair.partners import Presence, candidates, presences
from rag.transcripts.stretches import Paragraph, Stretch

RATES = (0.0, 0.02, 0.05, 0.05)
FOLDED = (0.0, 0.0, 0.7, 0.95, 1.0)
"""Shares of turns that are made one paragraph."""
EXCERPTS = (0, 20, 40)
"""Turns; 0 is the whole."""
PULL = 1e-4

Row = tuple[npt.NDArray[np.float64], int | None]
"""Features of the alternatives, shape (alternatives, features), and which is right; None for none of them."""


def variants(conversation: Conversation) -> Iterator[tuple[Conversation, float]]:
    """Yield a conversation whole and in excerpts, its paragraphs kept or joined, with a rate of deletion for each."""
    rng = random.Random(conversation.id)
    for length in EXCERPTS:
        share, rate = rng.choice(FOLDED), rng.choice(RATES)
        turns = tuple((n, (" ".join(said),) if rng.random() < share else said) for n, said in conversation.turns)
        if length:
            first = rng.randrange(max(1, len(turns) - length + 1))
            turns = turns[first : first + length]
        yield replace(conversation, turns=turns), rate


def damaged(conversation: Conversation, rate: float) -> tuple[list[Stretch], dict[int, tuple[int, str]]]:
    """Return stretches with labels deleted, and by stretch the paragraph and the speaker of the first that it lost."""
    lost = choose_lost(conversation, rate, seed=1)
    stretches: list[Stretch] = []
    truth: dict[int, tuple[int, str]] = {}
    for number, (name, said) in enumerate(conversation.turns):
        paragraphs = tuple(Paragraph(text=text, line=1) for text in said)
        if number in lost:
            before = stretches[-1]
            truth.setdefault(len(stretches) - 1, (len(before.paragraphs), name))
            stretches[-1] = replace(before, paragraphs=(*before.paragraphs, *paragraphs))
        else:
            stretches.append(Stretch(speaker=name, paragraphs=paragraphs))
    return stretches, truth


def rows(conversation: Conversation, rate: float) -> tuple[list[Row], list[Row]]:
    """Return what there is to learn of places, and of people."""
    stretches, truth = damaged(conversation, rate)
    labelled = Labelled.of(stretches)
    places: list[Row] = []
    people: list[Row] = []
    for index in range(len(stretches)):
        found = places_of(labelled, index)
        place, name = truth.get(index, (None, ""))
        numbers = [each.paragraph for each in found]
        if found and (place is None or place in numbers):
            features = np.array([astuple(each.evidence) for each in found])
            places.append((features, None if place is None else numbers.index(place)))
        if place is not None and labelled.speaker(index) and len(labelled.pattern.people) > PAIR:
            possible = candidates(labelled, index, place)
            if name in possible and len(possible) > 1:
                seen = presences(labelled, index, place, possible)
                people.append((np.array([astuple(each) for each in seen]), possible.index(name)))
    return places, people


def fit(data: Sequence[Row], *, with_none: bool) -> npt.NDArray[np.float64]:
    """Return the weights of greatest penalised likelihood; features are brought to one scale for the pull."""
    features = np.concatenate([alternatives for alternatives, _ in data])
    scale = features.std(axis=0)
    scale[scale == 0] = 1.0
    scaled = features / scale
    sizes = np.array([len(alternatives) for alternatives, _ in data])
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    of = np.repeat(np.arange(len(data)), sizes)
    right = np.array([start + n for start, (_, n) in zip(starts, data, strict=True) if n is not None])

    def loss(weights: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        sums = scaled @ weights
        highest = np.maximum.reduceat(sums, starts)
        highest = np.maximum(highest, 0.0) if with_none else highest
        powers = np.exp(sums - highest[of])
        totals = np.add.reduceat(powers, starts) + (np.exp(-highest) if with_none else 0.0)
        likelihood = sums[right].sum() - (highest + np.log(totals)).sum()
        slope = scaled[right].sum(axis=0) - scaled.T @ (powers / totals[of])
        count = len(data)
        return -likelihood / count + PULL * float(weights @ weights), -slope / count + 2 * PULL * weights

    return np.asarray(minimize(loss, np.zeros(features.shape[1]), jac=True, method="L-BFGS-B").x / scale)


def main() -> None:
    """Print the fitted weights beside those that are shipped."""
    places: list[Row] = []
    people: list[Row] = []
    for conversation in conversations():
        if not is_fitted(conversation):
            continue
        for variant, rate in variants(conversation):
            of_places, of_people = rows(variant, rate)
            places += of_places
            people += of_people
    fits = (
        (Evidence, PLACE_WEIGHTS, fit(places, with_none=True), len(places)),
        (Presence, PERSON_WEIGHTS, fit(people, with_none=False), len(people)),
    )
    for kind, shipped, fitted, count in fits:
        print(f"\n{kind.__name__}, from {count} examples\n\n| feature | fitted | shipped |\n| --- | --- | --- |")
        for field, weight, before in zip(fields(kind), fitted, astuple(shipped), strict=True):
            print(f"| {field.name} | {weight:.2f} | {before:.2f} |")


if __name__ == "__main__":
    main()
