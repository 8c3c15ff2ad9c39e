"""AUROC of confidence: the probability that a question with an answer gets a higher confidence than one without.

    AUROC = (R - a(a + 1)/2) / (a · u),  R = sum of the answerable questions' ranks, ties at their mean rank

for `a` answerable and `u` unanswerable questions (Hanley and McNeil 1982, doi:10.1148/radiology.143.1.7063747; it is
the Mann-Whitney statistic). 1 separates the two fully, 0.5 is chance, and it is not known without both kinds.
"""

import numpy as np

from eval.metrics.outcome import Outcomes


def auroc(outcomes: Outcomes) -> float | None:
    """Return the area, or None where all questions are of one kind."""
    answerable = outcomes.answerable > 0
    positives = int(answerable.sum())
    negatives = len(outcomes) - positives
    if not positives or not negatives:
        return None
    _, places, counts = np.unique(outcomes.confidence, return_inverse=True, return_counts=True)
    mean_ranks = np.cumsum(counts) - (counts - 1) / 2
    ranks = mean_ranks[places]
    return float((ranks[answerable].sum() - positives * (positives + 1) / 2) / (positives * negatives))
