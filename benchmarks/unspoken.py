"""Ask a collection about matters of which it doesn't speak, in words that fit it otherwise.

    python -m benchmarks.unspoken [TRANSCRIPTS]

The questions in `unspoken_questions.tsv` are about health care and what is far from it ("How is blockchain used in
health care?"). They were written without looking at any answer; those that the two seeds (the default) do touch were
left out. Part `fitted` was looked at when decision 009's "What hangs on words that nobody says" was made, `judged` was
written afterwards. Printed: by part, how many are refused, the mean confidence, and the surest that are answered.
"""

import sys
import tempfile
from pathlib import Path

from rag.answering.types import Status
from rag.assembly import open_turnwise
from rag.settings import load_settings

QUESTIONS = Path(__file__).with_name("unspoken_questions.tsv")
SEEDS = "../shared/seeds"
SHOWN = 5


def main(transcripts: str = SEEDS) -> None:
    """Print the figures of both parts."""
    rows = [line.split("\t") for line in QUESTIONS.read_text("utf-8").splitlines()]
    with tempfile.TemporaryDirectory() as folder, open_turnwise(load_settings(home=Path(folder))) as turnwise:
        turnwise.ingestion.add([transcripts])
        for part in ("fitted", "judged"):
            answers = [turnwise.answerer.ask(question) for of, question in rows if of == part]
            sure = sum(answer.confidence for answer in answers) / len(answers)
            answered = sorted((a for a in answers if a.status is Status.ANSWERED), key=lambda a: -a.confidence)
            print(f"{part}: {len(answers) - len(answered)} of {len(answers)} refused, mean confidence {sure:.2f}")
            for answer in answered[:SHOWN]:
                print(f"    {answer.confidence:.2f} {answer.question}")


if __name__ == "__main__":
    main(*sys.argv[1:2])
