r"""Fit the confidence of an answer on one question set and judge it on others.

    python -m benchmarks.abstention --fitted 2 eval/sets/corpus.jsonl corpus \
        ../shared/benchmarks/mtrag_un/questions.jsonl ../shared/benchmarks/mtrag_un/transcripts.jsonl \
        ../shared/questions/seeds-dev.jsonl ../shared/seeds \
        ../shared/benchmarks/qmsum-refusal/questions.jsonl ../shared/benchmarks/qmsum-refusal/transcripts.jsonl

Pairs of question set and transcripts: the first `--fitted` are fitted on, each set weighing the same, all are
reported. Printed: the coefficients of a logistic regression; by set, AUROC, refusal recall and over-refusal at the
shipped threshold, for the shipped and fitted weights and for the plain cosine of the best passage.
"""

import argparse
import json
import tempfile
from collections.abc import Sequence
from dataclasses import astuple, fields
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from rag.answering.abstention import BIAS, THRESHOLD, WEIGHTS, Features
from rag.assembly import open_turnwise
from rag.retrieval.types import Exchange
from rag.settings import load_settings

DEFAULT = (
    "eval/sets/corpus.jsonl",
    "corpus",
    "../shared/questions/seeds-dev.jsonl",
    "../shared/seeds",
)

NAMES = [field.name for field in fields(Features)]
Rows = tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.bool_]]


def measured(questions: Path, transcripts: Path, home: Path, most: int) -> Rows:
    """Return the features, shape (questions, features), the best passages' cosines, and which have an answer."""
    with open_turnwise(load_settings(home=home)) as turnwise:
        turnwise.ingestion.add([str(transcripts)])
        rows, cosines, answerable = [], [], []
        lines = [json.loads(line) for line in questions.read_text("utf-8").splitlines() if line.strip()]
        step = max(1, len(lines) // most)
        for item in lines[::step]:
            history = [Exchange(question=asked) for asked in item.get("history", [])]
            rows.append(astuple(turnwise.answerer.measure(item["question"], history=history)))
            found = turnwise.retriever.search(item["question"], history=history)
            cosines.append(max((passage.scores.dense or 0.0 for passage in found.passages), default=0.0))
            answerable.append(bool(item["gold"]))
    return np.array(rows), np.array(cosines), np.array(answerable)


def line(name: str, scores: npt.NDArray[np.float64], answerable: npt.NDArray[np.bool_], threshold: float) -> str:
    """Return a row of the table."""
    refused = scores < threshold
    return (
        f"| {name} | {roc_auc_score(answerable, scores):.3f} | {refused[~answerable].mean():.2f} | "
        f"{refused[answerable].mean():.2f} |"
    )


def fit(data: list[Rows]) -> LogisticRegression:
    """Return a logistic regression in which each set weighs the same."""
    weights = np.concatenate([np.full(len(answerable), 1000 / len(answerable)) for _, _, answerable in data])
    return LogisticRegression(C=10.0).fit(
        np.vstack([rows for rows, _, _ in data]), np.concatenate([answerable for _, _, answerable in data]), weights
    )


def main(paths: Sequence[str], fitted: int, most: int) -> None:
    """Fit on the first pairs, report all."""
    pairs = list(zip(paths[::2], paths[1::2], strict=True))
    with tempfile.TemporaryDirectory() as folder:
        data = [
            measured(Path(questions), Path(transcripts), Path(folder) / str(n), most)
            for n, (questions, transcripts) in enumerate(pairs)
        ]
    model = fit(data[:fitted])
    weights = ", ".join(f"{name}={value:.2f}" for name, value in zip(NAMES, model.coef_[0], strict=True))
    print(f"{weights}, bias={model.intercept_[0]:.2f}\n")
    print("| set, scores | AUROC | refusal recall | over-refusal |\n| --- | --- | --- | --- |")
    for (questions, _), (rows, cosines, answerable) in zip(pairs, data, strict=True):
        shipped = 1 / (1 + np.exp(-(rows @ np.array(astuple(WEIGHTS)) + BIAS)))
        print(line(f"{questions}, shipped", shipped, answerable, THRESHOLD))
        print(line(f"{questions}, fitted", model.predict_proba(rows)[:, 1], answerable, THRESHOLD))
        print(line(f"{questions}, best passage's cosine", cosines, answerable, 0.0))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="*", default=DEFAULT, help="question set, transcripts, and so on in pairs")
    parser.add_argument("--fitted", type=int, default=1, help="how many of the pairs are fitted on")
    parser.add_argument("--most", type=int, default=400, help="questions of each set")
    options = parser.parse_args()
    main(options.paths, options.fitted, options.most)
