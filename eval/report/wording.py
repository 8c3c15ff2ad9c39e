"""How figures are written, the same in every form of a report."""

from eval.metrics.catalogue import MEASURES, Family
from eval.report.document import Figure

FAMILY_TITLES = {
    Family.RETRIEVAL: "Retrieval",
    Family.ANSWERS: "Answers",
    Family.REFUSAL: "Refusal and confidence",
    Family.SPEED: "Speed",
}
NOTHING = "–"


def written(name: str, value: float | None) -> str:
    """Return a figure as it is shown: three decimals, or milliseconds."""
    if value is None:
        return NOTHING
    if MEASURES[name].family is Family.SPEED:
        return f"{value:,.0f} ms"
    return f"{value:.3f}"


def interval(figure: Figure) -> str:
    """Return the 95% interval in words."""
    if figure.low is None or figure.high is None:
        return NOTHING
    return f"{written(figure.name, figure.low)} to {written(figure.name, figure.high)}"
