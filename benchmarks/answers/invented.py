"""Two question sets over invented conversations by which the reader's weights were not fitted, and these conversations.

`invented-fitted`: what was asked about the 30 that were watched while the reader was trained; weights of *answers* are
fitted by it. `invented-judged`: about 58 others. Both are put to all 88, where another may speak of the same matter:
harder than what one conversation is asked alone, and now and then what has no answer in its own has one in another.
"""

import json
from collections.abc import Iterator
from typing import Any

from benchmarks.reader.questions import CONVERSATIONS, lines
from rag.transcripts.sentences import sentences

CONVERSATIONS_FILE = "invented.jsonl"
PARTS = {"watched": "invented-fitted", "judged": "invented-judged"}
"""Of the conversations, and the set that asks about them."""
ALL_OF_THEM = ("list", "broad")
"""Kinds of which a whole answer draws on all that is marked."""


def conversation_lines() -> bytes:
    """Return the conversations, native JSON Lines."""
    kept = ({name: row[name] for name in ("id", "title", "turns")} for row in _rows())
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in kept).encode()


def invented_sets() -> dict[str, list[str]]:
    """Return the lines of each set, as the harness reads them."""
    found: dict[str, list[str]] = {name: [] for name in PARTS.values()}
    for row in _rows():
        of_set = found[PARTS[row["part"]]]
        for question in row["questions"]:
            named = {"id": f"i{sum(map(len, found.values())):04}", "kind": question["kind"]}
            document = named | {"question": question["question"], "gold": _quotes(row, question["gold"])}
            if len(question["gold"]) > 1 and question["kind"] not in ALL_OF_THEM:
                document["any"] = True
            of_set.append(json.dumps(document, ensure_ascii=False) + "\n")
    return found


def _rows() -> Iterator[dict[str, Any]]:
    return (row for row in lines(CONVERSATIONS) if row["part"] in PARTS and row["genre"] == "care")


def _quotes(row: dict[str, Any], places: list[list[int]]) -> list[dict[str, str]]:
    quotes = []
    for number, start in places:
        turn = row["turns"][number]
        end = next(sentence.end for sentence in sentences(turn["text"]) if sentence.start == start)
        quotes.append({"source": row["id"], "speaker": turn["speaker"], "quote": turn["text"][start:end].strip()})
    return quotes
