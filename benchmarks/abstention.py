r"""Fit the confidence of an answer on some question sets and judge it on others.

    python -m benchmarks.abstention --half --fitted 2 eval/sets/corpus.jsonl corpus \
        ../shared/benchmarks/mtrag_un/questions.jsonl ../shared/benchmarks/mtrag_un/transcripts.jsonl \
        ../shared/questions/seeds-dev.jsonl ../shared/seeds \
        ../shared/benchmarks/qmsum-refusal/questions.jsonl ../shared/benchmarks/qmsum-refusal/transcripts.jsonl

Pairs of question set and transcripts: the first `--fitted` are fitted on, each set weighing the same, all are
reported. With `--half`, only every other question of the first set is fitted on, and the others are reported as a set.
Printed: the coefficients of a logistic regression; by set, AUROC, refusal recall and over-refusal at the shipped
threshold, expected calibration error (ten bins) and area under the risk-coverage curve, for what is shipped (reading,
held back by what tells this domain from others; decision 015) and for the fitted weights alone; and the AUROC of the
plain cosine of the best passage.
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

from rag.answering.abstention import THRESHOLD, Features, confidence
from rag.assembly import open_turnwise
from rag.retrieval.types import Exchange
from rag.settings import load_settings

DEFAULT = (
    "eval/sets/corpus.jsonl",
    "corpus",
    "../shared/questions/seeds-dev.jsonl",
    "../shared/seeds",
)

STRENGTH = 0.03
"""Inverse of the penalty (scikit-learn's C) on coefficients of features over their spread: the five hang together."""
NAMES = [field.name for field in fields(Features)]
Rows = tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.bool_]]


def measured(questions: Path, transcripts: Path, home: Path, most: int) -> Rows:
    """Return the features, shape (questions, features), the shipped confidences, cosines, and which have an answer."""
    with open_turnwise(load_settings(home=home)) as turnwise:
        turnwise.ingestion.add([str(transcripts)])
        rows, shipped, cosines, answerable = [], [], [], []
        lines = [json.loads(line) for line in questions.read_text("utf-8").splitlines() if line.strip()]
        step = max(1, len(lines) // most)
        for item in lines[::step]:
            history = [Exchange(question=asked) for asked in item.get("history", [])]
            measures = turnwise.answerer.measure(item["question"], history=history)
            rows.append([value or 0.0 for value in astuple(measures)])
            shipped.append(confidence(measures))
            found = turnwise.retriever.search(item["question"], history=history)
            cosines.append(max((passage.scores.dense or 0.0 for passage in found.passages), default=0.0))
            answerable.append(bool(item["gold"]))
    return np.array(rows), np.array(shipped), np.array(cosines), np.array(answerable)


def line(name: str, scores: npt.NDArray[np.float64], answerable: npt.NDArray[np.bool_], threshold: float) -> str:
    """Return a row of the table."""
    refused = scores < threshold
    bins = np.clip((scores * 10).astype(int), 0, 9)
    gaps = [
        np.mean(bins == each) * abs(scores[bins == each].mean() - answerable[bins == each].mean())
        for each in np.unique(bins)
    ]
    risks = np.cumsum(~answerable[np.argsort(-scores, kind="stable")]) / np.arange(1, len(scores) + 1)
    return (
        f"| {name} | {roc_auc_score(answerable, scores):.3f} | {refused[~answerable].mean():.2f} | "
        f"{refused[answerable].mean():.2f} | {sum(gaps):.3f} | {risks.mean():.3f} |"
    )


def fit(data: list[Rows]) -> tuple[npt.NDArray[np.float64], float]:
    """Return coefficients and intercept of a logistic regression in which each set weighs the same."""
    weights = np.concatenate([np.full(len(answerable), 1000 / len(answerable)) for *_, answerable in data])
    rows = np.vstack([rows for rows, *_ in data])
    spread = rows.std(axis=0)
    answerable = np.concatenate([answerable for *_, answerable in data])
    model = LogisticRegression(C=STRENGTH).fit(rows / spread, answerable, weights)
    return np.asarray(model.coef_[0] / spread), float(model.intercept_[0])


def halves(rows: Rows) -> tuple[Rows, Rows]:
    """Return the first, third, fifth question, and so on, and the others."""
    features, shipped, cosines, answerable = rows
    return (
        (features[::2], shipped[::2], cosines[::2], answerable[::2]),
        (features[1::2], shipped[1::2], cosines[1::2], answerable[1::2]),
    )


def main(paths: Sequence[str], fitted: int, most: int, *, half: bool) -> None:
    """Fit on the first pairs, report all."""
    pairs = list(zip(paths[::2], paths[1::2], strict=True))
    with tempfile.TemporaryDirectory() as folder:
        sets = {
            questions: measured(Path(questions), Path(transcripts), Path(folder) / str(n), most)
            for n, (questions, transcripts) in enumerate(pairs)
        }
    if half:
        first, *others = sets
        one, other = halves(sets[first])
        sets = {f"{first}, half": one, **{name: sets[name] for name in others}, f"{first}, other half": other}
    weights, bias = fit(list(sets.values())[:fitted])
    print(", ".join(f"{name}={value:.2f}" for name, value in zip(NAMES, weights, strict=True)), f"bias={bias:.2f}\n")
    print("| set, scores | AUROC | refusal recall | over-refusal | ECE | AURC |\n| --- | --- | --- | --- | --- | --- |")
    for name, (rows, shipped, cosines, answerable) in sets.items():
        for label, scores in (("shipped", shipped), ("fitted", 1 / (1 + np.exp(-(rows @ weights + bias))))):
            print(line(f"{name}, {label}", scores, answerable, THRESHOLD))
        print(f"| {name}, best passage's cosine | {roc_auc_score(answerable, cosines):.3f} | – | – | – | – |")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="*", default=DEFAULT, help="question set, transcripts, and so on in pairs")
    parser.add_argument("--fitted", type=int, default=1, help="how many of the pairs are fitted on")
    parser.add_argument("--half", action="store_true", help="fit on every other question of the first set only")
    parser.add_argument("--most", type=int, default=400, help="questions of each set")
    options = parser.parse_args()
    main(options.paths, options.fitted, options.most, half=options.half)
