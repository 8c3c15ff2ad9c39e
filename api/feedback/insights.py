"""What the stored questions and feedback add up to."""

import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Iterable

from api.feedback.store import FeedbackStore
from api.feedback.types import Asked, Feedback, Insights, QuestionCount, RatedQuestion

REFUSED = "not_found"
_NOT_A_WORD = re.compile(r"\W+")


def insights_of(store: FeedbackStore, *, since: dt.datetime, limit: int) -> Insights:
    """Add up what was asked and said since a moment; each list holds `limit` entries at most."""
    requests, opinions = list(store.asked(since)), list(store.feedback(since))
    refused = [request for request in requests if request.status == REFUSED]
    return Insights(
        since=since,
        questions=len(requests),
        refused=len(refused),
        logged=sum(request.question is not None for request in requests),
        up=sum(opinion.rating == "up" for opinion in opinions),
        down=sum(opinion.rating == "down" for opinion in opinions),
        most_asked=_counted(requests, limit),
        most_refused=_counted(refused, limit),
        worst_rated=_worst(opinions, limit),
    )


def _key(question: str) -> str:
    """Return what questions that differ by case, punctuation or white space have in common."""
    return _NOT_A_WORD.sub(" ", question.casefold()).strip() or question


def _counted(requests: Iterable[Asked], limit: int) -> tuple[QuestionCount, ...]:
    times: Counter[str] = Counter()
    words: dict[str, str] = {}
    for request in requests:
        if request.question is not None:
            times[_key(request.question)] += 1
            words[_key(request.question)] = request.question
    ranked = sorted(times, key=lambda key: (-times[key], key))
    return tuple(QuestionCount(question=words[key], times=times[key]) for key in ranked[:limit])


def _worst(opinions: Iterable[Feedback], limit: int) -> tuple[RatedQuestion, ...]:
    """Rank questions by how many more thumbs went down than up; those with none down are left out."""
    by_question: defaultdict[str, list[Feedback]] = defaultdict(list)
    for opinion in opinions:
        if opinion.question is not None:
            by_question[_key(opinion.question)].append(opinion)
    rated = []
    for said in by_question.values():
        down = sum(opinion.rating == "down" for opinion in said)
        comments = tuple(opinion.comment for opinion in reversed(said) if opinion.comment)
        if down:
            question = said[-1].question or ""
            rated.append(RatedQuestion(question=question, up=len(said) - down, down=down, comments=comments))
    return tuple(sorted(rated, key=lambda each: (each.up - each.down, -each.down, each.question))[:limit])
