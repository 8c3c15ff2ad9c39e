"""What every search engine must do. A further engine joins by a line in ENGINES."""

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from index.embedded import EmbeddedEngine
from index.protocols import NO_FILTER, SearchEngine
from index.types import Filter
from tests.index.made_milvus import milvus_engine
from tests.index.made_records import DIMENSION, document, record, vector
from tests.index.naive_engine import NaiveEngine

ENGINES: dict[str, Callable[[Path], SearchEngine]] = {
    "embedded": lambda folder: EmbeddedEngine(folder, dimension=DIMENSION, model="made"),
    "embedded, coarse vectors": lambda folder: EmbeddedEngine(
        folder, dimension=DIMENSION, model="made", vector_index="sq8"
    ),
    "embedded, tiny segments": lambda folder: EmbeddedEngine(
        folder, dimension=DIMENSION, model="made", max_segment_records=2
    ),
    "naive": lambda _folder: NaiveEngine(),
}


ON_POSTGRES = "embedded, on PostgreSQL"
ON_MILVUS = "Milvus"


@pytest.fixture(params=[*ENGINES, ON_POSTGRES, ON_MILVUS])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SearchEngine]:
    if request.param == ON_POSTGRES:
        address = request.getfixturevalue("postgres").new_address()
        # It looks for what other machines wrote so seldom that tests see what a refresh does.
        made: SearchEngine = EmbeddedEngine(
            tmp_path, dimension=DIMENSION, model="made", database=address, poll_interval_s=3600
        )
    elif request.param == ON_MILVUS:
        made = milvus_engine(tmp_path, request.getfixturevalue("milvus_address"))
    else:
        made = ENGINES[request.param](tmp_path)
    yield made
    made.close()


@pytest.fixture
def filled(engine: SearchEngine) -> SearchEngine:
    spring, autumn = dt.date(2023, 4, 1), dt.date(2023, 10, 1)
    engine.replace(
        document("d1", "first"),
        [
            record("a", "Huddles every morning", fields={"who": ("Ann", "Bob"), "set": ("open",)}, date=spring),
            record(
                "b", "A run chart shows the huddles' effect", fields={"who": ("Bob",), "set": ("open",)}, date=autumn
            ),
        ],
    )
    engine.replace(
        document("d2", "second"),
        [
            record("c", "Run charts and special causes", fields={"who": ("Cyd",), "set": ("closed",)}, date=autumn),
            record("d", "Discharge before noon", fields={"set": ("closed",)}),
        ],
    )
    engine.refresh()
    return engine


def text_ids(engine: SearchEngine, query: str, where: Filter = NO_FILTER) -> list[str]:
    return [hit.id for hit in engine.search_text(query, 10, where)]


def vector_ids(engine: SearchEngine, seed: str, where: Filter = NO_FILTER) -> list[str]:
    return [hit.id for hit in engine.search_vectors(vector(seed), 10, where)]


def test_an_empty_engine_finds_nothing(engine: SearchEngine) -> None:
    assert text_ids(engine, "anything") == []
    assert vector_ids(engine, "anything") == []
    assert list(engine.documents()) == []
    assert engine.document("none") is None
    assert engine.document_records("none") == []
    assert engine.remove(["none"]) == 0


def test_the_nearest_vector_comes_first_with_its_inner_product(filled: SearchEngine) -> None:
    hits = filled.search_vectors(vector("c"), 4)
    assert hits[0].id == "c"
    assert hits[0].score == pytest.approx(1, abs=1e-6)
    expected = sorted(((float(vector(i) @ vector("c")), i) for i in "abcd"), reverse=True)
    assert [h.id for h in hits] == [i for _, i in expected]
    assert [h.score for h in hits] == pytest.approx([score for score, _ in expected], abs=1e-6)


def test_words_match_whatever_their_ending_case_accent_and_apostrophe(filled: SearchEngine) -> None:
    assert text_ids(filled, "RUN CHARTING") == text_ids(filled, "run chart’s")
    assert set(text_ids(filled, "run chárts")) == {"b", "c"}


def test_a_phrase_is_found_stop_words_and_all_in_its_order_and_over_the_cut_between_records(
    filled: SearchEngine,
) -> None:
    closed = Filter(any_of={"set": frozenset({"closed"})})
    assert filled.with_phrase("shows THE huddles’ effect", 9) == ["b"]
    assert "a" in (filled.with_phrase("every morning a run chart", 9) or [])
    assert "b" not in (filled.with_phrase("the shows", 9) or [])
    assert filled.with_phrase("discharge before", 9, closed) == ["d"]
    assert filled.with_phrase("every morning", 9, closed) == []
    assert filled.with_phrase("?!", 9) is None


