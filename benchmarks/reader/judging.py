"""Judge the reader on questions that it was not trained on.

    python -m benchmarks.reader.judging [--part judged] [--additions rag/reading/reader.npz]

Of each question the four passages of its excerpt that are nearest by the embedding are read, and the four nearest of
other talks. Printed: how often the best sentence is one that answers, or one that bears on it; the area under the
ROC curve that tells answered questions from others, and that of the cosine of the nearest passage alone; and by kind.
Each genre is judged apart.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.metrics import roc_auc_score

from benchmarks.reader.questions import Asked, Excerpt, Part, Passage, Place, excerpts
from rag.embedding import open_embedder
from rag.reading import Reader, open_reader
from rag.reading.reader import ADDITIONS

READ = 4


def main() -> None:
    """Print the figures of a part."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--part", choices=("fitted", "watched", "judged"), default="judged")
    parser.add_argument("--additions", type=Path, default=ADDITIONS)
    options = parser.parse_args()
    part: Part = options.part
    embedder = open_embedder()
    reader = open_reader(embedder, additions=options.additions)
    if reader is None:
        raise SystemExit("OpenVINO or the packaged model is not installed: run `make setup`.")
    found = list(excerpts(part, embedder))
    for genre in dict.fromkeys(each.genre for each in found):
        print(f"{part}, {genre}")
        _print_figures([each for each in found if each.genre == genre], reader)


def _print_figures(found: Sequence[Excerpt], reader: Reader) -> None:
    asked = [_judged(question, excerpt, found, reader) for excerpt in found for question in excerpt.questions]
    answered = [each for each in asked if each.answered]
    silent = [each for each in asked if not each.answered]
    odds = [each.odds for each in answered]
    print(
        f"{len(asked)} questions, {len(answered)} answered\n"
        f"AUROC of the odds {_told_apart(odds, [each.odds for each in silent]):.3f}, of the nearest passage's cosine "
        f"{_told_apart([each.cosine for each in answered], [each.cosine for each in silent]):.3f}; "
        f"from questions put to other talks {_told_apart(odds, [each.elsewhere for each in asked]):.3f}\n"
        "kind: questions; best sentence answers, or bears on it; odds above even, elsewhere"
    )
    for kind in sorted({each.kind for each in asked}):
        of_kind = [each for each in asked if each.kind == kind]
        told = ", ".join(
            f"{np.mean([getattr(each, name) for each in of_kind]):.3f}"
            for name in ("right", "close")
            if of_kind[0].answered
        )
        print(
            f"{kind}: {len(of_kind)}; {told or '-'}; {np.mean([each.odds > 0 for each in of_kind]):.2f}, "
            f"{np.mean([each.elsewhere > 0 for each in of_kind]):.2f}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judged:
    kind: str
    answered: bool
    right: bool
    """The best sentence answers."""
    close: bool
    """It answers, or bears on the question."""
    odds: float
    elsewhere: float
    """The odds over the nearest passages of other talks."""
    cosine: float


def _judged(asked: Asked, excerpt: Excerpt, found: Sequence[Excerpt], reader: Reader) -> _Judged:
    near = _nearest(asked, excerpt.passages)
    others = [other for other in found if other.family != excerpt.family]
    far = _nearest(asked, [passage for other in others for passage in other.passages])
    said = _read(asked, near, reader)
    best = max(said, key=lambda place: said[place])
    return _Judged(
        kind=asked.kind,
        answered=bool(asked.gold),
        right=best[1] in asked.gold,
        close=best[1] in asked.gold | asked.also,
        odds=float(np.logaddexp.reduce(list(said.values()))),
        elsewhere=float(np.logaddexp.reduce(list(_read(asked, far, reader).values()))),
        cosine=max(float(passage.vector @ asked.vector) for passage in near),
    )


def _nearest(asked: Asked, passages: Sequence[Passage]) -> list[Passage]:
    return sorted(passages, key=lambda passage: -float(passage.vector @ asked.vector))[:READ]


def _read(asked: Asked, passages: Sequence[Passage], reader: Reader) -> dict[tuple[str, Place], float]:
    """Return the log-odds of each sentence that was read."""
    found = reader.read(asked.question, [passage.window for passage in passages])
    return {
        (passage.episode, place): float(value)
        for passage, values in zip(passages, found, strict=True)
        for place, value in zip(passage.places, values, strict=True)
        if not np.isnan(value)
    }


def _told_apart(answered: Sequence[float], silent: Sequence[float]) -> float:
    return float(roc_auc_score([1] * len(answered) + [0] * len(silent), [*answered, *silent]))


if __name__ == "__main__":
    main()
