"""How often a caller asked in the last minute is counted over all workers, and what was turned away is not."""

import subprocess
import sys
from pathlib import Path

from api.limits.rate import Rate, RateLimit


def test_what_was_turned_away_does_not_count_against_the_caller() -> None:
    limit, rate = RateLimit(), Rate(caller="a", per_minute=2)
    assert [limit.retry_after_s(rate) for _ in range(2)] == [None, None]
    again = [limit.retry_after_s(rate) for _ in range(5)]
    assert all(1 <= (seconds or 0) <= 60 for seconds in again)


def test_workers_count_a_callers_requests_together_and_one_that_is_killed_takes_no_count_with_it(
    tmp_path: Path,
) -> None:
    file, rate, other = tmp_path / "rates", Rate(caller="a", per_minute=300), Rate(caller="b", per_minute=1)
    script = (
        "import os, pathlib, signal, sys; from api.limits.rate import Rate, RateLimit;"
        "limit, rate = RateLimit(pathlib.Path(sys.argv[1])), Rate(caller='a', per_minute=300);"
        "print(sum(limit.retry_after_s(rate) is None for _ in range(200)), flush=True);"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    command = [sys.executable, "-c", script, str(file)]
    workers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    passed = [int(worker.communicate(timeout=60)[0]) for worker in workers]
    assert sum(passed) == rate.per_minute
    limit = RateLimit(file)
    assert 1 <= (limit.retry_after_s(rate) or 0) <= 60
    assert [limit.retry_after_s(other) is None for _ in range(2)] == [True, False]
    limit.close()


def test_a_minute_later_a_caller_may_ask_again() -> None:
    moments = iter((1000.0, 1020.0, 1030.0, 1059.5, 1060.0, 1061.0, 1080.0))
    limit, rate = RateLimit(clock=lambda: next(moments)), Rate(caller="a", per_minute=2)
    waits = [limit.retry_after_s(rate) for _ in range(7)]
    assert waits == [None, None, 30, 1, None, 19, None]
