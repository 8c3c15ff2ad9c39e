"""The report's document: what `--json` prints, what `--report x.json` keeps, and what every other form is made from."""

from typing import Any

from pydantic import BaseModel, ConfigDict

from eval.provenance import Provenance

FORMAT = "turnwise-eval/1"


class Part(BaseModel):
    """Base of the report's parts."""

    model_config = ConfigDict(frozen=True)


class DatasetPart(Part):
    """Which questions."""

    name: str
    path: str
    sha256: str
    questions: int
    answerable: int
    transcripts: int
    """Transcripts of the target."""


class RunPart(Part):
    """How they were asked."""

    top_k: int
    mode: str
    search_only: bool
    generator: str | None
    concurrency: int
    limit: int | None
    seconds: float
    failed: int
    """Questions without a reply; they are in no figure."""
    index_versions: tuple[str, ...]


class Figure(Part):
    """A measure of the whole set with its 95% bootstrap interval."""

    name: str
    value: float
    low: float | None
    high: float | None
    n: int
    """Questions that it is made of."""


class KindPart(Part):
    """The figures of one kind of question."""

    kind: str
    questions: int
    figures: dict[str, float]


class LatencyPart(Part):
    """Milliseconds of one stage of one call."""

    call: str
    stage: str
    count: int
    p50_ms: float
    p95_ms: float
    p99_ms: float
    max_ms: float


class CurvePart(Part):
    """A point of the risk-coverage curve."""

    confidence: float
    coverage: float
    risk: float


class BinPart(Part):
    """A bin of the reliability diagram."""

    low: float
    high: float
    count: int
    mean_confidence: float
    share_answerable: float


class ReturnedPart(Part):
    """A passage or citation that came back for a question."""

    n: int
    title: str
    speaker: str | None
    link: str
    text: str
    gold: bool
    """It meets gold, or as a citation supports."""


class QuestionPart(Part):
    """One question, judged."""

    id: str
    kinds: tuple[str, ...]
    question: str
    history: tuple[str, ...]
    gold: tuple[dict[str, Any], ...]
    error: str | None
    status: str | None
    confidence: float | None
    right: bool | None
    first_rank: int | None
    """Rank of the first passage that meets gold."""
    words_to_gold: int | None
    shares: dict[str, tuple[float, float]]
    """By measure: this question's part and whole; figures are sums of parts over sums of wholes."""
    passages: tuple[ReturnedPart, ...]
    answer: str | None
    citations: tuple[ReturnedPart, ...]


class Report(Part):
    """A judged run."""

    format: str = FORMAT
    dataset: DatasetPart
    target: dict[str, Any]
    run: RunPart
    provenance: Provenance
    figures: tuple[Figure, ...]
    kinds: tuple[KindPart, ...]
    latency: tuple[LatencyPart, ...]
    risk_coverage: tuple[CurvePart, ...]
    reliability: tuple[BinPart, ...]
    notes: tuple[str, ...]
    """Gold that is not in the target's transcripts, in words."""
    questions: tuple[QuestionPart, ...]

    def values(self) -> dict[str, float]:
        """Return the figures by name."""
        return {figure.name: figure.value for figure in self.figures}
