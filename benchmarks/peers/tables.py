"""The comparison as Markdown."""

from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.peers.environments import NAMES
from benchmarks.peers.material import TITLES

HEADINGS = {
    "hit@1": "hit@1",
    "hit@5": "hit@5",
    "hit@10": "hit@10",
    "nDCG@10": "nDCG@10",
    "all_gold@5": "all-gold@5",
    "gold_within_150": "150 words",
    "gold_within_300": "300 words",
    "gold_within_1000": "1,000 words",
}
COSTS = {
    "ingest_s": ("ingest, s", "{:.0f}"),
    "startup_s": ("start to first answer, s", "{:.1f}"),
    "p50_ms": ("query p50, ms", "{:.0f}"),
    "p95_ms": ("p95, ms", "{:.0f}"),
    "ingest_mib": ("peak memory, ingest, MiB", "{:,.0f}"),
    "query_mib": ("peak memory, query, MiB", "{:,.0f}"),
    "words": ("words a passage", "{:.0f}"),
}
Result = Mapping[str, Any]


def markdown(result: Result) -> str:
    """Return quality, differences and costs of one set."""
    name, systems = result["set"], result["systems"]
    parts = [
        f"### {TITLES[name]} ({result['questions']} questions)",
        _table(["", *HEADINGS.values()], _quality(systems, result["differences"], result["beyond_baseline"])),
        _table(["", *(heading for heading, _ in COSTS.values())], _costs(systems)),
    ]
    return "\n\n".join(parts) + "\n"


def _quality(systems: Mapping[str, Result], differences: Result, beyond_baseline: Result) -> list[list[str]]:
    rows = [
        [NAMES[system], *(f"{result['measures'][name]:.3f}" for name in HEADINGS)] for system, result in systems.items()
    ]
    if differences:
        rows.append(["*best toolkit*", *(NAMES[differences[name]["best"]] for name in HEADINGS)])
        rows.append(["*Turnwise less best*", *(_difference(differences[name]) for name in HEADINGS)])
    if beyond_baseline:
        rows.append(["*Turnwise less baseline*", *(_difference(beyond_baseline[name]) for name in HEADINGS)])
    return rows


def _difference(difference: Result) -> str:
    shown = f"{difference['value']:+.3f} ({difference['low']:+.3f} to {difference['high']:+.3f})"
    return f"**{shown}**" if difference["clear"] else shown


def _costs(systems: Mapping[str, Result]) -> list[list[str]]:
    return [
        [NAMES[system], *(shape.format(result["costs"][name]) for name, (_, shape) in COSTS.items())]
        for system, result in systems.items()
    ]


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
