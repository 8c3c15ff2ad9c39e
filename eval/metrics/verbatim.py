"""Verbatim rate: citations whose quote is `turns[turn].text[start:end]`, in code points / citations.

The transcript is the one that the judged server shows under the citation's `transcript_id`. Anything under 1 is a
broken promise, whatever the other figures say.
"""

from eval.metrics.case import Case, Share, Shares
from eval.responses import Citation, TranscriptReply


def verbatim(case: Case) -> Shares:
    """Return how many citations of an answer are verbatim."""
    if case.answer is None or not case.answer.citations:
        return {}
    cited = case.answer.citations
    return {"verbatim": Share(sum(is_verbatim(c, case.transcript_of(c.transcript_id)) for c in cited), len(cited))}


def is_verbatim(citation: Citation, transcript: TranscriptReply | None) -> bool:
    """Return whether a quote stands where its citation says."""
    if transcript is None or not 0 <= citation.start < citation.end:
        return False
    said = next((turn.text for turn in transcript.turns if turn.turn == citation.turn), "")
    return said[citation.start : citation.end] == citation.quote
