"""What was answered is written down in another thread: all of it, in order, and many at once."""

import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from api.feedback.noting import MOST_AT_ONCE, Noting, Row


def test_what_comes_during_a_write_is_written_at_once_after_it() -> None:
    written: list[list[object]] = []
    began, go_on = threading.Event(), threading.Event()

    def write(rows: Sequence[Row]) -> None:
        began.set()
        assert go_on.wait(10)
        written.append([row["n"] for row in rows])

    noting = Noting(write)
    noting.put({"n": 0})
    assert began.wait(10)
    for n in range(1, MOST_AT_ONCE + 3):
        noting.put({"n": n})  # waits for nobody
    go_on.set()
    noting.flush()
    assert [len(rows) for rows in written] == [1, MOST_AT_ONCE, 2]
    assert [n for rows in written for n in rows] == list(range(MOST_AT_ONCE + 3))
    noting.close()


def test_closing_writes_what_waits_and_what_comes_later_is_written_too() -> None:
    written: list[object] = []
    noting = Noting(lambda rows: written.extend(row["n"] for row in rows))
    for n in range(50):
        noting.put({"n": n})
    noting.close()
    assert written == list(range(50))
    noting.put({"n": 50})
    noting.flush()
    noting.close()
    assert written[-1] == 50


def test_nothing_is_waited_for_where_nothing_was_noted() -> None:
    written: list[Sequence[Row]] = []
    noting = Noting(written.append)

    def use() -> None:
        noting.flush()
        noting.close()

    before = set(threading.enumerate())
    using = threading.Thread(target=use, daemon=True)
    using.start()
    using.join(10)
    assert not using.is_alive()
    assert set(threading.enumerate()) <= before  # none was started to write nothing
    assert written == []


def test_who_closes_while_the_thread_is_starting_waits_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    starting, go_on = threading.Event(), threading.Event()
    start = threading.Thread.start

    def start_slowly(thread: threading.Thread) -> None:
        if thread.name == "turnwise-noting":
            starting.set()
            assert go_on.wait(10)
        start(thread)

    written: list[object] = []
    noting = Noting(lambda rows: written.extend(row["n"] for row in rows))
    monkeypatch.setattr(threading.Thread, "start", start_slowly)
    with ThreadPoolExecutor(2) as others:
        put = others.submit(noting.put, {"n": 1})
        assert starting.wait(10)
        closed = others.submit(noting.close)
        time.sleep(0.05)
        go_on.set()
        put.result(10)
        closed.result(10)
    noting.close()
    assert written == [1]
