"""The report as one HTML page that needs nothing else: styles and plots are in it, and no script."""

from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from eval.metrics.catalogue import MEASURES, Family, Measure
from eval.report.document import Figure, KindPart, Report
from eval.report.plots import reading_plot, reliability_plot, risk_coverage_plot, whisker
from eval.report.questions import worst
from eval.report.wording import FAMILY_TITLES, interval, written

WORST_SHOWN = 15
TEMPLATE = "report.html.j2"
STYLE = "report.css"
READING_SAYS = "The share of answerable questions whose gold a reader has met, by the words read from the top."
RISK_SAYS = (
    "If only the surest answers were shown: how many questions would get one, and how many of those would be wrong. "
    "The lower, the better confidence knows what it does not know."
)
RELIABILITY_SAYS = (
    "Questions grouped by confidence. On the dashed line, a confidence of 80% means that 8 of 10 such questions have "
    "an answer here. A larger dot stands for more questions."
)
GOOD, FAIR = 0.8, 0.5
"""Where a cell of the breakdown turns from strong to middling to weak; a help for the eye, no judgement."""


def as_html(report: Report) -> str:
    """Return the report as a self-contained page."""
    folder = Path(__file__).resolve().parent
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(measures=MEASURES, written=written, interval=interval, figure_whisker=_whisker)
    style = Markup((folder / STYLE).read_text("utf-8"))  # noqa: S704 - our own style sheet  # nosec
    return environment.get_template(TEMPLATE).render(
        report=report,
        style=style,
        headline=[figure for figure in report.figures if MEASURES[figure.name].headline],
        families=_families(report.figures),
        columns=_columns(report.kinds),
        shade=_shade,
        plots=_plots(report),
        worst=worst(report, WORST_SHOWN),
    )


def _families(figures: Sequence[Figure]) -> list[tuple[str, list[Figure]]]:
    groups = [
        (title, [f for f in figures if MEASURES[f.name].family is family]) for family, title in FAMILY_TITLES.items()
    ]
    return [(title, members) for title, members in groups if members]


def _columns(kinds: Sequence[KindPart]) -> list[Measure]:
    return [m for m in MEASURES.values() if m.headline and any(m.name in kind.figures for kind in kinds)]


def _shade(measure: Measure, value: float | None) -> str:
    if value is None:
        return "none"
    goodness = value if measure.higher_is_better else 1 - value
    return "strong" if goodness >= GOOD else "fair" if goodness >= FAIR else "weak"


def _whisker(figure: Figure) -> Markup:
    if MEASURES[figure.name].family is Family.SPEED:
        return Markup("")
    return whisker(figure.value, figure.low, figure.high)


def _plots(report: Report) -> list[tuple[str, str, Markup]]:
    """Return title, explanation and picture of each plot that the run has something for."""
    plots = []
    answerable = [question for question in report.questions if question.gold and question.error is None]
    if answerable:
        plots.append(
            (
                "Reading until gold",
                READING_SAYS,
                reading_plot([question.words_to_gold for question in answerable]),
            )
        )
    if report.risk_coverage:
        asked = [question for question in report.questions if question.status is not None]
        answered = sum(question.status == "answered" for question in asked) / len(asked)
        plots.append(
            (
                "Risk and coverage",
                RISK_SAYS,
                risk_coverage_plot(report.risk_coverage, answered),
            )
        )
    if report.reliability:
        plots.append(
            (
                "Reliability of confidence",
                RELIABILITY_SAYS,
                reliability_plot(report.reliability),
            )
        )
    return plots
