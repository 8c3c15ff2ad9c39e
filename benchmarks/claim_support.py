"""How well sentences that are true to the conversations are told from such that are not.

119 sentences over four conversations of `corpus/`, true paraphrases and quotes, and lies of eleven kinds (a number, a
unit, a name, another speaker or office, the opposite, a turned direction, changed words, an invention, more than
was said, parts that changed places), each checked as a model's sentence without a passage number: against the passages
that it finds itself. The thresholds were chosen on two conversations (`fit`) and are judged on two others (`judge`).
The rules, not the thresholds, were mended after looking at errors on both.

    python -m benchmarks.claim_support
"""

import json
import tempfile
from collections import Counter
from pathlib import Path
from time import perf_counter

from rag.answering.generation.drafting import Draft
from rag.answering.generation.evidence import Evidence
from rag.answering.generation.support import Checker, Supported
from rag.assembly import open_turnwise
from rag.settings import load_settings

HERE = Path(__file__).parent
PASSAGES = 3


def main() -> None:
    """Print what is kept and refused, by part and kind, and the sentences that were judged wrongly."""
    rows = [json.loads(line) for line in (HERE / "claims.jsonl").read_text("utf-8").splitlines()]
    right: Counter[tuple[str, str]] = Counter()
    count: Counter[tuple[str, str]] = Counter()
    wrong: list[str] = []
    spent_s = 0.0
    with tempfile.TemporaryDirectory() as folder, open_turnwise(load_settings(home=Path(folder))) as turnwise:
        turnwise.ingestion.add([str(HERE.parent / "corpus")])
        for row in rows:
            passages = turnwise.retriever.search(row["claim"], top_k=PASSAGES).passages
            began = perf_counter()
            evidence = Evidence(
                passages,
                transcript_of=turnwise.library.find,
                known=turnwise.retriever.sentence_vectors(passages),
                embed=lambda texts: turnwise.embedder.embed(texts, input_type="document"),
            )
            checker = Checker(evidence, question=row["question"], speakers=turnwise.library.speakers())
            result = checker.check(Draft(text=row["claim"], passages=()))
            spent_s += perf_counter() - began
            kind = "true" if row["true"] else row["kind"]
            well = isinstance(result, Supported) is row["true"]
            for group in (kind,) if row["true"] else (kind, "all lies"):
                count[row["part"], group] += 1
                right[row["part"], group] += well
            if not well:
                reason = "kept" if isinstance(result, Supported) else result
                wrong.append(f"{row['part']}, {kind}: {row['claim']} ({reason})")
    print(f"{len(rows)} sentences, {spent_s / len(rows) * 1000:.0f} ms each")
    for part, group in sorted(count):
        verb = "kept" if group == "true" else "refused"
        print(f"{part:6} {group:10} {verb:8} {right[part, group]:3} of {count[part, group]}")
    print("\nJudged wrongly:", *wrong, sep="\n")


if __name__ == "__main__":
    main()
