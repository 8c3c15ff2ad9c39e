"""From weighted evidence to probabilities."""

import math
from collections.abc import Sequence
from dataclasses import astuple
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def probabilities(
    evidence: Sequence["DataclassInstance"], weights: "DataclassInstance", *, none: float | None = None
) -> list[float]:
    """Return, by alternative, its probability among all: the softmax of the weighted sums of its evidence.

    Args:
        evidence: One dataclass of numbers an alternative.
        weights: A dataclass with the same fields.
        none: The weighted sum of "none of them", where that is possible.
    """
    by = astuple(weights)
    sums = [sum(weight * value for weight, value in zip(by, astuple(each), strict=True)) for each in evidence]
    highest = max([*sums, none] if none is not None else sums, default=0.0)
    powers = [math.exp(each - highest) for each in sums]
    total = sum(powers) + (math.exp(none - highest) if none is not None else 0.0)
    return [power / total for power in powers]
