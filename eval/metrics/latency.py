"""Latency: percentiles of the time that questions took, by call and stage.

Stages are the `timings_ms` of the replies; `wall` is what the caller waited. The p-th percentile is interpolated
linearly between the two nearest times (Hyndman and Fan 1996, definition 7; numpy's default).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True, kw_only=True)
class Percentiles:
    """Milliseconds of one stage of one call."""

    call: str
    stage: str
    count: int
    p50_ms: float
    p95_ms: float
    p99_ms: float
    max_ms: float


def latency(times: Iterable[tuple[str, Mapping[str, float]]]) -> list[Percentiles]:
    """Return the percentiles of each stage.

    Args:
        times: For each reply, the call (`search`, `ask`) and its milliseconds by stage.
    """
    gathered: defaultdict[tuple[str, str], list[float]] = defaultdict(list)
    for call, stages in times:
        for stage, milliseconds in stages.items():
            gathered[call, stage].append(milliseconds)
    rows = []
    for (call, stage), values in gathered.items():
        p50, p95, p99 = np.percentile(values, (50, 95, 99)).tolist()
        rows.append(
            Percentiles(
                call=call, stage=stage, count=len(values), p50_ms=p50, p95_ms=p95, p99_ms=p99, max_ms=max(values)
            )
        )
    return rows
