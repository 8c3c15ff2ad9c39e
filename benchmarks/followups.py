r"""Judge how follow-ups are understood: against people's rewrites, and by what is found.

    python -m benchmarks.followups ../shared/benchmarks/cast_rewrites/turns.jsonl \
        ../shared/benchmarks/mtrag_un/questions.jsonl ../shared/benchmarks/mtrag_un/transcripts.jsonl

The third may be a data folder that holds those transcripts already. Printed:

1. By year of CAsT, against the human rewrites of questions with a history: token F1, the share that is the same word
   for word, precision and recall of the decision to change a question, and processor time. The words and weights were
   chosen on 2019; 2020 and 2021 lean on answers that the set does not hold.
2. On MTRAG-UN's answerable questions, what is found: the question alone, with the question before it in front, and as
   shipped; and the same where the history is another conversation's and the question stands alone.
3. Weights fitted on each of the two and judged on the other.
"""

import json
import random
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from time import process_time
from typing import Any

from eval.dataset import Question, QuestionSet, load_questions
from eval.evaluation import evaluate
from eval.runner import RunOptions
from eval.target.in_process import InProcessTarget
from rag.assembly import Turnwise, open_turnwise
from rag.retrieval.followups import follow_up
from rag.retrieval.followups.completion import stands_alone
from rag.retrieval.followups.reading import read
from rag.retrieval.followups.things import SALIENCE, Salience
from rag.retrieval.retriever import Retriever
from rag.retrieval.types import Exchange
from rag.settings import load_settings

DEFAULT = (
    "../shared/benchmarks/cast_rewrites/turns.jsonl",
    "../shared/benchmarks/mtrag_un/questions.jsonl",
    "../shared/benchmarks/mtrag_un/transcripts.jsonl",
)
YEARS = ("cast19", "cast20", "cast21")
SHOWN = ("gold_within_150", "gold_within_300", "gold_within_1000", "nDCG@10", "hit@1")
LONGEST = 2000
SEED = 5
CANDIDATES = {
    "shipped": SALIENCE,
    "kept .3": replace(SALIENCE, kept=0.3),
    "kept .9": replace(SALIENCE, kept=0.9),
    "dropped .6": replace(SALIENCE, dropped=0.6),
    "referred 0": replace(SALIENCE, referred=0.0),
    "wrong_number 1": replace(SALIENCE, wrong_number=1.0),
}
Understand = Callable[[str, Sequence[str]], str]


def alone(question: str, history: Sequence[str]) -> str:
    """Return the question as it is."""
    return question


def previous_in_front(question: str, history: Sequence[str]) -> str:
    """Return the question with the one before it in front."""
    return f"{history[-1]} {question}"[-LONGEST:] if history else question


def understood(weights: Salience = SALIENCE) -> Understand:
    """Return what makes a question stand alone with these weights."""
    return lambda question, history: (
        follow_up(question, [Exchange(question=asked) for asked in history], weights=weights).standalone
    )


def tokens(text: str) -> list[str]:
    """Return the words of a text in lower case, without the ending of a possessive."""
    return re.findall(r"[a-z0-9]+", text.lower().replace("’", "'").replace("'s", ""))


def token_f1(found: str, wanted: str) -> float:
    """Return the harmonic mean of precision and recall of words, counted as often as they occur."""
    one, other = Counter(tokens(found)), Counter(tokens(wanted))
    total = sum(one.values()) + sum(other.values())
    return 2 * sum((one & other).values()) / total if total else 1.0


def against_rewrites(rows: Sequence[dict[str, Any]], understand: Understand) -> dict[str, float]:
    """Return the measures of one way to understand questions."""
    f1 = same = changed = should = both = 0.0
    started = process_time()
    found = [understand(" ".join(row["question"].split()), row["history"]) for row in rows]
    seconds = process_time() - started
    for row, text in zip(rows, found, strict=True):
        f1 += token_f1(text, row["standalone"])
        same += tokens(text) == tokens(row["standalone"])
        did, ought = (tokens(row["question"]) != tokens(other) for other in (text, row["standalone"]))
        changed, should, both = changed + did, should + ought, both + (did and ought)
    return {
        "F1": f1 / len(rows),
        "same": same / len(rows),
        "precision": both / changed if changed else 0.0,
        "recall": both / should if should else 0.0,
        "ms": 1000 * seconds / len(rows),
    }


def as_asked(questions: Sequence[Question], understand: Understand) -> list[Question]:
    """Return questions put another way, without their history."""
    return [
        question.model_copy(update={"question": understand(question.question, question.history), "history": ()})
        for question in questions
    ]


