"""Compare lexical engines: quality, speed over 20 million words, cost of one update, what a kill leaves.

Run as `python -m benchmarks.lexical` from the project's root, with the extra `bench` installed and the shared
material beside the project. `--episodes 200` makes the large part small.
"""

import argparse
import contextlib
import json
import lzma
import math
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.lexical_engines import ENGINES, LexicalEngine, Transcript, emptied, folder_size_mb

BENCHMARKS = Path(__file__).resolve().parents[1].parent / "shared" / "benchmarks"
WORDS_A_CHUNK = 150
_KILL_WINDOW_S = 0.03
"""After an engine began to write: about as long as a small update takes, so that most kills fall into one."""
Gold = tuple[str, list[tuple[str, int, int]]]
"""A question and its gold: source, first and last turn."""


def chunks_of(transcript: dict[str, Any]) -> list[tuple[str, str]]:
    """Pack turns into chunks of at least WORDS_A_CHUNK words and cut longer ones; ids are source:first:last:number."""
    packed: list[tuple[int, int, list[str]]] = []
    words: list[str] = []
    first = 0
    for number, turn in enumerate(transcript["turns"]):
        words += turn["text"].split()
        while len(words) >= WORDS_A_CHUNK:
            packed.append((first, number, words[:WORDS_A_CHUNK]))
            words = words[WORDS_A_CHUNK:]
            first = number
        if not words:
            first = number + 1
    if words:
        packed.append((first, len(transcript["turns"]) - 1, words))
    return [(f"{transcript['id']}:{a}:{b}:{n}"[-64:], " ".join(w)) for n, (a, b, w) in enumerate(packed)]


def transcripts_of(lines: Iterable[str]) -> Iterator[Transcript]:
    """Read transcripts in native JSON Lines and cut them into chunks."""
    for line in lines:
        transcript = json.loads(line)
        yield transcript["id"], chunks_of(transcript)


def questions_of(path: Path) -> list[Gold]:
    """Read a question set."""
    questions = []
    for line in path.read_text(encoding="utf-8").splitlines():
        whole = json.loads(line)
        gold = [(g["source"], *g.get("turns", (0, 10**9))) for g in whole["gold"]]
        questions.append((whole["question"], gold))
    return questions


def quality(engine: LexicalEngine, transcripts: Sequence[Transcript], questions: Sequence[Gold]) -> tuple[float, float]:
    """Return nDCG@10 (binary gain, Järvelin and Kekäläinen 2002) and hit@1; a chunk that touches gold turns counts."""
    ids = [i for _, chunks in transcripts for i, _ in chunks]
    gains, hits = [], []
    for question, gold in questions:
        found = [_is_relevant(i, gold) for i in engine.search(question, 10)]
        ideal = sum(1 / math.log2(n + 2) for n in range(min(10, sum(_is_relevant(i, gold) for i in ids))))
        gains.append(sum(1 / math.log2(n + 2) for n, good in enumerate(found) if good) / ideal)
        hits.append(bool(found) and found[0])
    return float(np.mean(gains)), float(np.mean(hits))


def _is_relevant(chunk_id: str, gold: list[tuple[str, int, int]]) -> bool:
    source, first, last, _ = chunk_id.rsplit(":", 3)
    return any(source == s and int(first) <= b and int(last) >= a for s, a, b in gold)


def milliseconds(engine: LexicalEngine, queries: Sequence[str]) -> tuple[float, float]:
    """Return the median and the 95th percentile of a search for ten chunks, after a warm-up."""
    for query in queries[:20]:
        engine.search(query, 10)
    times = []
    for query in queries:
        began = time.perf_counter()
        engine.search(query, 10)
        times.append((time.perf_counter() - began) * 1000)
    return float(np.percentile(times, 50)), float(np.percentile(times, 95))


