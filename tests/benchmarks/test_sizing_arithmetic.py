"""The sizes that docs/scaling.md states follow from the figures that they are said to follow from."""

from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.sizing import TURNS, Measured, Size, bytes_of, cores_for, figure, short, size_of, table

PAGE = Path(__file__).resolve().parents[2] / "docs" / "scaling.md"
ROUND = Measured(
    words_a_turn=50,
    turns_a_transcript=100,
    words_a_chunk=100,
    database_bytes=8_000,
    derived_bytes=1_600,
    coarse_bytes=400,
    embed_s=0.036,
    feed_s=0.0036,
    search_s=0.03,
    scan_s=1e-6,
    graph_bytes=2_500,
)


def test_a_billion_turns_worked_by_hand() -> None:
    assert size_of(1_000_000_000, ROUND) == Size(
        turns=1_000_000_000,
        words=50e9,
        transcripts=10e6,
        chunks=500e6,
        database_gb=4_000,
        derived_gb=1_000,
        bulk_core_hours=5_000,
        bulk_cores=70,  # 5,000 hours / 72 = 69.4
        adds=7,  # 500 hours / 72 = 6.9
        search_s=500.03,
        graph_gb=1_250,
    )


def test_cores_for_searches_worked_by_hand() -> None:
    turns = 40_000  # 20,000 chunks, .02 s to scan, .05 s a search
    assert cores_for(600, turns, ROUND) == 1  # 10 a second x .05 s = .5 core, / .6 = .83
    assert cores_for(7_200, turns, ROUND) == 10
    assert cores_for(7_201, turns, ROUND) == 11


@given(st.integers(1, 10**10), st.integers(2, 9))
def test_twice_as_much_takes_twice_as_much(turns: int, times: int) -> None:
    one, many = size_of(turns), size_of(turns * times)
    for field in fields(Size):
        ratio = getattr(many, field.name) / getattr(one, field.name)
        if field.name in ("bulk_cores", "adds", "search_s"):
            assert 1 <= ratio <= times
        elif field.name == "derived_gb":  # and a copy, from some size on
            assert times <= ratio + 1e-6 <= 1.3 * times
        else:
            assert ratio == pytest.approx(times)


def test_the_page_has_the_table_that_the_script_prints() -> None:
    assert table([size_of(turns) for turns in TURNS]) in PAGE.read_text("utf-8")


@pytest.mark.parametrize(
    ("number", "shown"), [(0, "0"), (0.0394, "0.039"), (9.96, "10"), (1234.5, "1,234"), (55, "55"), (3.25, "3.2")]
)
def test_estimates_are_shown_in_few_figures(number: float, shown: str) -> None:
    assert figure(number) == shown


def test_counts_and_sizes_are_shown_with_the_unit_that_suits_them() -> None:
    assert [short(n) for n in (999, 5_731, 1_000_000, 573_108_000, 2e9)] == [
        "999",
        "5,731",
        "1 million",
        "573 million",
        "2 billion",
    ]
    assert [bytes_of(gigabytes) for gigabytes in (0.0482, 1, 48.3, 4_830)] == ["48 MB", "1 GB", "48 GB", "4.8 TB"]
