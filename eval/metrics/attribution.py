"""Attribution accuracy: citations of gold text that name the gold's speaker / citations of gold text.

Decidable only for gold that says who speaks. Names are compared without case, accents and honorifics. A citation that
covers gold of several speakers is right with any of them.
"""

from eval.metrics.case import Case, Share, Shares
from eval.metrics.support import supports
from rag.transcripts.names import name_key


def attribution(case: Case) -> Shares:
    """Return how many citations of gold text name the right speaker."""
    if case.answer is None:
        return {}
    right = decided = 0
    for citation in case.answer.citations:
        told = [g.item.speaker for g in case.gold if g.item.speaker and supports(citation, [g])]
        if told:
            decided += 1
            right += name_key(citation.speaker or "") in {name_key(name) for name in told}
    return {"attribution": Share(right, decided)} if decided else {}
