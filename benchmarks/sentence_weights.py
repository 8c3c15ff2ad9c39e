r"""Fit the weights of a sentence's features on one question set and judge them on another.

    python -m benchmarks.sentence_weights eval/sets/corpus.jsonl corpus \
        ../shared/questions/seeds-dev.jsonl ../shared/seeds

The fit is listwise: the likelihood, under a softmax over a question's candidate sentences, of those that hold gold text
(ListNet's top-one case, Cao et al. 2007, doi:10.1145/1273496.1273513), pulled towards the weights that are shipped.
Printed: the share of questions with a gold sentence first, and among the first three; fitted, shipped, cross-validated.
"""

import json
import sys
import tempfile
from dataclasses import astuple, fields
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from rag.answering.candidates import Candidate
from rag.answering.features import Features
from rag.answering.selection import WEIGHTS
from rag.assembly import Turnwise, open_turnwise
from rag.retrieval.types import Exchange
from rag.settings import load_settings

Row = tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]
DEFAULT = (
    "eval/sets/corpus.jsonl",
    "corpus",
    "../shared/questions/seeds-dev.jsonl",
    "../shared/seeds",
)

NAMES = [field.name for field in fields(Features)]
SHARPNESS = 10.0
"""Scores of sentences differ by tenths; the softmax needs whole numbers."""
PULL = 0.2
FOLDS = 5


def folded(text: str) -> str:
    """Return a text with white space folded."""
    return " ".join(text.split())


def holds_gold(candidate: Candidate, gold: list[dict[str, Any]]) -> bool:
    """Say whether a sentence holds, or is within, a gold quote of its transcript."""
    text = folded(candidate.sentence.text)
    for item in gold:
        quote = folded(item.get("quote", ""))
        if quote and item["source"] in candidate.transcript.id and (quote in text or text in quote):
            return True
    return False


def rows(turnwise: Turnwise, questions: list[dict[str, Any]]) -> list[Row]:
    """Return, by answerable question, the candidates' features, shape (n, features), and which hold gold text."""
    found = []
    for question in questions:
        if not question["gold"]:
            continue
        history = [Exchange(question=asked) for asked in question.get("history", [])]
        evidence = turnwise.answerer.evidence(question["question"], history=history)
        features = np.array([astuple(c.features) for c in evidence.candidates]).reshape(-1, len(NAMES))
        found.append((features, np.array([holds_gold(c, question["gold"]) for c in evidence.candidates], dtype=bool)))
    return found


def hits(data: list[Row], weights: npt.NDArray[np.float64]) -> tuple[float, float]:
    """Return the share of questions with a gold sentence first, and among the first three."""
    ranked = [gold[np.argsort(-(features @ weights), kind="stable")] for features, gold in data]
    return float(np.mean([gold[:1].any() for gold in ranked])), float(np.mean([gold[:3].any() for gold in ranked]))


def fit(data: list[Row], start: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the weights of greatest penalised likelihood."""

    def loss(weights: npt.NDArray[np.float64]) -> float:
        total = 0.0
        used = [(features, gold) for features, gold in data if gold.any()]
        for features, gold in used:
            scores = SHARPNESS * (features @ weights)
            total += float(np.logaddexp.reduce(scores) - np.logaddexp.reduce(scores[gold]))
        return total / len(used) + PULL * float(((weights - start) ** 2).sum())

    return np.asarray(minimize(loss, start, method="L-BFGS-B").x)


def prepared(questions: Path, transcripts: Path, home: Path) -> list[Row]:
    """Index transcripts and return the rows of the questions over them."""
    with open_turnwise(load_settings(home=home)) as turnwise:
        turnwise.ingestion.add([str(transcripts)])
        return rows(turnwise, [json.loads(line) for line in questions.read_text("utf-8").splitlines() if line.strip()])


def main(fit_questions: str, fit_transcripts: str, judge_questions: str, judge_transcripts: str) -> None:
    """Fit on the first set, judge on the second, print both."""
    with tempfile.TemporaryDirectory() as folder:
        train = prepared(Path(fit_questions), Path(fit_transcripts), Path(folder) / "fit")
        judge = prepared(Path(judge_questions), Path(judge_transcripts), Path(folder) / "judge")
    shipped = np.array(astuple(WEIGHTS))
    fitted = fit(train, shipped)
    held_out = []
    for fold in range(FOLDS):
        part = fit([row for n, row in enumerate(train) if n % FOLDS != fold], shipped)
        held_out.append(hits([row for n, row in enumerate(train) if n % FOLDS == fold], part))
    first, third = np.mean(held_out, axis=0)
    print("| weights | fit set, first / top 3 | judged on, first / top 3 |\n| --- | --- | --- |")
    for name, weights in (("shipped", shipped), ("fitted", fitted)):
        print("| {} | {:.3f} / {:.3f} | {:.3f} / {:.3f} |".format(name, *hits(train, weights), *hits(judge, weights)))
    print(f"| fitted, {FOLDS} folds | {first:.3f} / {third:.3f} | – |")
    print(", ".join(f"{name}={weight:.2f}" for name, weight in zip(NAMES, fitted, strict=True)))


if __name__ == "__main__":
    main(*(sys.argv[1:] or DEFAULT))
