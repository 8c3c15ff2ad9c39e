"""Gold-quote coverage: word F1 between what the answer quotes and the gold quotes (SQuAD's F1).

    F1(a, b) = 2 · common / (|a| + |b|), common = words in common, counted with repetitions

(Rajpurkar et al. 2016, arXiv:1606.05250.) Each gold quote is compared with the citation of its source that is most
like it; the figure of a question is the mean over its gold quotes, 0 where there is no answer. A word is a run of
letters, digits and apostrophes, without case. Gold without a quote is not decided.
"""

import re
from collections import Counter
from collections.abc import Sequence

from eval.metrics.case import Case, Share, Shares
from rag.transcripts.names import fold

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")


def quote_coverage(case: Case) -> Shares:
    """Return the mean over the gold quotes of the best F1 with a citation."""
    gold = [item for item in case.gold if item.item.quote is not None]
    if case.answer is None or not gold:
        return {}
    best = [
        max(
            (
                word_f1(words(citation.quote), words(item.item.quote or ""))
                for citation in case.answer.citations
                if citation.transcript_id in item.transcript_ids
            ),
            default=0.0,
        )
        for item in gold
    ]
    return {"gold_quote_f1": Share(sum(best) / len(best))}


def words(text: str) -> list[str]:
    """Return the words of a text, without case and accents."""
    return _WORD.findall(fold(text))


def word_f1(one: Sequence[str], other: Sequence[str]) -> float:
    """Return the F1 of two bags of words; 0 where one is empty."""
    common = (Counter(one) & Counter(other)).total()
    return 2 * common / (len(one) + len(other)) if common else 0.0
