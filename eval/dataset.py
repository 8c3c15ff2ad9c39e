"""Question sets: JSON Lines, one question a line (interface.md, "Question sets")."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from eval.errors import DatasetError

LONGEST_QUESTION = 2000
"""Characters after trimming; the public contract."""
FOLLOW_UP = "follow-up"
UNANSWERABLE = "unanswerable"
PLAIN = "question"
MOST_PROBLEMS_SHOWN = 3

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
TurnNumber = Annotated[int, Field(ge=0)]


class GoldItem(BaseModel):
    """Something that a right passage holds: a quote, a span of turns, or anything of one transcript."""

    model_config = ConfigDict(extra="allow", frozen=True)

    source: Text
    """Matches a transcript by id, file name stem or title slug prefix."""
    speaker: str | None = None
    quote: Text | None = None
    """Verbatim, white space folded. With `turns` too, the quote is looked for in those turns."""
    turns: tuple[TurnNumber, TurnNumber] | None = None
    """First and last turn, counted from 0, inclusive."""

    @model_validator(mode="after")
    def _turns_in_order(self) -> "GoldItem":
        if self.turns and self.turns[0] > self.turns[1]:
            raise ValueError(f"turns {list(self.turns)} end before they begin")
        return self


class Question(BaseModel):
    """One question and what is known of its answer. Keys that the contract does not know are in `model_extra`."""

    model_config = ConfigDict(extra="allow", frozen=True, coerce_numbers_to_str=True)

    id: Text
    question: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_QUESTION)]
    kind: str | None = None
    history: tuple[str, ...] = ()
    """Earlier questions of the same conversation, oldest first."""
    gold: tuple[GoldItem, ...]
    """Empty: the transcripts do not answer the question, and `not_found` is right."""
    answer_contains: tuple[Text, ...] = ()
    min_sources: Annotated[int, Field(ge=1)] | None = None

    @property
    def answerable(self) -> bool:
        """Return whether the transcripts answer the question."""
        return bool(self.gold)

    @property
    def groups(self) -> tuple[str, ...]:
        """Return the kinds that the question is counted under; whatever has a history is a follow-up too."""
        kind = self.kind or (FOLLOW_UP if self.history else PLAIN if self.answerable else UNANSWERABLE)
        return (kind, FOLLOW_UP) if self.history and kind != FOLLOW_UP else (kind,)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionSet:
    """A question set as it was read."""

    name: str
    path: Path
    sha256: str
    questions: tuple[Question, ...]


def load_questions(path: Path) -> QuestionSet:
    """Read a question set.

    Raises:
        DatasetError: The file can't be read, or lines are not questions; each is named with its number.
    """
    try:
        data = path.read_bytes()
        text = data.decode("utf-8-sig")
    except OSError as error:
        raise DatasetError(f"{path}: {error.strerror or error}. Name a JSON Lines file of questions.") from error
    except UnicodeDecodeError as error:
        raise DatasetError(f"{path}: not UTF-8 (byte {error.start}).") from error
    questions: list[Question] = []
    problems: list[str] = []
    lines_by_id: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            question = _parse(line)
        except ValueError as error:
            problems.append(f"{path}:{number}: {error}")
            continue
        if question.id in lines_by_id:
            problems.append(f"{path}:{number}: the id {question.id!r} is that of line {lines_by_id[question.id]} too")
            continue
        lines_by_id[question.id] = number
        questions.append(question)
    if problems:
        more = len(problems) - MOST_PROBLEMS_SHOWN
        shown = problems[:MOST_PROBLEMS_SHOWN] + ([f"and {more} more"] if more > 0 else [])
        raise DatasetError("; ".join(shown))
    if not questions:
        raise DatasetError(f"{path}: there is no question in it.")
    digest = hashlib.sha256(data).hexdigest()
    return QuestionSet(name=path.stem, path=path, sha256=digest, questions=tuple(questions))


def _parse(line: str) -> Question:
    try:
        value = json.loads(line)
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON ({error.msg}, column {error.colno})") from error
    except RecursionError as error:
        raise ValueError("JSON that is nested too deeply") from error
    if not isinstance(value, dict):
        raise ValueError(f"a question is a JSON object, not {type(value).__name__}")  # noqa: TRY004 - the file is wrong
    try:
        return Question.model_validate(value)
    except ValidationError as error:
        reasons = (f"{'.'.join(map(str, e['loc']))}: {e['msg'].removeprefix('Value error, ')}" for e in error.errors())
        raise ValueError(", ".join(reasons)) from error
