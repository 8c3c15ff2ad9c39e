"""One question of a report, and which questions went worst."""

from collections.abc import Sequence
from itertools import zip_longest

from eval.judge import Judged
from eval.metrics.ranked import first_ranks
from eval.metrics.support import supports
from eval.report.document import QuestionPart, Report, ReturnedPart
from eval.responses import RankedPassage

SHOWN_PASSAGES = 5
SHOWN_CHARACTERS = 320
FAR = 1000
"""Stands for the rank of gold that was not found."""


def question_part(item: Judged) -> QuestionPart:
    """Return what a report keeps of a judged question."""
    passages = item.search.passages if item.search else ()
    ranks = [rank for rank in first_ranks(item.gold, passages) if rank is not None]
    answer = item.answer
    return QuestionPart(
        id=item.question.id,
        kinds=item.question.groups,
        question=item.question.question,
        history=item.question.history,
        gold=tuple(gold.model_dump(mode="json", exclude_none=True) for gold in item.question.gold),
        error=item.error,
        status=answer.status if answer else None,
        confidence=answer.confidence if answer else None,
        right=item.outcome.right if item.outcome else None,
        first_rank=min(ranks, default=None),
        words_to_gold=item.words_to_gold,
        shares={name: (share.part, share.whole) for name, share in item.shares.items()},
        passages=tuple(_returned(n, passage, item) for n, passage in enumerate(passages[:SHOWN_PASSAGES], start=1)),
        answer=answer.answer if answer else None,
        citations=tuple(
            ReturnedPart(
                n=citation.n,
                title=citation.title,
                speaker=citation.speaker,
                link=citation.link,
                text=_cut(citation.quote),
                gold=supports(citation, item.gold),
            )
            for citation in (answer.citations if answer else ())
        ),
    )


def worst(report: Report, count: int) -> list[QuestionPart]:
    """Return the questions that went worst, in turn one that has an answer here and one that has none."""
    went_wrong = sorted(report.questions, key=lambda question: (-_badness(question), question.id))
    went_wrong = [question for question in went_wrong if _badness(question) > 0]
    answerable = [question for question in went_wrong if question.gold]
    unanswerable = [question for question in went_wrong if not question.gold]
    mixed = [question for pair in zip_longest(answerable, unanswerable) for question in pair if question is not None]
    return mixed[:count]


def _badness(question: QuestionPart) -> float:
    """Return 0 for a question that went well, more for one that went worse.

    Without an answer here, a reply is the worse the surer it was. With one, it is worse not to cite gold than to find
    it late.
    """
    if question.error is not None:
        return float(FAR)
    if not question.gold:
        return 1 + (question.confidence or 0.0) if question.status == "answered" else 0.0
    late = 1 - 1 / (question.first_rank or FAR)
    return late + (1 if question.right is False else 0)


def _returned(n: int, passage: RankedPassage, item: Judged) -> ReturnedPart:
    speakers: Sequence[str] = list(dict.fromkeys(turn.speaker for turn in passage.turns if turn.speaker))
    return ReturnedPart(
        n=n,
        title=passage.title,
        speaker=", ".join(speakers) or None,
        link=passage.link,
        text=_cut(passage.text),
        gold=any(gold.met_by(passage) for gold in item.gold),
    )


def _cut(text: str) -> str:
    folded = " ".join(text.split())
    return folded if len(folded) <= SHOWN_CHARACTERS else f"{folded[:SHOWN_CHARACTERS].rstrip()}…"
