"""From a question and its replies to what the measures say of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from eval.dataset import Question
from eval.gold import Gold, resolve
from eval.metrics.case import Case, Share, Shares
from eval.metrics.catalogue import SHARE_MEASURES
from eval.metrics.outcome import Outcome
from eval.metrics.within_words import words_to_gold
from eval.record import Replies
from eval.responses import AskReply, SearchReply, read_reply
from eval.sources import Sources


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One question, judged. Without replies (`error`), it has no shares."""

    question: Question
    gold: tuple[Gold, ...]
    search: SearchReply | None
    answer: AskReply | None
    shares: Shares
    outcome: Outcome | None
    words_to_gold: int | None
    missing: tuple[str, ...]
    """Gold that is not in the target's transcripts, in words."""
    error: str | None


def judge(question: Question, replies: Replies, sources: Sources) -> Judged:
    """Judge the replies to one question.

    Raises:
        TargetError: A reply is not what the contract says.
    """
    search = read_reply(SearchReply, replies.search.document) if replies.search else None
    answer = read_reply(AskReply, replies.ask.document) if replies.ask else None
    gold, missing = resolve(question, sources)
    case = Case(question=question, gold=gold, search=search, answer=answer, transcript_of=sources.transcript)
    shares: Shares = {}
    if replies.error is None:
        for measure in SHARE_MEASURES:
            shares |= measure(case)
        shares |= _times(replies)
    return Judged(
        question=question,
        gold=gold,
        search=search,
        answer=answer,
        shares=shares,
        outcome=_outcome(question, answer, shares),
        words_to_gold=words_to_gold(gold, search.passages) if search else None,
        missing=missing,
        error=replies.error,
    )


def _times(replies: Replies) -> Shares:
    return {
        name: Share(timed.wall_ms)
        for name, timed in (("search_ms", replies.search), ("ask_ms", replies.ask))
        if timed is not None
    }


def _outcome(question: Question, answer: AskReply | None, shares: Mapping[str, Share]) -> Outcome | None:
    if answer is None:
        return None
    right = shares.get("cited_gold", Share(0.0)).part > 0
    return Outcome(confidence=answer.confidence, answerable=question.answerable, right=right)
