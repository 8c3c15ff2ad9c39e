"""What a question says about confidence: how sure the assistant was, whether it could be, and whether it was right."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One question that was asked."""

    confidence: float
    answerable: bool
    right: bool
    """Answered, and with a citation that supports (`support.py`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcomes:
    """All questions that were asked, as arrays of shape (n,)."""

    confidence: Floats
    answerable: Floats
    """1 or 0."""
    right: Floats
    """1 or 0."""

    @classmethod
    def of(cls, outcomes: Sequence[Outcome]) -> "Outcomes":
        """Gather single questions."""
        return cls(
            confidence=np.array([o.confidence for o in outcomes], dtype=np.float64),
            answerable=np.array([o.answerable for o in outcomes], dtype=np.float64),
            right=np.array([o.right for o in outcomes], dtype=np.float64),
        )

    def take(self, indices: npt.NDArray[np.int64]) -> "Outcomes":
        """Return the questions at some places, with repetitions: a bootstrap sample."""
        return Outcomes(
            confidence=self.confidence[indices], answerable=self.answerable[indices], right=self.right[indices]
        )

    def __len__(self) -> int:
        return len(self.confidence)
