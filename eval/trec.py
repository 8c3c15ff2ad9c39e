"""Files that the tools of information retrieval read: `qrels` and `run`, as trec_eval defines them.

A document is a passage (its `chunk_id`). Its grade is the number of gold items that it is the first to meet; gold that
no passage meets is in the qrels as a document `gold:N` that no run holds. So the qrels belong to this run: another
cutting into chunks makes other documents. Unanswerable questions are in the run and not in the qrels.
"""

from collections.abc import Iterable
from pathlib import Path

from eval.judge import Judged
from eval.metrics.ranked import ranking, relevance

RUN_NAME = "turnwise"


def write_qrels(judged: Iterable[Judged], path: Path) -> None:
    """Write `question 0 document grade` lines."""
    lines = [
        f"{_query_id(item)} 0 {qrel.doc_id} {qrel.relevance}\n"
        for item in judged
        if item.search is not None
        for qrel in relevance(item.question.id, item.gold, item.search.passages)
    ]
    path.write_text("".join(lines), encoding="utf-8")


def write_run(judged: Iterable[Judged], path: Path) -> None:
    """Write `question Q0 document rank score name` lines."""
    lines = [
        f"{_query_id(item)} Q0 {found.doc_id} {rank} {found.score:g} {RUN_NAME}\n"
        for item in judged
        if item.search is not None
        for rank, found in enumerate(ranking(item.question.id, item.search.passages), start=1)
    ]
    path.write_text("".join(lines), encoding="utf-8")


def _query_id(item: Judged) -> str:
    return "_".join(item.question.id.split())
