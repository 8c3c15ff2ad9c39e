"""The sets: transcripts in native JSON Lines, and questions that have an answer in them."""

import json
import random
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from benchmarks.peers.environments import ROOT
from eval.dataset import Question, load_questions

SHARED = ROOT.parent / "shared"
SAMPLE_SEED = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """One set, ready to be given to every system alike."""

    name: str
    transcripts: Path
    questions: tuple[Question, ...]
    queries: Path
    """JSON Lines of `id` and `query`: what every system is asked."""


PLACES = {
    "seeds": ("seeds", "questions/seeds-dev.jsonl"),
    "qmsum": ("benchmarks/qmsum/committee-transcripts.jsonl", "benchmarks/qmsum/committee-questions.jsonl"),
    "hhs": ("benchmarks/hhs_oig/transcripts.jsonl", "benchmarks/hhs_oig/questions.jsonl"),
    "mtrag": ("benchmarks/mtrag_un/transcripts.jsonl", "benchmarks/mtrag_un/questions.jsonl"),
}
TITLES = {
    "seeds": "Seeds: 2 podcasts",
    "qmsum": "QMSum committee: 30 meetings",
    "hhs": "HHS OIG: 174 podcasts, host questions left out",
    "mtrag": "MTRAG-UN: 1,152 written passages, follow-ups",
}


def query_of(question: Question) -> str:
    """Return what is searched for: the previous question, where there is one, goes in front of this one."""
    return " ".join((*question.history[-1:], question.question))


def prepare(name: str, folder: Path, sample: int | None) -> Material:
    """Lay out a set in a folder; `sample` questions of it, drawn with a fixed seed, or all."""
    transcripts, questions = (SHARED / place for place in PLACES[name])
    if not transcripts.exists() or not questions.is_file():
        raise SystemExit(f"{transcripts} or {questions} is absent: this set lies beside the project")
    if transcripts.is_dir():
        transcripts = _native(transcripts, folder)
    asked = [question for question in load_questions(questions).questions if question.answerable]
    if sample is not None and sample < len(asked):
        chosen = set(random.Random(SAMPLE_SEED).sample(range(len(asked)), sample))
        asked = [question for number, question in enumerate(asked) if number in chosen]
    queries = folder / "queries.jsonl"
    lines = [json.dumps({"id": question.id, "query": query_of(question)}) + "\n" for question in asked]
    queries.write_text("".join(lines), encoding="utf-8")
    return Material(name=name, transcripts=transcripts, questions=tuple(asked), queries=queries)


def _native(pages: Path, folder: Path) -> Path:
    """Read pages with Turnwise's reader and write them as native JSON Lines, so that all systems get the same turns."""
    command = [sys.executable, "-m", "api.cli"]
    home = ["--home", str(folder / "reader")]
    subprocess.run([*command, "add", str(pages), *home], check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
    exported = subprocess.run([*command, "export", *home], check=True, cwd=ROOT, capture_output=True)
    native = folder / "transcripts.jsonl"
    native.write_bytes(exported.stdout)
    return native
