"""A restriction permits no more when it is narrowed, and the engine under it has nothing else."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.embedded import EmbeddedEngine
from index.types import Document, Filter, Record
from rag.errors import AccessError
from rag.restriction import EVERYTHING, RestrictedEngine, Restriction
from rag.storage import COLLECTION

NAMES = st.sampled_from(["a", "b", "c", "d"])
SETS = st.frozensets(NAMES)


@given(only=st.none() | SETS, never=SETS, wanted=SETS, name=NAMES)
def test_narrowing_permits_what_both_permit(
    only: frozenset[str] | None, never: frozenset[str], wanted: frozenset[str], name: str
) -> None:
    before = Restriction(only=only, never=never)
    assert before.narrowed_to(wanted).permits(name) == (before.permits(name) and name in wanted)
    assert EVERYTHING.permits(name)


def _stored(engine: EmbeddedEngine | RestrictedEngine, document_id: str, collection: str, words: str) -> None:
    vector = np.array([1.0, 0.0], dtype=np.float32)
    document = Document(
        id=document_id, fingerprint=words, summary=json.dumps({"collection": collection}), body=json.dumps(words)
    )
    record = Record(id=f"{document_id}-0", body="{}", text=words, vector=vector, fields={COLLECTION: (collection,)})
    engine.replace(document, [record])


def test_an_engine_under_a_restriction_has_nothing_else(tmp_path: Path) -> None:
    whole = EmbeddedEngine(tmp_path, dimension=2, model="none", poll_interval_s=0)
    _stored(whole, "open", "a", "heron kettle")
    _stored(whole, "hidden", "b", "heron lantern")
    whole.refresh()
    engine = RestrictedEngine(whole, Restriction(never=frozenset({"b"})))
    vector = np.array([1.0, 0.0], dtype=np.float32)
    anywhere, hidden = Filter(), Filter(any_of={COLLECTION: frozenset({"b"})})
    assert [hit.id for hit in engine.search_vectors(vector, 9, anywhere)] == ["open-0"]
    assert [hit.id for hit in engine.search_text("heron", 9, anywhere)] == ["open-0"]
    assert engine.search_text("heron", 9, hidden) == []
    assert engine.with_all_words("lantern", 9) == []
    assert engine.with_phrase("heron lantern", 9) == []
    assert engine.with_phrase("heron kettle", 9) == ["open-0"]
    assert engine.search_phrase("the heron lantern", 9) == []
    assert engine.value_counts(COLLECTION) == {"a": 1}
    assert set(engine.term_counts()) == {"heron", "kettl"}
    assert set(engine.records(["open-0", "hidden-0"])) == {"open-0"}
    assert engine.document("hidden") is None
    assert engine.document_records("hidden") == []
    assert [summary.id for summary in engine.documents()] == ["open"]
    assert engine.remove(["hidden", "absent"]) == 0
    before = engine.version
    _stored(whole, "another", "b", "heron")
    whole.refresh()
    assert engine.version == before
    with pytest.raises(AccessError):
        _stored(engine, "new", "b", "x")
    with pytest.raises(AccessError):
        _stored(engine, "hidden", "a", "x")
    assert whole.document("hidden") is not None
    _stored(engine, "new", "a", "heron")
    engine.refresh()
    assert [summary.id for summary in engine.documents()] == ["new", "open"]
    whole.close()


def test_what_is_moved_to_another_collection_is_gone_at_once(tmp_path: Path) -> None:
    whole = EmbeddedEngine(tmp_path, dimension=2, model="none", poll_interval_s=0)
    _stored(whole, "talk", "a", "heron")
    whole.refresh()
    engine = RestrictedEngine(whole, Restriction(never=frozenset({"b"})))
    assert engine.document("talk") is not None
    _stored(whole, "talk", "b", "heron")
    assert engine.document("talk") is None
    assert list(engine.documents()) == []
    whole.close()
