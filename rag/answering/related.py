"""Other questions that these transcripts answer: those that were really asked in them."""

from collections.abc import Sequence

from rag.answering.cohesion import POINTS_BACK
from rag.answering.types import Citation
from rag.retrieval.terms import shared_terms, term_set
from rag.retrieval.types import Passage
from rag.transcripts.sentences import sentences

MOST = 3
SHORTEST, LONGEST = 7, 30
"""Words of a question that can stand alone."""
SAME = 0.5
"""Share of terms in common (Jaccard) from which two questions ask the same."""
OPENERS = ("what", "how", "why", "who", "where", "when", "which", "is", "are", "do", "does", "did", "can", "should")


def related_questions(question: str, passages: Sequence[Passage], citations: Sequence[Citation]) -> tuple[str, ...]:
    """Return questions asked in the passages, and answered by the turn that follows, that differ from this one."""
    cited = {(citation.transcript_id, citation.turn) for citation in citations}
    found: list[str] = []
    for passage in passages:
        for turn in passage.turns:
            if (passage.transcript_id, turn.turn) in cited:
                continue
            asked = [s.text for s in sentences(turn.text)[-3:] if _stands_alone(s.text)]
            found.extend(text for text in asked if not any(_alike(text, other) for other in [question, *found]))
    return tuple(found[:MOST])


def _stands_alone(text: str) -> bool:
    words = text.split()
    return (
        text.endswith("?")
        and SHORTEST <= len(words) <= LONGEST
        and words[0].lower().strip(",") in OPENERS
        and not POINTS_BACK.match(text)
    )


def _alike(one: str, other: str) -> bool:
    return not term_set(one) or not term_set(other) or shared_terms(one, other) >= SAME