def test_records_that_share_a_phrase_come_by_how_many_pairs_of_its_words_they_hold(filled: SearchEngine) -> None:
    hits = filled.search_phrase("a run chart shows special causes", 9)
    assert [hit.id for hit in hits] == ["b", "c"]
    assert [int(hit.score) for hit in hits] == [3, 1]
    assert filled.search_phrase("a run chart shows special causes", 1) == hits[:1]
    assert filled.search_phrase("chart run", 9) == []
    assert filled.search_phrase("huddles", 9) == []


def test_stop_words_and_unknown_words_find_nothing(filled: SearchEngine) -> None:
    assert text_ids(filled, "and the zebra") == []
    assert text_ids(filled, "?!") == []


def test_repeating_a_word_in_the_query_changes_nothing(filled: SearchEngine) -> None:
    assert filled.search_text("huddle chart", 10) == filled.search_text("huddle chart huddles huddle", 10)


def test_no_more_hits_come_than_asked_for(filled: SearchEngine) -> None:
    assert len(filled.search_vectors(vector("a"), 3)) == 3
    assert len(filled.search_text("run charts huddles", 2)) == 2


def test_equal_scores_are_ordered_by_id(engine: SearchEngine) -> None:
    ids = ["k3", "k1", "k4", "k2", "k0"]
    for i in ids:
        engine.replace(document(f"of {i}"), [record(i, "same words", direction="same")])
        engine.refresh()
    assert [h.id for h in engine.search_vectors(vector("same"), 3)] == ["k0", "k1", "k2"]
    assert [h.id for h in engine.search_text("words", 3)] == ["k0", "k1", "k2"]


@pytest.mark.parametrize(
    "where", [NO_FILTER, Filter(any_of={"set": frozenset({"closed"})}), Filter(any_of={"who": frozenset()})]
)
@pytest.mark.parametrize("limit", [1, 2, 9])
def test_evidence_holds_what_either_search_finds_and_what_both_say_of_it(
    filled: SearchEngine, limit: int, where: Filter
) -> None:
    query, asked = "huddles run charts", vector("d")
    dense, lexical = dict(filled.search_vectors(asked, limit, where)), dict(filled.search_text(query, limit, where))
    found = filled.evidence(limit, where, vector=asked, query=query)
    ids = [i.decode() for i in found.ids.tolist()]
    assert sorted(ids) == sorted(dense.keys() | lexical.keys())
    assert found.lexical.tolist() == pytest.approx([lexical.get(i, 0.0) for i in ids])
    assert found.dense.tolist() == pytest.approx([float(vector(i) @ asked) for i in ids], abs=1e-6)
    by_words, near = filled.evidence(limit, where, query=query), filled.evidence(limit, where, vector=asked)
    assert sorted(i.decode() for i in by_words.ids.tolist()) == sorted(lexical)
    assert sorted(i.decode() for i in near.ids.tolist()) == sorted(dense)
    assert not by_words.dense.any()
    assert not near.lexical.any()


@pytest.mark.parametrize(
    ("where", "passing"),
    [
        (Filter(), "abcd"),
        (Filter(any_of={"who": frozenset({"Bob"})}), "ab"),
        (Filter(any_of={"who": frozenset({"Ann", "Cyd"})}), "ac"),
        (Filter(any_of={"who": frozenset({"Bob"}), "set": frozenset({"closed"})}), ""),
        (Filter(any_of={"who": frozenset()}), ""),
        (Filter(any_of={"colour": frozenset({"red"})}), ""),
        (Filter(date_from=dt.date(2023, 10, 1)), "bc"),
        (Filter(date_to=dt.date(2023, 4, 1)), "a"),
        (Filter(date_from=dt.date(2023, 4, 2), date_to=dt.date(2023, 9, 30)), ""),
        (Filter(any_of={"set": frozenset({"open"})}, date_from=dt.date(2023, 5, 1)), "b"),
    ],
)
def test_only_records_that_pass_the_filter_are_found(filled: SearchEngine, where: Filter, passing: str) -> None:
    assert sorted(vector_ids(filled, "x", where)) == list(passing)
    found = text_ids(filled, "huddles run charts discharge", where)
    assert sorted(found) == list(passing)


def test_scores_do_not_depend_on_records_outside_the_filter(filled: SearchEngine) -> None:
    only_open = Filter(any_of={"set": frozenset({"open"})})
    before = filled.search_text("run charts huddles", 10, only_open)
    filled.replace(
        document("d3"), [record(f"n{i}", "run run charts " * i, fields={"set": ("closed",)}) for i in range(9)]
    )
    filled.refresh()
    assert filled.search_text("run charts huddles", 10, only_open) == before


