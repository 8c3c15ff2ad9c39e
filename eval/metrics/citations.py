"""Citation precision and recall after ALCE (Gao et al. 2023, arXiv:2305.14627), and whether the answer cites gold.

    citation recall      sentences of the answer with a citation that supports / sentences
    citation precision   citations, counted a sentence at a time, that support / citations so counted
    cited_gold           1 if the answer has a citation that supports, 0 if not or if there is no answer
    min_sources          1 if the answer supports itself from as many gold sources as the question asks for

The first two are means over the answered questions that have gold; the others over all questions that have it, so that
staying silent costs. `support.py` says what "supports" means here: recall is about sentences of the answer, as in ALCE,
not about how much of the gold was found (which is `gold_quote_f1`).
"""

from eval.metrics.case import Case, Share, Shares
from eval.metrics.support import supports


def citations(case: Case) -> Shares:
    """Return the measures of the citations of an answerable question that was asked."""
    reply = case.answer
    if reply is None or not case.question.answerable:
        return {}
    supporting = {citation.n for citation in reply.citations if supports(citation, case.gold)}
    shares = {"cited_gold": Share(float(reply.answered and bool(supporting)))}
    if case.question.min_sources is not None:
        sources = {c.transcript_id for c in reply.citations if c.n in supporting}
        shares["min_sources"] = Share(float(len(sources) >= case.question.min_sources))
    if not reply.answered or not reply.sentences:
        return shares
    cited = [n for sentence in reply.sentences for n in sentence.citations]
    recalled = sum(not supporting.isdisjoint(sentence.citations) for sentence in reply.sentences)
    shares["citation_recall"] = Share(recalled / len(reply.sentences))
    shares["citation_precision"] = Share(sum(n in supporting for n in cited) / len(cited) if cited else 0.0)
    return shares
