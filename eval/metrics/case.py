"""What a measure is given, and what it gives."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from eval.dataset import Question
from eval.gold import Gold
from eval.responses import AskReply, SearchReply, TranscriptReply


class Share(NamedTuple):
    """One question's contribution to a figure: the figure of a set is the sum of parts over the sum of wholes.

    A mean over questions has a whole of 1 each; a rate over citations has as many as there are citations.
    """

    part: float
    whole: float = 1.0


Shares = dict[str, Share]
"""By the measure's name. A measure that can't be decided for a question is absent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A question with its gold and the replies to it; a reply is None where it was not asked for."""

    question: Question
    gold: tuple[Gold, ...]
    search: SearchReply | None
    answer: AskReply | None
    transcript_of: Callable[[str], TranscriptReply | None]
