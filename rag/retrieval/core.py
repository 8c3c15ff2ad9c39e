"""What of a question asks, apart from what is told around it ("Money is tight. What did he say about …?")."""

import re

from rag.retrieval.terms import term_set
from rag.transcripts.names import fold

PIECES = re.compile(r"(?<=[.?!])\s+|\s+[-–—]\s+")
"""What parts a question from what is told around it."""
ASKS = re.compile(
    r"^(?:(?:and|so|but|well|ok|okay|please|roughly|about|exactly|in which|at what|by what|to what)\b[, ]*)*"
    r"(?:who|whose|whom|what|when|where|which|why|how|did|does|do|is|are|was|were|has|have|had|can|could|should|would|will|"
    r"give me|tell me|name|list|explain|describe|summarise|summarize|compare|show me)\b"
)
"""How a piece begins that asks, folded."""
REFERS = re.compile(r"\b(?:it|its|that|this|these|those|they|them|their|he|him|his|she|her|one|ones|such|there)\b")
"""What asks with one of these can't be understood without what is told around it."""


def asking(question: str) -> str:
    """Return the pieces of a question that ask, without what is told before and after; all of it where none does."""
    pieces = [piece for piece in PIECES.split(question) if piece.strip()]
    asked = [piece for piece in pieces if piece.rstrip().endswith("?") or ASKS.match(fold(piece))]
    return " ".join(asked) if 0 < len(asked) < len(pieces) else question


def core(question: str) -> str:
    """Return what of a question asks, where it can be understood without what is told around it; else all of it."""
    asked = asking(question)
    return asked if term_set(asked) and not REFERS.search(fold(asked)) else question
