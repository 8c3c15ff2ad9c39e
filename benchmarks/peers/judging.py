"""Judge any system's passages by their text alone, with the harness's own rule for what meets gold.

A passage meets a gold item when it is of the item's source and holds one of its marks (`eval/metrics/within_words.py`).
hit@k, all-gold@5 and nDCG@10 here rest on that rule too, since other systems' passages know no turns. So they differ
a little from what `turnwise eval` says, which asks for the whole quote.
"""

import json
import math
from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from eval.dataset import Question
from eval.gold import Gold, resolve
from eval.metrics.case import Share, Shares
from eval.metrics.within_words import LIMITS, words_to_gold
from eval.responses import RankedPassage, Stretch
from eval.sources import Sources
from eval.target.protocol import Document, Timed

HIT_AT = (1, 5, 10)
ALL_GOLD_AT = 5
NDCG_AT = 10


class NativeTranscripts:
    """Transcripts in native JSON Lines, as much of a target as the harness needs to look gold up."""

    def __init__(self, path: Path) -> None:
        with path.open(encoding="utf-8") as lines:
            natives = [json.loads(line) for line in lines]
        self._documents: dict[str, Document] = {native["id"]: _shown(native) for native in natives}

    def transcripts(self) -> list[Document]:
        """List all transcripts."""
        return [{"id": document["id"], "title": document["title"]} for document in self._documents.values()]

    def transcript(self, transcript_id: str) -> Document | None:
        """Return one transcript."""
        return self._documents.get(transcript_id)

    def file_stems(self) -> dict[str, str]:
        """Return nothing: all transcripts are of one file."""
        return {}

    def warm(self) -> None:
        """Do nothing: nobody searches here."""

    def describe(self) -> Document:
        """Say what this is."""
        return {"kind": "native JSON Lines"}

    def search(self, query: str, *, history: Sequence[str], top_k: int, mode: str) -> Timed:
        """Refuse: this only holds transcripts."""
        raise NotImplementedError

    def ask(self, question: str, *, history: Sequence[str], generator: str | None) -> Timed:
        """Refuse: this only holds transcripts."""
        raise NotImplementedError


def _shown(native: Mapping[str, Any]) -> Document:
    turns = [
        {"turn": number, "speaker": turn.get("speaker"), "text": turn["text"]}
        for number, turn in enumerate(native["turns"])
    ]
    return {"id": native["id"], "title": native["title"], "turns": turns}


def judge(questions: Sequence[Question], answers: Sequence[Mapping[str, Any]], transcripts: Path) -> list[Shares]:
    """Judge one run; the answers are in the order of the questions.

    Raises:
        ValueError: Gold is not in the transcripts, or an answer belongs to another question.
    """
    sources = Sources(NativeTranscripts(transcripts))
    judged = []
    for question, answer in zip(questions, answers, strict=True):
        if question.id != answer["id"]:
            raise ValueError(f"the answer to {answer['id']} stands where {question.id} is asked")
        gold, missing = resolve(question, sources)
        if missing:
            raise ValueError("; ".join(missing))
        judged.append(shares_of(gold, [_ranked(n, found) for n, found in enumerate(answer["passages"], start=1)]))
    return judged


def shares_of(gold: Sequence[Gold], passages: Sequence[RankedPassage]) -> Shares:
    """Return the measures of one question."""
    ranks = [_first_rank(item, passages) for item in gold]
    found = [rank for rank in ranks if rank is not None]
    shares = {f"hit@{k}": Share(float(any(rank <= k for rank in found))) for k in HIT_AT}
    shares[f"all_gold@{ALL_GOLD_AT}"] = Share(
        float(len(found) == len(ranks) and all(rank <= ALL_GOLD_AT for rank in found))
    )
    words = words_to_gold(gold, passages)
    shares |= {f"gold_within_{limit}": Share(float(words is not None and words <= limit)) for limit in LIMITS}
    shares[f"nDCG@{NDCG_AT}"] = Share(_ndcg(ranks))
    return shares


def _first_rank(item: Gold, passages: Sequence[RankedPassage]) -> int | None:
    return next((p.rank for p in passages if words_to_gold([item], [p]) is not None), None)


def _ndcg(ranks: Sequence[int | None]) -> float:
    """Return nDCG@10 as `eval/metrics/ranked.py` defines it: a grade is the gold items that a passage meets first."""
    grades: dict[int, int] = {}
    for rank in ranks:
        if rank is not None:
            grades[rank] = grades.get(rank, 0) + 1
    gain = sum(grade / math.log2(rank + 1) for rank, grade in grades.items() if rank <= NDCG_AT)
    ideal = sorted([*grades.values(), *(1 for rank in ranks if rank is None)], reverse=True)
    return gain / sum(grade / math.log2(place + 1) for place, grade in enumerate(islice(ideal, NDCG_AT), start=1))


def _ranked(rank: int, found: Mapping[str, str]) -> RankedPassage:
    text = found["text"]
    return RankedPassage(
        rank=rank,
        score=-rank,
        chunk_id=str(rank),
        transcript_id=found["source"],
        turns=(Stretch(turn=0, start=0, end=len(text), text=text),),
    )
