"""What putting mistyped words of questions right gains, and what it costs questions that are typed well.

    python -m benchmarks.mistyped_questions eval/sets/corpus.jsonl corpus \
        ../shared/questions/seeds-dev.jsonl ../shared/seeds

Pairs of question set and transcripts. Each question that stands alone and has a quoted answer is asked as it is, and
with one or two random slips in its words (seeded; a letter left out, doubled, replaced by a neighbour on the keyboard,
or swapped with the next), with correction and without. Printed: the share of questions whose gold is in the first 1, 5
and 10 passages of a hybrid and of a word search; how many slips were put right, left, and made wrong; the words of the
well-typed questions that were changed, and the time that correction takes.
"""

import json
import random
import re
import sys
import tempfile
from collections import Counter
from pathlib import Path
from time import perf_counter

from rag.assembly import Turnwise, open_turnwise
from rag.mishearing.glossaries import Glossaries
from rag.mishearing.misspelling import Misspellings
from rag.mishearing.vocabulary import Vocabularies
from rag.retrieval.reranking import FeatureReranker
from rag.retrieval.retriever import Retriever
from rag.retrieval.terms import term_set
from rag.retrieval.types import Mode
from rag.settings import load_settings

SEED = 20261122
ROUNDS = 5
"""Times that each question is mistyped."""
LEVELS = (1, 5, 10)
_WORD = re.compile(r"[A-Za-z]{5,}")
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_BESIDE = {letter: "".join({*row[max(0, n - 1) : n + 2]} - {letter}) for row in _ROWS for n, letter in enumerate(row)}


def mistyped(word: str, slips: int, chance: random.Random) -> str:
    """Return a word with random slips; its first letter stays."""
    letters = list(word)
    for _ in range(slips):
        at = chance.randrange(1, len(letters))
        kind = chance.choice(("left out", "doubled", "neighbour", "swapped"))
        if kind == "swapped" and at + 1 < len(letters):
            letters[at], letters[at + 1] = letters[at + 1], letters[at]
        elif kind == "doubled":
            letters.insert(at, letters[at])
        elif kind == "neighbour":
            letters[at] = chance.choice(sorted(_BESIDE[letters[at].lower()]))
        else:
            del letters[at]
    return "".join(letters)


def questions_of(path: Path) -> list[tuple[str, list[str]]]:
    """Return the questions that stand alone and have quoted answers, with the quotes."""
    lines = (json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip())
    return [
        (item["question"], [gold["quote"] for gold in item["gold"] if "quote" in gold])
        for item in lines
        if not item.get("history") and any("quote" in gold for gold in item["gold"]) and _WORD.search(item["question"])
    ]


def rank_of(retriever: Retriever, question: str, quotes: list[str], mode: Mode) -> int:
    """Return the rank of the first passage with a gold quote; a large number where there is none."""
    wanted = [" ".join(quote.split()) for quote in quotes]
    for passage in retriever.search(question, top_k=max(LEVELS), mode=mode).passages:
        said = " ".join(passage.text.split())
        if any(quote in said for quote in wanted):
            return passage.rank
    return 1000


def report(name: str, turnwise: Turnwise, questions: list[tuple[str, list[str]]]) -> None:
    """Print the figures of one set."""
    glossaries = Glossaries(turnwise.engine, turnwise.settings.home)
    spelling = Misspellings(vocabularies=Vocabularies(turnwise.engine), glossaries=glossaries)
    retrievers = {
        made: Retriever(
            engine=turnwise.engine,
            embedder=turnwise.embedder,
            library=turnwise.library,
            reranker=FeatureReranker(),
            spelling=used,
        )
        for made, used in (("as typed", None), ("corrected", spelling))
    }
    spelling.corrected("warrming")
    started = perf_counter()
    changed = [(q, spelling.corrected(q)) for q, _ in questions]
    print(f"\n{name}: {len(questions)} questions, {(perf_counter() - started) / len(questions) * 1000:.2f} ms each")
    print("changed though well typed:", [(q, c) for q, c in changed if q != c] or "none")
    chance = random.Random(SEED)
    sets: dict[str, list[tuple[str, list[str]]]] = {"well typed": questions, "one slip": [], "two slips": []}
    told: Counter[str] = Counter()
    for slips, label in ((1, "one slip"), (2, "two slips")):
        for _ in range(ROUNDS):
            for question, quotes in questions:
                found = chance.choice(list(_WORD.finditer(question)))
                wrong = mistyped(found.group(), slips, chance)
                typed = question[: found.start()] + wrong + question[found.end() :]
                sets[label].append((typed, quotes))
                better = spelling.corrected(typed)
                same = term_set(better) == term_set(question)
                right = "right" if same else "left" if better == typed else "otherwise"
                told[f"{label}: put {right}" if right != "left" else f"{label}: left"] += 1
    print(dict(sorted(told.items())))
    for label, asked in sets.items():
        for mode in (Mode.HYBRID, Mode.LEXICAL):
            for made, retriever in retrievers.items():
                ranks = [rank_of(retriever, question, quotes, mode) for question, quotes in asked]
                shares = " / ".join(f"{sum(rank <= k for rank in ranks) / len(ranks):.3f}" for k in LEVELS)
                print(f"{label:10} {mode:8} {made:10} hit@{'/'.join(map(str, LEVELS))} {shares}")


def main() -> None:
    """Print the figures of pairs of question set and transcripts."""
    given = sys.argv[1:] or ["eval/sets/corpus.jsonl", "corpus"]
    for questions, transcripts in zip(given[::2], given[1::2], strict=True):
        with tempfile.TemporaryDirectory() as home, open_turnwise(load_settings(home=Path(home))) as turnwise:
            turnwise.ingestion.add([transcripts])
            report(questions, turnwise, questions_of(Path(questions)))


if __name__ == "__main__":
    main()
