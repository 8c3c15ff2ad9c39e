r"""Fit the confidence of an answer on some question sets and judge it on others.

    python -m benchmarks.abstention --half --fitted 2 eval/sets/corpus.jsonl corpus \
        ../shared/benchmarks/mtrag_un/questions.jsonl ../shared/benchmarks/mtrag_un/transcripts.jsonl \
        ../shared/questions/seeds-dev.jsonl ../shared/seeds \
        ../shared/benchmarks/qmsum-refusal/questions.jsonl ../shared/benchmarks/qmsum-refusal/transcripts.jsonl

Pairs of question set and transcripts, or a data folder that holds these already: the first `--fitted` are fitted on,
each set weighing the same, all are reported. With `--half`, only every other question of the first set is fitted on,
and the others are reported as a set. Printed: the coefficients of a logistic regression; by set, AUROC, refusal recall
and over-refusal at the shipped threshold, expected calibration error (ten bins) and area under the risk-coverage curve,
for what is shipped (reading, held back by what tells this domain from others; decision 015) and for the fitted weights
alone; and the AUROC of the plain cosine of the best passage.

With `--strangers`, questions of another domain are put to each collection too (200 about software, of which a talk in
`benchmarks.reader` was asked, and texts that nobody's talk answers): printed are the coefficients that tell a set's own
questions, answered or not, from those, and by collection how many of those are answered, as shipped and as fitted.
"""

import argparse
import json
import tempfile
from collections.abc import Sequence
from dataclasses import astuple, fields
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from benchmarks.reader.questions import OF_NO_USE_TEXTS, QUESTIONS, lines
from rag.answering.abstention import BIAS, THRESHOLD, WEIGHTS, Features, confidence
from rag.assembly import Turnwise, open_turnwise
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
STRANGERS = 200
HELD_BACK = 2.2
"""Added to the bias of what tells strangers: it is there to hold back, not to judge."""
NEAR_BY = ("strength", "sentence", "together", "best", "asked")
"""Features that tell the domain."""
NAMES = [field.name for field in fields(Features)]
Rows = tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.bool_]]


def measured(turnwise: Turnwise, items: Sequence[dict[str, Any]]) -> Rows:
    """Return the features, shape (questions, features), the shipped confidences, cosines, and which have an answer."""
    rows, shipped, cosines = [], [], []
    for item in items:
        history = [Exchange(question=asked) for asked in item.get("history", [])]
        measures = turnwise.answerer.measure(item["question"], history=history)
        rows.append([value or 0.0 for value in astuple(measures)])
        shipped.append(confidence(measures))
        found = turnwise.retriever.search(item["question"], history=history)
        cosines.append(max((passage.scores.dense or 0.0 for passage in found.passages), default=0.0))
    return np.array(rows), np.array(shipped), np.array(cosines), np.array([bool(item["gold"]) for item in items])


def questions_of(file: Path, most: int) -> list[dict[str, Any]]:
    """Return the questions of a set, evenly thinned out to about as many as are wanted."""
    found = [json.loads(line) for line in file.read_text("utf-8").splitlines() if line.strip()]
    return found[:: max(1, len(found) // most)]


def strangers() -> list[dict[str, Any]]:
    """Return questions of another domain: none is answered."""
    asked = [each["question"] for row in lines(QUESTIONS) if row["part"] == "watched" for each in row["questions"]]
    texts = asked[:: len(asked) // STRANGERS] + OF_NO_USE_TEXTS.read_text("utf-8").splitlines()
    return [{"question": text, "gold": []} for text in texts]


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
    spread[spread == 0] = 1.0
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


def tell_strangers(sets: dict[str, Rows], foreign: dict[str, Rows]) -> None:
    """Print what tells the questions of a collection's domain from others, and how many others are answered."""
    data = []
    for name, (rows, shipped, cosines, _) in sets.items():
        others = foreign[name]
        both = (np.vstack([rows, others[0]]), np.append(shipped, others[1]), np.append(cosines, others[2]))
        data.append((*both, np.append(np.ones(len(rows), dtype=bool), np.zeros(len(others[0]), dtype=bool))))
    kept = np.array([name in NEAR_BY for name in NAMES])
    weights, bias = fit([(rows * kept, *rest) for rows, *rest in data])
    told = ", ".join(f"{name}={value:.2f}" for name, value in zip(NAMES, weights, strict=True) if name in NEAR_BY)
    print(f"\nnear: {told}, bias={bias + HELD_BACK:.2f} ({HELD_BACK} more than fitted)\n")
    print("| set | strangers answered, shipped | as fitted | AUROC, fitted |\n| --- | --- | --- | --- |")
    least = np.log(THRESHOLD / (1 - THRESHOLD))
    of_reading = np.array(astuple(WEIGHTS), dtype=float)
    for name, (rows, _, _, answerable) in sets.items():
        others = foreign[name]
        own, far = (np.minimum(BIAS + x @ of_reading, bias + HELD_BACK + x @ weights) for x in (rows, others[0]))
        print(
            f"| {name} | {(others[1] >= THRESHOLD).mean():.2f} | {(far >= least).mean():.2f} | "
            f"{roc_auc_score(answerable, own):.3f} |"
        )


def main(paths: Sequence[str], fitted: int, most: int, *, half: bool, with_strangers: bool) -> None:
    """Fit on the first pairs, report all."""
    sets: dict[str, Rows] = {}
    foreign: dict[str, Rows] = {}
    others = strangers() if with_strangers else []
    with tempfile.TemporaryDirectory() as folder:
        for n, (questions, transcripts) in enumerate(zip(paths[::2], paths[1::2], strict=True)):
            ready = (Path(transcripts) / "manifest.json").is_file()
            home = Path(transcripts) if ready else Path(folder) / str(n)
            with open_turnwise(load_settings(home=home), read_only=ready) as turnwise:
                if not ready:
                    turnwise.ingestion.add([transcripts])
                sets[questions] = measured(turnwise, questions_of(Path(questions), most))
                if others:
                    foreign[questions] = measured(turnwise, others)
    if foreign:
        tell_strangers(sets, foreign)
    if half:
        first, *rest = sets
        one, other = halves(sets[first])
        sets = {f"{first}, half": one, **{name: sets[name] for name in rest}, f"{first}, other half": other}
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
    parser.add_argument("--strangers", action="store_true", help="put questions of another domain too")
    options = parser.parse_args()
    main(options.paths, options.fitted, options.most, half=options.half, with_strangers=options.strangers)
