"""Twenty thousand made-up requests; `tests/api/test_the_api_keeps_its_schema.py` sends a thousand."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.api.fuzzed_api import fuzz

CASES = 20_000
EXAMPLES = 1_600
"""For each call of the API and for chains of calls; with what is always tried, more than CASES."""


@pytest.mark.soak
@pytest.mark.timeout(7200)
def test_no_answer_to_twenty_thousand_made_up_requests_is_off_the_schema(
    serve: Callable[..., str], corpus_home: Path, tmp_path: Path
) -> None:
    fuzzed = fuzz(serve(corpus_home, TURNWISE_READER="auto"), tmp_path, seed=2, examples=EXAMPLES, within_s=7000)
    print(f"{fuzzed.cases} cases over {fuzzed.operations} operations")
    assert fuzzed.passed, fuzzed.said
    assert fuzzed.cases >= CASES
