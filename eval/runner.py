"""Puts a set's questions to a target, several at once, and keeps every reply as soon as it is there."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from itertools import islice

from eval.dataset import Question
from eval.errors import TargetError
from eval.record import Record, Replies
from eval.target.protocol import Target
from rag.errors import IndexUnavailableError, InputError, ModelError, TurnwiseError
from rag.retrieval.types import Mode

MOST_PASSAGES = 50
"""The contract's bound of `top_k`."""
MOST_EXCHANGES = 20
"""The contract's bound of `history`; the latest are kept."""
GIVE_UP_AFTER = 5
"""Failures in a row: by then the server is gone, and each further question would wait through all tries."""

OnProgress = Callable[[int, int], None]
"""Called with the questions done and all questions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """What is asked of the target. `top_k` is how deep the ranking is judged (issue: 20)."""

    top_k: int = 20
    mode: str = Mode.HYBRID
    search_only: bool = False
    generator: str | None = None
    concurrency: int = 1

    def __post_init__(self) -> None:
        """Check the bounds.

        Raises:
            InputError: One is not kept.
        """
        if not 1 <= self.top_k <= MOST_PASSAGES:
            raise InputError(f"top_k is {self.top_k}; it may be 1 to {MOST_PASSAGES}.")
        if self.mode not in list(Mode):
            raise InputError(f"There is no mode {self.mode!r}; there are {', '.join(Mode)}.")
        if self.concurrency < 1:
            raise InputError(f"concurrency is {self.concurrency}; it is at least 1.")


def run(
    questions: Sequence[Question],
    target: Target,
    options: RunOptions,
    record: Record,
    *,
    on_progress: OnProgress = lambda done, total: None,
) -> dict[str, Replies]:
    """Ask what the record does not hold yet, and return all replies by question.

    A question that fails is kept with its error, and asked again when the record is continued.

    Raises:
        TargetError: Many questions in a row failed. The record keeps what was answered.
        IndexUnavailableError: The index is missing or damaged.
        ModelError: The model is not usable.
    """
    replies = {q.id: record.replies[q.id] for q in questions if q.id in record.replies}
    waiting = [question for question in questions if question.id not in replies]
    on_progress(len(replies), len(questions))
    if waiting:
        target.warm()
    failed_in_a_row = 0
    for reply in _ask_all(waiting, target, options):
        record.append(reply)
        replies[reply.id] = reply
        on_progress(len(replies), len(questions))
        failed_in_a_row = failed_in_a_row + 1 if reply.error else 0
        if failed_in_a_row >= GIVE_UP_AFTER:
            raise TargetError(f"{GIVE_UP_AFTER} questions in a row failed, the last with: {reply.error}")
    return replies


def _ask_all(questions: Sequence[Question], target: Target, options: RunOptions) -> Iterator[Replies]:
    """Yield replies as they come; not many more are under way than can be asked at once, so that stopping is quick."""
    upcoming = iter(questions)
    pool = ThreadPoolExecutor(options.concurrency)
    try:
        under_way: set[Future[Replies]] = set()
        while True:
            for question in islice(upcoming, options.concurrency - len(under_way)):
                under_way.add(pool.submit(_ask, question, target, options))
            if not under_way:
                return
            done, under_way = wait(under_way, return_when=FIRST_COMPLETED)
            for future in done:
                yield future.result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _ask(question: Question, target: Target, options: RunOptions) -> Replies:
    history = question.history[-MOST_EXCHANGES:]
    try:
        found = target.search(question.question, history=history, top_k=options.top_k, mode=options.mode)
        answer = (
            None if options.search_only else target.ask(question.question, history=history, generator=options.generator)
        )
    except (IndexUnavailableError, ModelError):
        raise
    except TurnwiseError as error:
        return Replies(id=question.id, error=str(error))
    return Replies(id=question.id, search=found, ask=answer)
