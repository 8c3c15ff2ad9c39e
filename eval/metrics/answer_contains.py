"""answer_contains: the answer holds every string that the question demands.

Case, accents, white space and the form of apostrophes don't matter. 0 where there is no answer.
"""

from eval.gold import fold as fold_space
from eval.metrics.case import Case, Share, Shares
from rag.transcripts.names import fold


def answer_contains(case: Case) -> Shares:
    """Return whether the answer holds what it must, for a question that says so and has an answer."""
    if case.answer is None or not case.question.answerable or not case.question.answer_contains:
        return {}
    said = fold(fold_space(case.answer.answer))
    held = all(fold(fold_space(wanted)) in said for wanted in case.question.answer_contains)
    return {"answer_contains": Share(float(case.answer.answered and held))}
