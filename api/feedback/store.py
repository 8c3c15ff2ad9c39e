"""Keeps which requests were answered and what people think of the answers.

The words of a question are kept only if the owner turned question logging on. Any process may write: workers share it.
"""

import datetime as dt
import logging
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.engine import RowMapping

from api.feedback.database import DATABASE_NAME, WHOLE_ANSWER, asked, feedback, open_database, translated
from api.feedback.noting import Noting, Row
from api.feedback.types import Asked, Feedback, Rating
from rag.errors import IndexUnavailableError, InputError, NotFoundError

KEPT_REQUESTS = 10_000
"""Requests without words that feedback can still be given on: the latest."""
TIDY_EVERY = 500
"""Notes between two looks at what is too old."""
NOTED_WITHIN_S = 0.3
"""How long another worker may take to note what it answered, before feedback on it is on nothing."""
LOOK_EVERY_S = 0.02

# Made once: a statement of its own for each request took three times as long to make as to run.
_INSERT = insert(asked)
_NOTE = _INSERT.on_conflict_do_update(
    index_elements=["request_id"], set_={column.name: _INSERT.excluded[column.name] for column in asked.columns}
)

log = logging.getLogger("turnwise.feedback")


class FeedbackStore:
    """Notes answered requests and takes feedback on them."""

    def __init__(self, home: Path, *, log_questions: bool, days: int, kept: int = KEPT_REQUESTS) -> None:
        """Open the store of a data folder and drop what is too old.

        Args:
            home: The data folder.
            log_questions: Whether to keep the words of questions.
            days: How long anything is kept.
            kept: How many requests without words are kept at most.

        Raises:
            IndexUnavailableError: The store can't be opened.
        """
        self.log_questions = log_questions
        self._path = home / DATABASE_NAME
        self._days = days
        self._kept = kept
        self._notes = 0
        self._engine = open_database(home)
        self._noting = Noting(self._write)
        self.tidy()

    def note(self, request_id: str, *, question: str, status: str, citations: int = 0) -> None:
        """Note soon that a request was answered. That this fails is logged; it is no reason to fail the request."""
        self._noting.put(
            {
                "request_id": request_id,
                "at": time.time(),
                "status": status,
                "citations": citations,
                "question": question if self.log_questions else None,
            }
        )

    def rate(self, request_id: str, rating: Rating, *, comment: str | None = None, citation: int | None = None) -> None:
        """Store feedback on an answer; what was said of the same before is replaced.

        Raises:
            NotFoundError: No request of that id was answered, or it was too long ago.
            InputError: The answer had no such citation.
            IndexUnavailableError: It can't be stored.
        """
        self._await_note(request_id)
        with translated(self._path), self._engine.begin() as connection:
            found = connection.execute(select(asked).where(asked.c.request_id == request_id)).mappings().first()
            if found is None:
                raise NotFoundError(
                    f"No request {request_id!r} was answered lately. Give the `request_id` of a search or an answer."
                )
            if citation is not None and not 1 <= citation <= found["citations"]:
                raise InputError(f"citation: that answer had {found['citations']} citations, and none is {citation}.")
            row = {
                "request_id": request_id,
                "citation": WHOLE_ANSWER if citation is None else citation,
                "at": time.time(),
                "rating": rating,
                "comment": comment,
                "status": found["status"],
                "question": found["question"],
            }
            statement = insert(feedback).values(row)
            connection.execute(statement.on_conflict_do_update(index_elements=["request_id", "citation"], set_=row))

    def asked(self, since: dt.datetime | None = None) -> Iterator[Asked]:
        """Iterate over the requests that are kept, the oldest first."""
        for row in self._rows(asked, since):
            yield Asked(**{**row, "at": _moment(row["at"])})

    def feedback(self, since: dt.datetime | None = None) -> Iterator[Feedback]:
        """Iterate over all feedback, the oldest first."""
        for row in self._rows(feedback, since):
            citation = None if row["citation"] == WHOLE_ANSWER else row["citation"]
            yield Feedback(**{**row, "at": _moment(row["at"]), "citation": citation})

    def erase(self, *, request_id: str | None = None, before: dt.datetime | None = None) -> int:
        """Erase questions and feedback beyond recovery, and return how many: of one request, up to a moment, or all."""
        self._noting.flush()
        return self._erase(request_id=request_id, before=before)

    def _erase(self, *, request_id: str | None = None, before: dt.datetime | None = None) -> int:
        erased = 0
        with translated(self._path):
            with self._engine.begin() as connection:
                for table in (asked, feedback):
                    statement = delete(table)
                    if request_id is not None:
                        statement = statement.where(table.c.request_id == request_id)
                    if before is not None:
                        statement = statement.where(table.c.at < before.timestamp())
                    erased += connection.execute(statement).rowcount
            with self._engine.connect() as connection:
                # The write-ahead log still holds the pages as they were.
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        return erased

    def tidy(self) -> None:
        """Erase what is older than it may be, and the oldest of the requests without words."""
        self._noting.flush()
        self._tidy()

    def _tidy(self) -> None:
        self._erase(before=dt.datetime.now(dt.UTC) - dt.timedelta(days=self._days))
        rank = func.row_number().over(order_by=asked.c.at.desc())
        wordless = select(asked.c.request_id, rank.label("place")).where(asked.c.question.is_(None)).subquery()
        beyond = select(wordless.c.request_id).where(wordless.c.place > self._kept)
        with translated(self._path), self._engine.begin() as connection:
            connection.execute(delete(asked).where(asked.c.request_id.in_(beyond)))

    def close(self) -> None:
        """Release the database."""
        self._noting.close()
        self._engine.dispose()

    def _write(self, rows: Sequence[Row]) -> None:
        """Store notes, and now and then erase what is too old."""
        try:
            with translated(self._path), self._engine.begin() as connection:
                connection.execute(_NOTE, rows)
            due = (self._notes + len(rows)) // TIDY_EVERY > self._notes // TIDY_EVERY
            self._notes += len(rows)
            if due:
                self._tidy()
        except IndexUnavailableError:
            log.exception("%d requests were not noted: no feedback can be given on them", len(rows))

    def _await_note(self, request_id: str) -> None:
        """Give whichever worker answered a request the time to note it."""
        wanted = select(asked.c.request_id).where(asked.c.request_id == request_id)
        until = time.monotonic() + NOTED_WITHIN_S
        self._noting.flush()
        while time.monotonic() < until:
            with translated(self._path), self._engine.connect() as connection:
                if connection.execute(wanted).first() is not None:
                    return
            time.sleep(LOOK_EVERY_S)

    def _rows(self, table: Any, since: dt.datetime | None) -> list[RowMapping]:
        self._noting.flush()
        statement = select(table).order_by(table.c.at, table.c.request_id)
        if since is not None:
            statement = statement.where(table.c.at >= since.timestamp())
        with translated(self._path), self._engine.connect() as connection:
            return list(connection.execute(statement).mappings())


def _moment(seconds: float) -> dt.datetime:
    return dt.datetime.fromtimestamp(seconds, dt.UTC)
