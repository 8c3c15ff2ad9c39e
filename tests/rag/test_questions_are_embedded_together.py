"""What several threads ask at the same time is embedded at once, and each gets its own vector or error."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from rag.embedding.openvino_runtime import OpenVinoEmbedder
from rag.embedding.together import MOST_AT_ONCE, Rows, Together, _Asked
from rag.errors import ModelError

QUESTIONS = [f"What did {name} say about the rota?" for name in ("Ann", "Bo Ek", "the porter of ward seven", "Cy")]


class Slow:
    """Embeds a text as its length, after it is let go; the first batch tells that it has begun."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.began, self.go_on = threading.Event(), threading.Event()

    def __call__(self, texts: Sequence[str]) -> Rows:
        self.batches.append(list(texts))
        self.began.set()
        assert self.go_on.wait(10)
        if "bad" in texts:
            raise ValueError("no such text")
        return np.array([[len(text)] for text in texts], dtype=np.float32)


def asked_during_a_batch(slow: Slow, texts: Sequence[str]) -> list[float | str]:
    """Ask for one text, and for all others while it is being embedded; return what each gets."""
    together = Together(slow)

    def ask(text: str) -> float | str:
        try:
            return float(together.row(text)[0])
        except ValueError as error:
            return str(error)

    with ThreadPoolExecutor(len(texts)) as pool:
        first = pool.submit(ask, texts[0])
        assert slow.began.wait(10)
        others = [pool.submit(ask, text) for text in texts[1:]]
        while len(together._waiting) < len(others):
            threading.Event().wait(0.001)
        slow.go_on.set()
        return [asked.result(10) for asked in (first, *others)]


def test_what_comes_during_a_batch_is_the_next_one_and_each_gets_its_own() -> None:
    slow = Slow()
    texts = ["x" * n for n in range(1, 8)]
    assert asked_during_a_batch(slow, texts) == [1, 2, 3, 4, 5, 6, 7]
    assert [len(batch) for batch in slow.batches] == [1, 6]


def test_a_batch_is_bounded_and_nobody_is_left_waiting() -> None:
    slow = Slow()
    texts = ["x" * n for n in range(1, 2 * MOST_AT_ONCE + 5)]
    assert asked_during_a_batch(slow, texts) == list(range(1, 2 * MOST_AT_ONCE + 5))
    assert [len(batch) for batch in slow.batches] == [1, MOST_AT_ONCE, MOST_AT_ONCE, 3]


def test_an_error_reaches_all_of_its_batch_and_the_next_question_is_answered() -> None:
    slow = Slow()
    assert asked_during_a_batch(slow, ["ok", "bad", "good"]) == [2, "no such text", "no such text"]
    together = Together(slow)
    assert together.row("four")[0] == 4


@pytest.mark.parametrize("ending", [KeyboardInterrupt, SystemExit])
def test_what_ends_one_thread_is_an_error_to_the_others_and_the_next_question_is_answered(
    ending: type[BaseException],
) -> None:
    slow = Slow()
    ends = [False, True]

    def embed(texts: Sequence[str]) -> Rows:
        rows = slow(texts)
        if ends and ends.pop(0):
            raise ending
        return rows

    together = Together(embed)

    def ask(text: str) -> BaseException | None:
        try:
            together.row(text)
        except (ModelError, ending) as error:
            return error
        return None

    with ThreadPoolExecutor(3) as pool:
        first = pool.submit(ask, "first")
        assert slow.began.wait(10)
        others = [pool.submit(ask, text) for text in ("one", "another")]
        while len(together._waiting) < len(others):
            threading.Event().wait(0.001)
        slow.go_on.set()
        assert first.result(10) is None
        assert {type(asked.result(10)) for asked in others} == {ending, ModelError}
    assert together.row("four")[0] == 4


def test_who_is_interrupted_while_waiting_leaves_nobody_else_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    slow = Slow()
    together = Together(slow)

    class Interrupted(threading.Event):
        """Is told that it is its turn, and interrupted before it can see to it."""

        def wait(self, timeout: float | None = None) -> bool:
            super().wait(timeout)
            raise KeyboardInterrupt

    def asked(text: str) -> _Asked:
        return _Asked(text, Interrupted()) if text == "interrupted" else _Asked(text)

    monkeypatch.setattr("rag.embedding.together._Asked", asked)
    with ThreadPoolExecutor(3) as pool:
        waiting = []
        for number, text in enumerate(("first", "interrupted", "after")):
            waiting.append(pool.submit(together.row, text))
            assert slow.began.wait(10)
            while len(together._waiting) < number:
                threading.Event().wait(0.001)
        slow.go_on.set()
        first, interrupted, after = waiting
        try:
            assert (first.result(10)[0], after.result(10)[0]) == (5, 5)
            assert isinstance(interrupted.exception(10), KeyboardInterrupt)
        finally:
            for left in together._waiting:
                left.turn.set()
    assert together.row("four")[0] == 4
    assert slow.batches == [["first"], ["after"], ["four"]]


def test_a_question_has_the_same_vector_alone_and_among_others() -> None:
    embedder = OpenVinoEmbedder()
    alone = [embedder.embed([question], input_type="query")[0] for question in QUESTIONS]
    with ThreadPoolExecutor(len(QUESTIONS)) as pool:
        among = list(pool.map(lambda question: embedder.embed([question], input_type="query")[0], 5 * QUESTIONS))
    for place, row in enumerate(among):
        assert row == pytest.approx(alone[place % len(QUESTIONS)], abs=1e-6)
