"""How large does it get? Disk, memory and processors for so many turns, worked out from what was measured.

    python -m benchmarks.sizing                   the table of docs/scaling.md, up to a billion turns
    python -m benchmarks.sizing --turns 250000 --searches-a-minute 3000

Every constant says where it was measured. What is linear in the measurements is taken as linear beyond them: above 20
million words this is a calculation and no measurement.
"""

import argparse
from dataclasses import dataclass
from math import ceil

TURNS = (10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000)
HOURS_FOR_BULK = 72
"""A first load may take a long weekend."""
BUSY = 0.6
"""Part of its cores that a serving machine should use in its busiest minute: beyond it, queues grow long."""
HEADINGS = (
    "turns",
    "words",
    "chunks",
    "database",
    "derived, on each machine",
    "core hours of the first load",
    f"cores for {HOURS_FOR_BULK} h",
    "adds",
    "a search, of a core",
    "vectors as a graph, in memory",
)
COARSE_FROM = 131_072
"""Chunks: `index/` makes the coarse copy from there on (decision 013)."""
_GB, _HOUR_S = 1e9, 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What one turn, chunk or question takes."""

    words_a_turn: float = 56.05
    """363,704 turns of 2,084 podcast episodes (the Changelog set): 20,384,043 words."""
    turns_a_transcript: float = 174.5
    """The same."""
    words_a_chunk: float = 99.05
    """`python -m benchmarks.scale --words 20400000`: 205,793 chunks of at most 175 tokens."""
    database_bytes: float = 8_100
    """A chunk, with its share of the transcript and its sentences' vectors: the same run, 1,667 MB."""
    derived_bytes: float = 1_870
    """A chunk, vectors (384 float32) and inverted lists, on every serving machine: the same run, 385 MB."""
    coarse_bytes: float = 384
    """A chunk's vector at a byte a component, beside the others from COARSE_FROM on: decision 013."""
    embed_s: float = 0.0277
    """Of one core, a chunk, in float32: `python -m benchmarks.ray_embedding`."""
    feed_s: float = 0.0031
    """Of one core, a chunk, to read, cut and store it: the same, its last line."""
    search_s: float = 0.0296
    """Of one core, a hybrid search of any size; 6 to 7 ms of it embed the question. 32.5 ms over 20,560 chunks and
    58.5 ms over 205,793 (`benchmarks.scale`, `hybrid`, `cpu_p50`, on a busy machine) make this and the next."""
    scan_s: float = 1.4e-7
    """Of one core, what each chunk of the collection adds to a search, by meaning and by words."""
    graph_bytes: float = 1_536 + 128 + 340
    """A chunk in a vector service's memory: the vector, a graph of 16 neighbours each way, its scalar fields."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """What a collection of so many turns takes."""

    turns: int
    words: float
    transcripts: float
    chunks: float
    database_gb: float
    """On disk, once: SQLite or PostgreSQL."""
    derived_gb: float
    """On disk, on each serving machine; as much memory lets searches run at full speed."""
    bulk_core_hours: float
    """To embed it all for the first time."""
    bulk_cores: int
    """So that this takes HOURS_FOR_BULK."""
    adds: int
    """`turnwise add` processes that so many cores need to be fed."""
    search_s: float
    """Of one core, for one search by the engine in the process."""
    graph_gb: float
    """Of memory for the vectors in a vector service, once; twice with two replicas."""


def size_of(turns: int, measured: Measured = Measured()) -> Size:
    """Work out what a collection takes.

    Args:
        turns: How many there are.
        measured: What one takes.
    """
    words = turns * measured.words_a_turn
    chunks = words / measured.words_a_chunk
    core_hours = chunks * measured.embed_s / _HOUR_S
    derived = measured.derived_bytes + (measured.coarse_bytes if chunks >= COARSE_FROM else 0)
    return Size(
        turns=turns,
        words=words,
        transcripts=turns / measured.turns_a_transcript,
        chunks=chunks,
        database_gb=chunks * measured.database_bytes / _GB,
        derived_gb=chunks * derived / _GB,
        bulk_core_hours=core_hours,
        bulk_cores=ceil(core_hours / HOURS_FOR_BULK),
        adds=ceil(chunks * measured.feed_s / _HOUR_S / HOURS_FOR_BULK),
        search_s=measured.search_s + chunks * measured.scan_s,
        graph_gb=chunks * measured.graph_bytes / _GB,
    )


def cores_for(searches_a_minute: float, turns: int, measured: Measured = Measured()) -> int:
    """Return how many cores serve so many searches in the busiest minute, by the engine in the process.

    Args:
        searches_a_minute: An answer begins with one.
        turns: In the collection.
        measured: What one takes.
    """
    return ceil(searches_a_minute / 60 * size_of(turns, measured).search_s / BUSY)


def table(sizes: list[Size]) -> str:
    """Return sizes as a table in Markdown."""
    rows = [f"| {' | '.join(HEADINGS)} |", f"|{' ---: |' * len(HEADINGS)}"]
    for size in sizes:
        cells = (
            short(size.turns),
            short(size.words),
            short(size.chunks),
            bytes_of(size.database_gb),
            bytes_of(size.derived_gb),
            figure(size.bulk_core_hours),
            f"{size.bulk_cores:,}",
            f"{size.adds:,}",
            f"{figure(size.search_s)} s",
            bytes_of(size.graph_gb),
        )
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def short(number: float) -> str:
    """Return a count in words: 1.2 million."""
    for unit, name in ((1e9, " billion"), (1e6, " million"), (1, "")):
        if number >= unit:
            return f"{figure(number / unit)}{name}"
    return figure(number)


def bytes_of(gigabytes: float) -> str:
    """Return a size with the unit that suits it."""
    if gigabytes >= 1000:
        return f"{figure(gigabytes / 1000)} TB"
    return f"{figure(gigabytes)} GB" if gigabytes >= 1 else f"{figure(gigabytes * 1000)} MB"


def figure(number: float) -> str:
    """Return a number in two figures where it is below a hundred, else whole: they are estimates."""
    return f"{number:.2g}" if 0 < number < 10 else f"{number:,.0f}"


def main() -> None:
    """Print the table, or one size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--turns", type=int, action="append", help="may be given several times")
    parser.add_argument("--searches-a-minute", type=float, help="in the busiest minute")
    arguments = parser.parse_args()
    sizes = [size_of(turns) for turns in arguments.turns or TURNS]
    print(table(sizes))
    if asked := arguments.searches_a_minute:
        print(f"\n{asked:,.0f} searches a minute, by the engine in the process:")
        for size in sizes:
            print(f"  {short(size.turns)} turns: {cores_for(asked, size.turns):,} core(s)")


if __name__ == "__main__":
    main()