def kills(name: str, folder: Path, transcripts: Sequence[Transcript], rounds: int) -> str:
    """Kill an updating process at random moments; say how often the index was whole and complete after it."""
    engine = ENGINES[name](emptied(folder))
    engine.add(transcripts)
    engine.close()
    moments = random.Random(5)
    whole = complete = 0
    for number in range(rounds):
        before = folder.with_name(f"{folder.name}-before")
        shutil.copytree(folder, emptied(before))
        command = [sys.executable, "-m", "benchmarks.lexical", "--update", name, str(folder), str(number)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout is not None
            said = [child.stdout.readline() for _ in range(2)]
            # Two updates are acknowledged; the kill falls into the next time that it writes.
            files = _modified(folder)
            while files == _modified(folder):
                time.sleep(0.0002)
            time.sleep(moments.uniform(0, _KILL_WINDOW_S))
            child.kill()
            said += child.stdout.readlines()
        acknowledged = [line.strip() for line in said if line.endswith("\n")]
        try:
            after = ENGINES[name](folder)
            sound = bool(after.search("government support", 10))
            whole += sound
            complete += sound and all(after.search(word, 1) for word in acknowledged)
            after.close()
        except Exception as error:  # noqa: BLE001 - whatever an engine raises means: not whole
            print(f"  {name}, kill {number + 1}: {type(error).__name__}: {str(error)[:90]}", file=sys.stderr)
            shutil.rmtree(folder)
            before.rename(folder)
    return f"{whole} of {rounds} open, {complete} with all acknowledged"


def _modified(folder: Path) -> list[tuple[str, int]]:
    """Return all files with the times of their last change; one that vanishes meanwhile counts as absent."""
    found = []
    for path in folder.rglob("*"):
        with contextlib.suppress(FileNotFoundError):
            found.append((str(path), path.stat().st_mtime_ns))
    return found


def update_forever(name: str, folder: Path, number: int) -> None:
    """Add one small transcript after the other and print a word that finds it."""
    engine = ENGINES[name](folder)
    count = 0
    while True:
        word = f"acknowledged{number}x{count}"
        engine.add([(word, [(f"{word}:0:0:{n}", f"{word} government support") for n in range(20)])])
        print(word, flush=True)
        count += 1


def main() -> None:
    """Run the comparison and print it as a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--episodes", type=int, default=None, help="of the large set; default: all")
    parser.add_argument("--queries", type=int, default=400, help="to measure speed with")
    parser.add_argument("--kills", type=int, default=10, help="of an updating process, for each engine")
    parser.add_argument("--engines", nargs="*", default=list(ENGINES), choices=list(ENGINES))
    parser.add_argument("--update", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.update:
        update_forever(options.update[0], Path(options.update[1]), int(options.update[2]))
    if not BENCHMARKS.is_dir():
        sys.exit(f"{BENCHMARKS} is absent: this benchmark needs the shared material beside the project")
    committee = BENCHMARKS / "qmsum" / "committee-transcripts.jsonl"
    small = list(transcripts_of(committee.read_text(encoding="utf-8").splitlines()))
    questions = questions_of(BENCHMARKS / "qmsum" / "committee-questions.jsonl")
    asked = [q for q, _ in [*questions, *questions_of(BENCHMARKS / "hhs_oig" / "questions.jsonl")]]
    queries = random.Random(1).sample(asked, min(options.queries, len(asked)))
    with lzma.open(BENCHMARKS / "changelog" / "transcripts.jsonl.xz", "rt", encoding="utf-8") as lines:
        large = list(transcripts_of(islice(lines, options.episodes)))
    words = sum(len(text.split()) for _, chunks in large for _, text in chunks)
    print(f"{len(questions)} questions; {sum(len(c) for _, c in large):,} chunks of {words / 1e6:.1f} million words\n")
    print("| engine | nDCG@10 | hit@1 | query p50 ms | p95 ms | build s | add one transcript s | MB | after kill -9 |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    material = {
        "small": small,
        "large": large,
        "questions": questions,
        "queries": queries,
        "rounds": options.kills,
    }
    for name in options.engines:
        with tempfile.TemporaryDirectory() as temporary:
            print(_row(name, Path(temporary), **material), flush=True)


def _row(
    name: str,
    folder: Path,
    *,
    small: Sequence[Transcript],
    large: Sequence[Transcript],
    questions: Sequence[Gold],
    queries: Sequence[str],
    rounds: int,
) -> str:
    """Measure one engine."""
    engine = ENGINES[name](folder / "small")
    engine.add(small)
    gain, hit = quality(engine, small, questions)
    engine.close()
    began = time.perf_counter()
    engine = ENGINES[name](folder / "large")
    engine.add(large[:-1])
    built = time.perf_counter() - began
    median, worst = milliseconds(engine, queries)
    began = time.perf_counter()
    engine.add(large[-1:])
    added = time.perf_counter() - began
    engine.close()
    size = folder_size_mb(folder / "large")
    left = kills(name, folder / "kill", small, rounds) if rounds else "-"
    return (
        f"| {name} | {gain:.3f} | {hit:.3f} | {median:.1f} | {worst:.1f} | {built:.0f} | {added:.2f} | {size:.0f} "
        f"| {left} |"
    )


if __name__ == "__main__":
    main()
