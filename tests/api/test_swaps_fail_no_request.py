"""A transcript that is replaced while people ask about it makes no request fail and no answer torn."""

from collections.abc import Callable
from pathlib import Path

from tests.api.swapped_index import swap_while_asked


def test_no_answer_fails_or_is_torn_during_ten_swaps(serve: Callable[..., str], corpus_home: Path) -> None:
    seen = swap_while_asked(serve(corpus_home), swaps=10)
    assert seen.failed == []
    assert seen.torn == []
    assert seen.compared > 0
    assert seen.answered >= 10
    assert len(seen.versions) >= 3, "the index was not swapped while it was asked"