def test_changes_are_found_after_a_refresh_and_change_the_version(filled: SearchEngine) -> None:
    before = filled.version
    filled.replace(document("d1", "changed"), [record("e", "Theatre schedules")])
    assert text_ids(filled, "theatre") == []
    assert filled.version == before
    filled.refresh()
    assert text_ids(filled, "theatre") == ["e"]
    assert text_ids(filled, "huddles") == []
    assert filled.version != before


def test_a_refresh_without_changes_keeps_the_version(filled: SearchEngine) -> None:
    before = filled.version
    filled.refresh()
    assert filled.version == before


def test_removed_documents_are_not_found_any_more(filled: SearchEngine) -> None:
    before = filled.version
    assert filled.remove(["d2", "none", "d2"]) == 1
    assert sorted(vector_ids(filled, "x")) == ["a", "b"]
    assert text_ids(filled, "discharge") == []
    assert filled.records(["c"]) == {}
    assert filled.document("d2") is None
    assert filled.version != before


def test_documents_and_records_come_back_as_they_were_stored(filled: SearchEngine) -> None:
    assert filled.document("d1") == document("d1", "first")
    assert [d.id for d in filled.documents()] == ["d1", "d2"]
    assert next(iter(filled.documents())).fingerprint == document("d1", "first").fingerprint
    assert [r.id for r in filled.document_records("d1")] == ["a", "b"]
    assert filled.records(["d", "nobody"])["d"].body == '{"of": "d"}'
    assert filled.records(["d"])["d"].document_id == "d2"


def test_vectors_come_back_in_the_order_asked_for(filled: SearchEngine) -> None:
    assert np.array_equal(filled.vectors(["c", "a", "c"]), np.stack([vector("c"), vector("a"), vector("c")]))
    with pytest.raises(KeyError):
        filled.vectors(["a", "nobody"])


def test_attachments_come_back_to_the_byte_and_only_for_what_exists(engine: SearchEngine) -> None:
    attached = dataclasses.replace(record("z", "with something"), attachment=bytes(range(256)))
    engine.replace(document("d9", "z"), [attached, record("y", "without")])
    engine.refresh()
    assert engine.attachments(["z", "y", "gone"]) == {"z": bytes(range(256)), "y": b""}


def test_rarities_are_the_idf_among_what_may_be_found(filled: SearchEngine) -> None:
    # 4 records; "run" and "chart" are in 2 of them, "noon" in 1: ln(1 + 2.5 / 2.5), ln(1 + 3.5 / 1.5)
    assert filled.term_rarities("run charts, noon!") == pytest.approx(
        {"run": 0.6931472, "chart": 0.6931472, "noon": 1.2039728}
    )
    closed = Filter(any_of={"set": frozenset({"closed"})})
    # 2 records, 1 with "chart", none with "huddl": ln(1 + 1.5 / 1.5), ln(1 + 2.5 / 0.5)
    assert filled.term_rarities("chart huddles", closed) == pytest.approx({"chart": 0.6931472, "huddl": 1.7917595})


def test_terms_are_counted_among_what_may_be_found(filled: SearchEngine) -> None:
    counts = filled.term_counts()
    assert (counts["huddl"], counts["chart"], counts["noon"]) == (2, 2, 1)
    assert "the" not in counts
    closed = filled.term_counts(Filter(any_of={"set": frozenset({"closed"})}))
    assert closed["chart"] == 1
    assert "huddl" not in closed


def test_values_of_a_field_are_counted_among_what_may_be_found(filled: SearchEngine) -> None:
    assert filled.value_counts("who") == {"Ann": 1, "Bob": 2, "Cyd": 1}
    assert filled.value_counts("set", Filter(date_from=dt.date(2023, 10, 1))) == {"open": 1, "closed": 1}
    assert filled.value_counts("wh") == {}
    assert filled.value_counts("colour") == {}


def test_what_was_removed_is_in_no_count(filled: SearchEngine) -> None:
    filled.remove(["d1"])
    assert filled.value_counts("who") == {"Cyd": 1}
    assert "huddl" not in filled.term_counts()
    filled.remove(["d2"])
    assert filled.term_counts() == {}
    assert filled.value_counts("who") == {}


def test_notes_are_kept_replaced_and_dropped_beside_the_documents(filled: SearchEngine) -> None:
    documents = [summary.id for summary in filled.documents()]
    filled.write_notes({"a": "one", "b": "two — zwei", "c": ""})
    filled.write_notes({"a": "another", "b": None, "never there": None})
    assert filled.notes() == {"a": "another", "c": ""}
    assert [summary.id for summary in filled.documents()] == documents
