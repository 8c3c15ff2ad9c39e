"""No record in which a phrase begins is passed over, whatever was stored, replaced, removed and merged before."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.adjacency import Adjacency, codes_of
from index.embedded import EmbeddedEngine
from index.manifest import FORMAT, read_manifest, write_manifest
from index.segments import file_sums
from index.types import Filter
from tests.index.made_records import DIMENSION, document, record
from tests.index.naive_engine import NaiveEngine

WORDS = ["so", "we", "did", "it", "and", "5,000", "don't", "heron"]
PHRASE = st.lists(st.sampled_from(WORDS), max_size=7).map(" ".join)
TEXT = st.lists(st.lists(st.sampled_from(WORDS), max_size=5).map(" ".join), max_size=3).map("\n".join)
DOCUMENTS = st.lists(st.tuples(st.sampled_from("abc"), st.lists(TEXT, max_size=6)), min_size=1, max_size=5)


@settings(max_examples=30, deadline=None)
@given(stored=DOCUMENTS, phrase=PHRASE, size=st.sampled_from([2, 5, 1000]), open_only=st.booleans())
def test_the_engine_finds_what_reading_every_record_does(
    tmp_path_factory: pytest.TempPathFactory,
    stored: list[tuple[str, list[str]]],
    phrase: str,
    size: int,
    open_only: bool,
) -> None:
    where = Filter(any_of={"set": frozenset({"open"})}) if open_only else Filter()
    naive = NaiveEngine()
    engine = EmbeddedEngine(
        tmp_path_factory.mktemp("engine"), dimension=DIMENSION, model="made", max_segment_records=size
    )
    for name, texts in stored:
        records = [
            record(f"{name}{n}", text, fields={"set": ("open" if n % 3 else "closed",)}) for n, text in enumerate(texts)
        ]
        for each in (naive, engine):
            each.replace(document(name, str(texts)), records)
            each.refresh()
    wanted, found = naive.with_phrase(phrase, 100, where), engine.with_phrase(phrase, 100, where)
    assert (found is None) == (wanted is None)
    assert set(wanted or ()) <= set(found or ())
    assert found is None or found == sorted(found)
    assert found is None or engine.with_phrase(phrase, 1, where) == found[:1]
    shared = dict(engine.search_phrase(phrase, 100, where))
    assert shared == pytest.approx(dict(naive.search_phrase(phrase, 100, where)), abs=1e-4)
    assert [hit.id for hit in engine.search_phrase(phrase, 2, where)] == list(shared)[:2]
    engine.close()


@settings(max_examples=30, deadline=None)
@given(parts=st.lists(st.lists(st.tuples(TEXT, st.booleans()), max_size=20), min_size=1, max_size=3))
def test_merged_signatures_are_those_built_from_what_is_kept(parts: list[list[tuple[str, bool]]]) -> None:
    merged = Adjacency.merge(
        [
            (Adjacency.build([text for text, _ in part]), np.array([kept for _, kept in part], dtype=np.bool_))
            for part in parts
        ]
    )
    built = Adjacency.build([text for part in parts for text, kept in part if kept])
    assert merged is not None
    assert merged.size == built.size
    assert np.array_equal(merged.slices, built.slices)


def test_a_record_is_seldom_taken_for_one_that_holds_two_words_side_by_side() -> None:
    chance = np.random.default_rng(1)
    vocabulary = [f"word{n}" for n in range(2000)]
    texts = [" ".join(chance.choice(vocabulary, 150)) for _ in range(400)]
    built = Adjacency.build(texts)
    held = [set(pairwise(codes_of(text))) for text in texts]
    wrong = asked = 0
    for before, after in chance.choice([code for text in texts[:3] for code in codes_of(text)], (300, 2)).tolist():
        found = set(built.positions(built.holding((before, after))).tolist())
        holding = {n for n, pairs in enumerate(held) if (before, after) in pairs}
        assert holding <= found
        wrong += len(found - holding)
        asked += len(texts) - len(holding)
    assert wrong / asked < 0.008


def test_a_phrase_is_found_over_the_cuts_between_records_and_in_the_order_of_its_words(tmp_path: Path) -> None:
    engine = EmbeddedEngine(tmp_path, dimension=DIMENSION, model="made")
    engine.replace(
        document("d"),
        [
            record("a", "So we did."),
            record("b", "Title\nIt was"),
            record("c", "Title\nall there is"),
            record("e", "of it"),
        ],
    )
    engine.replace(document("last"), [record("z", "the end")])
    engine.refresh()
    assert engine.with_phrase("we did it was all there", 9) == ["a"]
    assert engine.with_phrase("it was all", 9) == ["b"]
    assert engine.with_phrase("we did was", 9) == []
    assert engine.with_phrase("did we", 9) == []
    assert engine.with_phrase("did", 9) == ["a"]
    assert engine.with_phrase("?!", 9) is None
    engine.remove(["d"])
    assert engine.with_phrase("we did it", 9) == []
    engine.close()


def test_an_index_of_before_signatures_were_kept_is_read_and_derived_anew_by_whoever_may_write(tmp_path: Path) -> None:
    engine = EmbeddedEngine(tmp_path, dimension=DIMENSION, model="made")
    engine.replace(document("d"), [record("a", "so we did it, heron")])
    engine.refresh()
    (segment,) = engine.snapshot().segments.values()
    older = tmp_path / "segments" / "older"
    replace(segment, adjacency=None).write(older)
    (entry,) = read_manifest(tmp_path).segments
    entry = replace(entry, name="older", sums=file_sums(older))
    write_manifest(tmp_path, replace(read_manifest(tmp_path), segments=(entry,), format="older"))
    engine.close()
    engine = EmbeddedEngine(tmp_path, dimension=DIMENSION, model="made", read_only=True)
    assert engine.with_phrase("we did", 9) is None
    assert engine.search_phrase("we did", 9) == []
    assert [hit.id for hit in engine.search_text("heron", 9)] == ["a"]
    engine.close()
    engine = EmbeddedEngine(tmp_path, dimension=DIMENSION, model="made")
    assert engine.with_phrase("we did", 9) == ["a"]
    assert read_manifest(tmp_path).format == FORMAT
    engine.close()
