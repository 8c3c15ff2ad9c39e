"""Records that hold every word are those that looking at each finds."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.embedded import EmbeddedEngine
from index.types import Filter
from tests.index.made_records import DIMENSION, document, record
from tests.index.naive_engine import NaiveEngine

WORDS = ["huddle", "ward", "chart", "nurse", "bed", "the"]
TEXTS = st.lists(st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join), min_size=1, max_size=12)

QUERY = st.lists(st.sampled_from(WORDS), max_size=3).map(" ".join)


@settings(max_examples=40, deadline=None)
@given(texts=TEXTS, query=QUERY, open_only=st.booleans())
def test_the_engine_agrees_with_looking_at_each(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], query: str, open_only: bool
) -> None:
    records = [
        record(f"r{n:02}", text, fields={"set": ("open" if n < 8 else "closed",)}) for n, text in enumerate(texts)
    ]
    where = Filter(any_of={"set": frozenset({"open"})}) if open_only else Filter()
    naive = NaiveEngine()
    engine = EmbeddedEngine(tmp_path_factory.mktemp("engine"), dimension=DIMENSION, model="made")
    for each in (naive, engine):
        each.replace(document("d"), records)
        each.refresh()
    wanted = naive.with_all_words(query, 100, where)
    assert engine.with_all_words(query, 100, where) == wanted
    assert engine.with_all_words(query, 1, where) == wanted[:1]
    engine.close()


def test_removed_records_and_those_outside_the_filter_are_never_among_them(tmp_path: Path) -> None:
    engine = EmbeddedEngine(tmp_path, dimension=DIMENSION, model="made")
    engine.replace(document("d1"), [record("a", "huddle", fields={"set": ("open",)})])
    engine.replace(document("d2"), [record("b", "ward", fields={"set": ("closed",)})])
    engine.refresh()
    assert engine.with_all_words("ward", 10) == ["b"]
    assert engine.with_all_words("ward", 10, Filter(any_of={"set": frozenset({"open"})})) == []
    engine.remove(["d2"])
    assert engine.with_all_words("ward", 10) == []
    assert engine.with_all_words("huddle", 10) == ["a"]
    assert engine.with_all_words("the of", 10) == []
    engine.close()
