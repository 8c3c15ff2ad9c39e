"""Refusal: does the assistant say "not in these transcripts" when, and only when, it should?

    refusal recall      unanswerable questions with status `not_found` / unanswerable questions
    refusal precision   unanswerable questions with status `not_found` / all questions with status `not_found`
    over-refusal        answerable questions with another status than `answered` / answerable questions
    answered            answerable questions with status `answered` / answerable questions

Precision has the questions that were refused for its whole; it is not known where nothing was refused.
"""

from eval.metrics.case import Case, Share, Shares


def refusal(case: Case) -> Shares:
    """Return what a question that was asked contributes to the measures of refusal."""
    if case.answer is None:
        return {}
    refused = case.answer.status == "not_found"
    shares: Shares = {}
    if refused:
        shares["refusal_precision"] = Share(float(not case.question.answerable))
    if case.question.answerable:
        shares["answered"] = Share(float(case.answer.answered))
        shares["over_refusal"] = Share(float(not case.answer.answered))
    else:
        shares["refusal_recall"] = Share(float(refused))
    return shares
