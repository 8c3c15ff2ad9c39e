"""`--min metric=value` and `--max metric=value`: what a run must reach, so that CI can tell."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from eval.metrics.catalogue import MEASURES, Measure, measure_named
from rag.errors import InputError


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """A value that a figure must reach (`least`) or keep under."""

    measure: Measure
    value: float
    least: bool

    def missed(self, figures: Mapping[str, float]) -> str | None:
        """Return in words how a run falls short, or None where it does not."""
        figure = figures.get(self.measure.name)
        wanted = f"at {'least' if self.least else 'most'} {self.value:g}"
        if figure is None:
            return f"{self.measure.name} was not measured; {wanted} is required"
        kept = figure >= self.value if self.least else figure <= self.value
        return None if kept else f"{self.measure.name} is {figure:.4f}; {wanted} is required"


def parse_bounds(given: Sequence[str], *, least: bool) -> list[Bound]:
    """Read what the command line says.

    Raises:
        InputError: A bound is not `metric=value`, or there is no such metric.
    """
    return [_parse(text, least=least) for text in given]


def _parse(text: str, *, least: bool) -> Bound:
    option = "--min" if least else "--max"
    name, sign, number = text.partition("=")
    try:
        value = float(number)
    except ValueError:
        value = math.nan
    if not sign or not math.isfinite(value):
        raise InputError(f"{option} {text!r}: write metric=value, such as {option} hit@1=0.7.")
    measure = measure_named(name)
    if measure is None:
        raise InputError(f"{option} {text!r}: there is no metric {name!r}. There are {', '.join(MEASURES)}.")
    return Bound(measure=measure, value=value, least=least)
