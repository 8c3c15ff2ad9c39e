"""Many chunks' sentence vectors multiplied at once give what each chunk's, unpacked, give."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.chunking import Chunk, Span
from rag.sentence_vectors import nearness, pack, unpack

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
    found = nearness([*chunks, b""], vector)
    for place, data in enumerate([*chunks, b""]):
        known = unpack(data) if data else None
        near = sorted((known.vectors @ vector).tolist() if known and known.spans else [0.0])[-2:]
        asked = 0.0 if known is None or known.question is None else float(known.question @ vector)
        assert found.best[place] == pytest.approx(near[-1], abs=1e-5)
        assert found.two[place] == pytest.approx(sum(near) / len(near), abs=1e-5)
        assert found.question[place] == pytest.approx(asked, abs=1e-5)


def test_of_no_chunks_nothing_is_near() -> None:
    assert nearness([], np.ones(DIMENSION, dtype=np.float32)).best.shape == (0,)
