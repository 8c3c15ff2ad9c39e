"""Many chunks' sentence vectors multiplied at once give what each chunk's, unpacked, give."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.chunking import Chunk, Span
from rag.sentence_vectors import cosines, pack, unpack

DIMENSION = 16


def packed(sentences: int, *, asked: bool, seed: int) -> bytes:
    spans = tuple(Span(turn=0, start=n, end=n + 1) for n in range(sentences))
    chunk = Chunk(id="c", spans=spans[:1], text="t", context="", question="Who?" if asked else "", sentences=spans)
    rows = np.random.default_rng(seed).normal(size=(sentences + asked, DIMENSION)).astype(np.float32)
    return pack(chunk, rows)


@given(st.lists(st.tuples(st.integers(0, 5), st.booleans()), max_size=6), st.integers(0, 99))
def test_all_at_once_is_as_one_by_one(shapes: list[tuple[int, bool]], seed: int) -> None:
    vector = np.random.default_rng(seed).normal(size=DIMENSION).astype(np.float32)
    chunks = [packed(count, asked=asked, seed=n) for n, (count, asked) in enumerate(shapes)]
    for data, found in zip([*chunks, b""], cosines([*chunks, b""], vector), strict=True):
        known = unpack(data) if data else None
        wanted = (known.vectors @ vector).tolist() if known and known.spans else []
        assert list(found.sentences) == pytest.approx(wanted, abs=1e-5)
        if known is None or known.question is None:
            assert found.question is None
        else:
            assert found.question == pytest.approx(float(known.question @ vector), abs=1e-5)
