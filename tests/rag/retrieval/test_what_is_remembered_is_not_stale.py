"""Chunks and vectors that a search remembers or reads from segments are those of the state that it searches."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from index.embedded import EmbeddedEngine
from index.types import Record, Vector
from rag.restriction import RestrictedEngine, Restriction
from rag.retrieval.known_chunks import KnownChunks, hashed
from tests.index.made_records import DIMENSION, document, vector


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[EmbeddedEngine]:
    opened = EmbeddedEngine(tmp_path, dimension=DIMENSION, model="made", poll_interval_s=0)
    yield opened
    opened.close()


def chunk(name: str, text: str, *, speaker: str = "Ann Lee", row: Vector | None = None) -> Record:
    turn = {"turn": 0, "start": 0, "end": len(text), "text": text, "speaker": speaker}
    body = {"transcript_id": "t", "title": "Beds", "turns": [turn], "interviewers": []}
    fields = {"collection": ("open",)}
    return Record(id=name, body=json.dumps(body), text=text, vector=vector(name) if row is None else row, fields=fields)


def stored(engine: EmbeddedEngine, *chunks: Record, document_id: str = "t") -> None:
    made = document(document_id, str([c.body for c in chunks]))
    engine.replace(
        type(made)(id=made.id, fingerprint=made.fingerprint, summary='{"collection": "open"}', body=made.body), chunks
    )
    engine.refresh()


def test_a_chunk_is_read_once_until_the_index_changes(engine: EmbeddedEngine) -> None:
    stored(engine, chunk("a", "We counted beds."), chunk("b", "Nobody had."))
    known = KnownChunks(engine)
    first = known.of(["a", "b", "none"])
    assert list(first) == ["a", "b"]
    assert known.of(["a"])["a"] is first["a"]
    assert set(first["a"].terms.tolist()) == set(hashed(frozenset({"count", "bed", "ann", "lee"})).tolist())
    stored(engine, chunk("a", "We counted beds.", speaker="Bo Ek"))
    assert known.of(["a"])["a"].voices == {"bo ek"}
    assert "b" not in known.of(["a", "b"])


def test_what_was_removed_or_is_withheld_is_not_remembered(engine: EmbeddedEngine) -> None:
    stored(engine, chunk("a", "We counted beds."))
    known, withheld = KnownChunks(engine), KnownChunks(RestrictedEngine(engine, Restriction(only=frozenset({"other"}))))
    assert known.of(["a"])
    assert withheld.of(["a"]) == {}
    engine.remove(["t"])
    assert known.of(["a"]) == {}


def test_no_more_is_remembered_than_allowed_and_the_last_used_stays(engine: EmbeddedEngine) -> None:
    stored(engine, *(chunk(f"c{n}", "Beds.") for n in range(8)))
    size = KnownChunks(engine).of(["c0"])["c0"].size
    known = KnownChunks(engine, most_bytes=4 * size)
    first = known.of(["c0", "c1"])
    known.of(["c2", "c3"])
    known.of(["c0"])
    known.of(["c4", "c5"])
    assert known.of(["c0"])["c0"] is first["c0"]
    assert known.of(["c1"])["c1"] is not first["c1"]
    assert len(known.of([f"c{n}" for n in range(8)])) == 8  # more than is remembered


def test_vectors_are_those_that_searches_see_and_before_a_refresh_those_that_are_stored(engine: EmbeddedEngine) -> None:
    stored(engine, chunk("a", "Beds."), chunk("b", "Chairs."))
    changed = document("t", "again")
    engine.replace(changed, [chunk("a", "Beds.", row=vector("other")), chunk("new", "Tables.")])
    assert np.array_equal(engine.vectors(["new", "b", "a"]), np.stack([vector(n) for n in ("new", "b", "a")]))
    engine.refresh()
    assert np.array_equal(engine.vectors(["a", "new"]), np.stack([vector("other"), vector("new")]))
    with pytest.raises(KeyError):
        engine.vectors(["b"])
    with pytest.raises(KeyError):
        engine.vectors(["a\u00e9"])
