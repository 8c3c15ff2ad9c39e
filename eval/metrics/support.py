"""When a citation supports: the decidable notion that the measures of answers share.

ALCE asks a model whether the cited text entails the sentence. Our sentences are quotations, so that what is left to
decide is whether the quotation answers the question; that is known only where there is gold. A citation supports when
it has at least half of the shorter of the two, quotation or gold text, in common with gold text (of a gold source: when
it is of that source). Gold is seldom complete, so a figure made with this is a lower bound, good for comparing systems.
"""

from collections.abc import Sequence

from eval.gold import Gold
from eval.responses import Citation

LEAST_SHARE = 0.5


def supports(citation: Citation, gold: Sequence[Gold]) -> bool:
    """Return whether a citation has enough in common with gold text."""
    return any(_supports(citation, item) for item in gold)


def supported(citations: Sequence[Citation], gold: Gold) -> bool:
    """Return whether one gold item is cited."""
    return any(_supports(citation, gold) for citation in citations)


def _supports(citation: Citation, item: Gold) -> bool:
    if item.item.quote is None and item.item.turns is None:
        return citation.transcript_id in item.transcript_ids
    length = max(1, citation.end - citation.start)
    return any(
        place.shares(transcript_id=citation.transcript_id, turn=citation.turn, start=citation.start, end=citation.end)
        >= LEAST_SHARE * min(length, max(1, place.end - place.start))
        for place in item.places
    )