def with_other_history(questions: Sequence[Question]) -> list[Question]:
    """Return the questions that stand alone, each behind the history of another conversation."""
    chooser = random.Random(SEED)
    following = [question for question in questions if question.history]
    found = []
    for question in questions:
        others = [other for other in following if other.id.partition("<")[0] != question.id.partition("<")[0]]
        history = chooser.choice(others).history
        if stands_alone(read(" ".join(question.question.split()))):
            found.append(question.model_copy(update={"history": history}))
    return found


def figures(turnwise: Turnwise, whole: QuestionSet, questions: Sequence[Question]) -> dict[str, float]:
    """Return the means of the measures of what is found."""
    part = replace(whole, questions=tuple(questions))
    report = evaluate(part, InProcessTarget(turnwise), RunOptions(search_only=True)).report
    return {figure.name: figure.value for figure in report.figures}


def without_reranker(turnwise: Turnwise) -> Turnwise:
    """Return the product with search alone."""
    retriever = Retriever(engine=turnwise.engine, embedder=turnwise.embedder, library=turnwise.library)
    return replace(turnwise, retriever=retriever)


def print_rewrites(rows: Sequence[dict[str, Any]]) -> None:
    """Print the first table."""
    print(f"| CAsT | questions | | F1 | same | precision | recall | ms |\n|{' --- |' * 8}")
    for year in YEARS:
        part = [row for row in rows if row["id"].startswith(year) and row["history"]]
        for name, way in (("alone", alone), ("previous in front", previous_in_front), ("shipped", understood())):
            values = against_rewrites(part, way)
            cells = " | ".join(f"{values[key]:.3f}" for key in ("F1", "same", "precision", "recall"))
            print(f"| {year} | {len(part)} | {name} | {cells} | {values['ms']:.2f} |")


def print_found(turnwise: Turnwise, whole: QuestionSet, questions: Sequence[Question]) -> None:
    """Print the second table."""
    print(f"\n| MTRAG-UN | reranker | | {' | '.join(SHOWN)} |\n| --- | --- | --- |{' --- |' * len(SHOWN)}")
    histories = {"own history": list(questions), "another's history": with_other_history(questions)}
    for reranker, product in (("no", without_reranker(turnwise)), ("yes", turnwise)):
        for name, asked in histories.items():
            ways = {
                "alone": as_asked(asked, alone),
                "previous in front": as_asked(asked, previous_in_front),
                "shipped": asked,
            }
            for way, put in ways.items():
                values = figures(product, whole, put)
                cells = " | ".join(f"{values[key]:.3f}" for key in SHOWN)
                print(f"| {name} ({len(asked)}) | {reranker} | {way} | {cells} |", flush=True)


def print_fits(
    rows: Sequence[dict[str, Any]], turnwise: Turnwise, whole: QuestionSet, questions: Sequence[Question]
) -> None:
    """Print the third table: each candidate on both sets; the best of one column is judged by the other."""
    following = [row for row in rows if row["history"]]
    first_year = [row for row in following if row["id"].startswith(YEARS[0])]
    product = without_reranker(turnwise)
    print(f"\n| weights | CAsT F1, 2019 | all | MTRAG-UN nDCG@10 of the rewriting alone |\n|{' --- |' * 4}")
    for name, weights in CANDIDATES.items():
        way = understood(weights)
        found = figures(product, whole, as_asked(questions, way))["nDCG@10"]
        first, every = (against_rewrites(part, way)["F1"] for part in (first_year, following))
        print(f"| {name} | {first:.4f} | {every:.4f} | {found:.3f} |", flush=True)


def main(cast: str, questions: str, transcripts: str) -> None:
    """Print all three tables."""
    rows = [json.loads(line) for line in Path(cast).read_text("utf-8").splitlines() if line.strip()]
    print_rewrites(rows)
    whole = load_questions(Path(questions))
    answerable = [question for question in whole.questions if question.answerable]
    source = Path(transcripts)
    with (
        tempfile.TemporaryDirectory() as folder,
        open_turnwise(load_settings(home=source if source.is_dir() else Path(folder))) as turnwise,
    ):
        if not source.is_dir():
            turnwise.ingestion.add([transcripts])
        print_found(turnwise, whole, answerable)
        print_fits(rows, turnwise, whole, answerable)


if __name__ == "__main__":
    main(*(sys.argv[1:] or DEFAULT))
