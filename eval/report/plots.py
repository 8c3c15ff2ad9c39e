"""Plots as inline SVG: colours come from the page's style sheet, so that they follow light, dark and print.

Each plot returns markup whose text is made here from numbers only; nothing of a transcript is in it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from eval.report.document import BinPart, CurvePart

WIDTH, HEIGHT = 460, 300
LEFT, RIGHT, TOP, BOTTOM = 48, 14, 14, 44
QUARTERS = (0.0, 0.25, 0.5, 0.75, 1.0)
READING_LIMIT = 1000
"""Words on the axis of the reading curve; the longest of `within_words`."""
READING_TICKS = (0, 150, 300, 500, 1000)
WHISKER_WIDTH, WHISKER_HEIGHT = 150, 18


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A square of values 0 to 1 on both axes, drawn inside margins."""

    x_title: str
    y_title: str
    x_ticks: Sequence[tuple[float, str]]

    def x(self, value: float) -> float:
        """Return where a value of 0 to 1 stands."""
        return LEFT + value * (WIDTH - LEFT - RIGHT)

    def y(self, value: float) -> float:
        """Return how far down a value of 0 to 1 stands."""
        return HEIGHT - BOTTOM - value * (HEIGHT - TOP - BOTTOM)

    def draw(self, name: str, marks: Iterable[str]) -> Markup:
        """Return the plot with its axes."""
        parts = [f'<svg class="plot" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{name}">']
        for value in QUARTERS:
            y = self.y(value)
            parts.append(f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
            parts.append(f'<text class="tick" x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{value:.0%}</text>')
        for place, label in self.x_ticks:
            x = self.x(place)
            parts.append(
                f'<text class="tick" x="{x:.1f}" y="{HEIGHT - BOTTOM + 17}" text-anchor="middle">{label}</text>'
            )
        parts.extend(marks)
        middle = (LEFT + WIDTH - RIGHT) / 2
        parts.append(f'<text class="axis" x="{middle}" y="{HEIGHT - 6}" text-anchor="middle">{self.x_title}</text>')
        centre = (TOP + HEIGHT - BOTTOM) / 2
        parts.append(
            f'<text class="axis" transform="rotate(-90 12 {centre})" x="12" y="{centre}" text-anchor="middle">'
            f"{self.y_title}</text>"
        )
        return Markup("".join([*parts, "</svg>"]))  # noqa: S704 - made of numbers and our own words  # nosec


def _percent_ticks() -> list[tuple[float, str]]:
    return [(value, f"{value:.0%}") for value in QUARTERS]


def _line(points: Sequence[tuple[float, float]], style: str) -> str:
    path = " ".join(f"{'M' if n == 0 else 'L'}{x:.1f} {y:.1f}" for n, (x, y) in enumerate(points))
    return f'<path class="{style}" d="{path}"/>'


def risk_coverage_plot(curve: Sequence[CurvePart], answered_share: float) -> Markup:
    """Return risk over coverage, with the place where the assistant stops answering."""
    frame = Frame(x_title="questions answered, surest first", y_title="of them wrong", x_ticks=_percent_ticks())
    marks = [_line([(frame.x(p.coverage), frame.y(p.risk)) for p in curve], "curve")]
    marks += [
        f'<circle class="dot" cx="{frame.x(p.coverage):.1f}" cy="{frame.y(p.risk):.1f}" r="1.8"><title>'
        f"confidence {p.confidence:.2f} or more: {p.coverage:.0%} answered, {p.risk:.0%} of them wrong</title></circle>"
        for p in curve
    ]
    at = frame.x(answered_share)
    marks.append(
        f'<line class="now" x1="{at:.1f}" x2="{at:.1f}" y1="{TOP}" y2="{HEIGHT - BOTTOM}"/>'
        f'<text class="tick" x="{at - 5:.1f}" y="{TOP + 10}" text-anchor="end">answered now {answered_share:.0%}</text>'
    )
    return frame.draw("Risk-coverage curve", marks)


def reliability_plot(bins: Sequence[BinPart]) -> Markup:
    """Return the share of answerable questions over confidence; on the diagonal, confidence is a probability."""
    frame = Frame(x_title="confidence", y_title="answerable", x_ticks=_percent_ticks())
    most = max((b.count for b in bins), default=1)
    marks = [_line([(frame.x(0), frame.y(0)), (frame.x(1), frame.y(1))], "ideal")]
    for b in bins:
        x, y = frame.x(b.mean_confidence), frame.y(b.share_answerable)
        radius = 3 + 9 * (b.count / most) ** 0.5
        marks.append(
            f'<line class="gap" x1="{x:.1f}" x2="{x:.1f}" y1="{y:.1f}" y2="{frame.y(b.mean_confidence):.1f}"/>'
        )
        marks.append(
            f'<circle class="bin" cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}"><title>{b.count} questions with '
            f"confidence {b.low:.1f} to {b.high:.1f}: {b.share_answerable:.0%} answerable, mean confidence "
            f"{b.mean_confidence:.2f}</title></circle>"
        )
    return frame.draw("Reliability of confidence", marks)


def reading_plot(words: Sequence[int | None]) -> Markup:
    """Return the share of questions whose gold is met, over the words read (square root scale)."""
    scale: Callable[[float], float] = lambda n: (n / READING_LIMIT) ** 0.5  # noqa: E731 - the scale of one axis
    ticks = [(scale(n), f"{n:,}") for n in READING_TICKS]
    frame = Frame(x_title="words read from the top", y_title="gold met", x_ticks=ticks)
    met = sorted(n for n in words if n is not None and n <= READING_LIMIT)
    points = [(frame.x(0), frame.y(0))]
    for count, n in enumerate(met, start=1):
        points += [(frame.x(scale(n)), points[-1][1]), (frame.x(scale(n)), frame.y(count / len(words)))]
    points.append((frame.x(1), points[-1][1]))
    return frame.draw("Words until gold", [_line(points, "curve")])


def whisker(value: float, low: float | None, high: float | None, *, least: float = 0.0, most: float = 1.0) -> Markup:
    """Return a small picture of a figure and its interval between `least` and `most`."""
    room = WHISKER_WIDTH - 12

    def x(v: float) -> float:
        return 6 + room * (min(max(v, least), most) - least) / ((most - least) or 1)

    middle = WHISKER_HEIGHT / 2
    span = (
        f'<line class="span" x1="{x(low):.1f}" x2="{x(high):.1f}" y1="{middle}" y2="{middle}"/>'
        if low is not None and high is not None
        else ""
    )
    return Markup(  # noqa: S704 - made of numbers  # nosec
        f'<svg class="whisker" viewBox="0 0 {WHISKER_WIDTH} {WHISKER_HEIGHT}" aria-hidden="true">'
        f'<line class="grid" x1="6" x2="{WHISKER_WIDTH - 6}" y1="{middle}" y2="{middle}"/>{span}'
        f'<circle class="dot" cx="{x(value):.1f}" cy="{middle}" r="4"/></svg>'
    )
