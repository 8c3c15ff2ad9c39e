"""A hundred swaps under load; `tests/api/test_swaps_fail_no_request.py` does ten."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.api.swapped_index import swap_while_asked


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_no_answer_fails_or_is_torn_during_a_hundred_swaps(serve: Callable[..., str], corpus_home: Path) -> None:
    seen = swap_while_asked(serve(corpus_home, TURNWISE_READER="auto"), swaps=100)
    print(
        f"{seen.answered} answers over {len(seen.versions)} versions: {len(seen.failed)} failed, {len(seen.torn)} torn"
    )
    assert seen.failed == []
    assert seen.torn == []
    assert seen.compared > 0
    assert len(seen.versions) >= 30
