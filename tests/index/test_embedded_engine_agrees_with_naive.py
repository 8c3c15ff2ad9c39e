"""Whatever is done to an index, in whatever order, it finds what looking at every record finds."""

import datetime as dt
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from index.embedded import EmbeddedEngine
from index.types import Filter, Hit, Record
from tests.index.made_records import DIMENSION, document, record, vector
from tests.index.naive_engine import NaiveEngine

WORDS = ["huddle", "huddles", "chart", "run", "ward", "the", "naïve", "co-design", "patient’s", "patients"]
DAYS = [None, dt.date(2022, 1, 1), dt.date(2023, 6, 1), dt.date(2024, 12, 31)]
PEOPLE = ["Ann", "Bob", "Zoë"]

documents = st.sampled_from(["d1", "d2", "d3", "d4"])
texts = st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)
filters = st.builds(
    Filter,
    any_of=st.dictionaries(
        st.sampled_from(["who", "set"]), st.frozensets(st.sampled_from([*PEOPLE, "nobody"])), max_size=2
    ),
    date_from=st.sampled_from(DAYS),
    date_to=st.sampled_from(DAYS),
)


@st.composite
def record_lists(draw: st.DrawFn) -> list[tuple[str, dict[str, tuple[str, ...]], dt.date | None, str]]:
    one = st.tuples(
        texts,
        st.dictionaries(st.sampled_from(["who", "set"]), st.lists(st.sampled_from(PEOPLE), max_size=2).map(tuple)),
        st.sampled_from(DAYS),
        st.sampled_from("pqrs"),
    )
    return draw(st.lists(one, max_size=7))


class EngineMachine(RuleBasedStateMachine):
    """Does the same to both engines and compares what they find."""

    @initialize(size=st.sampled_from([2, 5, 1000]))
    def open(self, size: int) -> None:
        self.size = size
        self.folder = Path(tempfile.mkdtemp())
        self.naive = NaiveEngine()
        self.reopen()

    def teardown(self) -> None:
        if hasattr(self, "engine"):
            self.engine.close()
            shutil.rmtree(self.folder)

    @rule(document_id=documents, contents=record_lists())
    def replace(self, document_id: str, contents: list[tuple[str, dict, dt.date | None, str]]) -> None:
        records = [
            record(f"{document_id}-{n}", text, fields=fields, date=date, direction=direction)
            for n, (text, fields, date, direction) in enumerate(contents)
        ]
        for engine in (self.engine, self.naive):
            engine.replace(document(document_id, str(contents)), records)

    @rule(document_ids=st.lists(documents, max_size=2))
    def remove(self, document_ids: list[str]) -> None:
        assert self.engine.remove(document_ids) == self.naive.remove(document_ids)

    @rule()
    def refresh(self) -> None:
        self.engine.refresh()
        self.naive.refresh()
        assert self.engine.check() == []

    @rule()
    def reopen(self) -> None:
        if hasattr(self, "engine"):
            self.engine.close()
        self.engine = EmbeddedEngine(
            self.folder, dimension=DIMENSION, model="made", max_segment_records=self.size, poll_interval_s=0
        )

    @rule(data=st.data())
    def damage_a_derived_file(self, data: st.DataObject) -> None:
        self.engine.close()
        files = [f for f in sorted(self.folder.rglob("*")) if f.suffix in {".npy", ".faiss", ".json"}]
        victim = data.draw(st.sampled_from(files))
        content = victim.read_bytes()
        victim.unlink()
        match data.draw(st.sampled_from(["absent", "truncated", "altered"])):
            case "truncated":
                victim.write_bytes(content[: len(content) // 2])
            case "altered":
                victim.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
        self.reopen()
        # What mends it also finishes what waited for a refresh.
        self.engine.refresh()
        self.naive.refresh()

    @invariant()
    def lists_the_same_documents(self) -> None:
        if hasattr(self, "engine"):
            assert list(self.engine.documents()) == list(self.naive.documents())

    @rule(query=texts, limit=st.integers(1, 9), where=filters)
    def search_text(self, query: str, limit: int, where: Filter) -> None:
        assert_same(self.engine.search_text(query, limit, where), self.naive.search_text(query, limit, where))

    @rule(direction=st.sampled_from("pqrst"), limit=st.integers(1, 9), where=filters)
    def search_vectors(self, direction: str, limit: int, where: Filter) -> None:
        query = vector(direction)
        assert_same(self.engine.search_vectors(query, limit, where), self.naive.search_vectors(query, limit, where))

    @rule(query=texts, direction=st.sampled_from("pqrst"), limit=st.integers(1, 9), where=filters)
    def gather_evidence(self, query: str, direction: str, limit: int, where: Filter) -> None:
        one, other = (
            engine.evidence(limit, where, vector=vector(direction), query=query) for engine in (self.engine, self.naive)
        )
        rows, expected = (
            sorted(zip(e.ids.tolist(), e.dense.tolist(), e.lexical.tolist(), strict=True)) for e in (one, other)
        )
        assert [row[0] for row in rows] == [row[0] for row in expected]
        assert [row[1:] for row in rows] == [pytest.approx(row[1:], abs=1e-6) for row in expected]


def assert_same(found: list[Hit], expected: list[Hit]) -> None:
    assert [h.id for h in found] == [h.id for h in expected]
    assert [h.score for h in found] == pytest.approx([h.score for h in expected], abs=1e-6)


TestEngineMachine = EngineMachine.TestCase
TestEngineMachine.settings = settings(
    max_examples=15,
    stateful_step_count=20,
    deadline=None,
    derandomize=True,
    # Shrinking a run of an engine on disk takes minutes; the steps that failed are printed as they are.
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


def test_scores_are_the_same_to_the_last_bit_however_records_are_spread_over_segments(tmp_path: Path) -> None:
    engines = [
        EmbeddedEngine(tmp_path / str(size), dimension=DIMENSION, model="made", max_segment_records=size)
        for size in (1, 3, 1000)
    ]
    for number in range(20):
        made: Record = record(f"r{number}", " ".join(WORDS[number % 7 : number % 7 + 3]))
        for engine in engines:
            engine.replace(document(f"d{number}"), [made])
    results = []
    for engine in engines:
        engine.refresh()
        results.append((engine.search_text("run charts on the ward", 9), engine.search_vectors(vector("q"), 9)))
        engine.close()
    assert results[0] == results[1] == results[2]
