"""How much of what a question asks hangs on words that nobody near says."""

import re
from collections.abc import Callable, Sequence, Set
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from rag.answering.features import ONLY_ASK
from rag.retrieval.terms import term_set

WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
OF_ASKING = ONLY_ASK | term_set(
    "agree agreement disagree disagreement oppose opposition support favour critic criticise doubt sceptical "
    "dispute challenge question object argue argument claim believe belief think thought feel consider opinion view "
    "viewpoint stance position attitude take verdict make mean meant define definition say said told talk speak "
    "mention discuss debate conversation comment remark respond response reply answer suggest recommend advise "
    "advice description explanation elaborate emphasise emphasize summarise summarize summary overview gist point "
    "issue topic subject matter speaker guest panel panellist participant interviewee interviewer host presenter "
    "people person group meeting podcast episode recording transcript collection quote evidence reason cause "
    "difference compare comparison similar common best worst main key important biggest good bad better worse kind "
    "sort type way thing"
)
"""Terms that say what is wanted of those who speak, not about what."""
Embed = Callable[[Sequence[str]], npt.NDArray[np.float32]]
"""Gives unit vectors of questions, shape (n, dimension)."""


class Unspoken(NamedTuple):
    """Words of a question that nobody near says."""

    words: str = ""
    moves: float = 0.0
    """How far the question is moved (1 - cosine, 0 to 1) by leaving them out."""


NOTHING_UNSPOKEN = Unspoken()


def hanging_on_unspoken(question: str, spoken: Set[str], embed: Embed) -> Unspoken:
    """Return the words that nobody near says which move a question most by being left out.

    Of words that are told in others ("bracelets" for wristbands) a question says more than they do; where they are its
    matter ("How is blockchain used?"), hardly any of it is left.

    Args:
        question: What is asked.
        spoken: The terms of the passages, and of who speaks in them.
        embed: Embeds questions.
    """
    found = unspoken(question, spoken)
    if not found:
        return NOTHING_UNSPOKEN
    left = [" ".join(f"{question[:start]} {question[end:]}".split()) for start, end in found]
    if not all(term_set(text) for text in left):
        return Unspoken(words=question[found[0][0] : found[0][1]], moves=1.0)
    vectors = embed([question, *left])
    moves = np.clip(1 - vectors[1:] @ vectors[0], 0.0, 1.0)
    start, end = found[int(moves.argmax())]
    return Unspoken(words=question[start:end], moves=float(moves.max()))


def unspoken(question: str, spoken: Set[str]) -> list[tuple[int, int]]:
    """Return where stretches of a question start and end that consist of words that aren't among those spoken."""
    found: list[tuple[int, int]] = []
    joined = False
    for word in WORD.finditer(question):
        terms = term_set(word.group()) - OF_ASKING
        if not terms or terms <= spoken:
            joined = False
            continue
        found.append((found.pop()[0] if joined else word.start(), word.end()))
        joined = True
    return found
