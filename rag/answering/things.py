"""What a question names besides speakers: places, organisations, people who are only spoken of."""

import calendar
import re
from collections.abc import Sequence, Set
from itertools import takewhile

from rag.answering.analysis.questions import Kind, QuestionAnalysis
from rag.answering.features import Place
from rag.mishearing.finding import Alternatives
from rag.retrieval.terms import term_set, with_right_names
from rag.retrieval.types import Passage
from rag.transcripts.mentions import mentions
from rag.transcripts.names import fold
from rag.transcripts.types import Transcript

SAID = term_set(
    "say says said saying think thinks thought tell told mention mentioned talk talked view opinion believe speaker "
    "guest people everyone everybody conversation transcript episode interview podcast discussed learn learnt learned "
    "both each two three four five"
)
"""Terms of a question that only ask for somebody's words."""
MOST_TITLES = 3
"""Conversations that are named where a name is spoken of."""
EVERYWHERE = 0.4
"""Share of the passages from which a name tells nothing about any of them."""
ALIKE = 4
"""First letters, and more than half of the shorter's, that two forms of a name share: "Norway", "Norwegian"."""

CALENDAR = term_set(" ".join([*calendar.day_name, *calendar.month_name]))
PART = 0.5
"""Share of a name by which somebody may call what it names."""
Saying = tuple[str, frozenset[str], Transcript]
"""What a passage says, with what is told of it, its terms, and the transcript that it is from."""


def things_named(
    question: str, analysis: QuestionAnalysis, held: Sequence[frozenset[str]]
) -> tuple[frozenset[str], ...]:
    """Return the terms of each name in a question that tells passages apart.

    Args:
        question: What was searched for.
        analysis: What it asks for.
        held: The terms of each passage.
    """
    found = names_in(question, analysis).values()
    return tuple(thing for thing in found if sum(thing <= terms for terms in held) <= EVERYWHERE * len(held))


def spoken_of(
    question: str, analysis: QuestionAnalysis, passages: Sequence[Passage]
) -> tuple[str, tuple[str, ...]] | None:
    """Return the first name in a question that a passage says, as it is said, and the titles of those that say it."""
    for name, terms in names_in(question, analysis).items():
        whole = re.compile(rf"\b{re.escape(fold(name))}\b") if len(terms) > 1 else re.compile("")
        saying = [p for p in passages if terms <= term_set(p.text) and whole.search(fold(p.text))]
        if saying:
            titles = tuple(dict.fromkeys(passage.title for passage in saying))
            return as_spoken_of(name, [question, *(passage.text for passage in saying)]), titles[:MOST_TITLES]
    return None


def as_spoken_of(name: str, texts: Sequence[str]) -> str:
    """Return a name with "the" before it where most of those who say it say it so, and as it is elsewhere."""
    pattern = re.compile(rf"(\b[Tt]he )?\b{re.escape(name)}\b")
    articles = [found.group(1) is not None for text in texts for found in pattern.finditer(text)]
    return f"the {name}" if 2 * sum(articles) > len(articles) else name


def names_in(question: str, analysis: QuestionAnalysis) -> dict[str, frozenset[str]]:
    """Return the names in a question, each with its terms.

    Speakers are left out, and abbreviations, which may well be left out when their thing is spoken of.
    """
    speakers = {word for key in analysis.named for word in key.split()}
    found = (
        mention.words
        for mention in (mentions(question) if question != question.lower() else ())
        if speakers.isdisjoint(fold(word) for word in mention.words)
        and not all(word.isupper() for word in mention.words)
    )
    named = {" ".join(words): term_set(" ".join(words)) for words in found}
    return {name: terms for name, terms in named.items() if terms}


def unheard_of(
    things: Sequence[frozenset[str]], told: Sequence[str], instead: Alternatives, *, least: float = 1.0
) -> bool:
    """Say whether a question names something, and texts, and what tells of them, name none of it in any form.

    Args:
        things: The terms of each thing that it names.
        told: The texts.
        instead: What stands for terms of the question.
        least: Share of a name's terms that names it.
    """
    held = with_right_names(term_set(" ".join(told)), instead)
    if not things or any(thing <= held for thing in things):
        return False
    words = {word for text in told for mention in mentions(text) for word in mention.words}
    # A clipped name loses more of itself in a term than a whole one: "Confed", "Confederation".
    names = term_set(" ".join(words)) | set(map(fold, words))
    shares = (sum(t in held or any(_alike(t, name) for name in names) for t in thing) / len(thing) for thing in things)
    return not any(share >= least for share in shares)


def never_meet(
    named: Set[str], things: Sequence[frozenset[str]], saying: Sequence[Saying], instead: Alternatives
) -> bool:
    """Say whether a question names somebody, and something that only conversations name which know nothing of them.

    Args:
        named: The keys of the speakers whom the question names.
        things: The terms of each thing that it names.
        saying: What the passages say.
        instead: What stands for terms of the question.
    """
    if not named:
        return False
    theirs = [told for told, _, transcript in saying if any(_knows_of(key, told, transcript) for key in named)]
    spoken = [thing for thing in things if not thing <= CALENDAR and any(thing <= terms for _, terms, _ in saying)]
    return any(unheard_of([thing], theirs, instead, least=PART) for thing in spoken)


def _knows_of(key: str, told: str, transcript: Transcript) -> bool:
    """Say whether somebody speaks in a conversation, or their last name is told in a passage of it."""
    last = re.compile(rf"\b{re.escape(key.rsplit(maxsplit=1)[-1])}\b")
    return any(last.search(fold(text)) for text in (told, *(turn.speaker or "" for turn in transcript.turns)))


def _alike(one: str, other: str) -> bool:
    shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
    shorter = min(len(one), len(other))
    return shared >= ALIKE < shorter < 2 * shared


def of_things(places: Sequence[Place], things: Sequence[frozenset[str]], instead: Alternatives) -> list[Place]:
    """Return the sentences that say, or follow in their turn, one of the names."""
    if not things:
        return []
    so_far = (
        (place, with_right_names(term_set(" ".join((*place.earlier, *place.said_up_to))), instead)) for place in places
    )
    return [place for place, terms in so_far if any(thing <= terms for thing in things)]


def asks_only_for_words_of(question: str, analysis: QuestionAnalysis, things: Sequence[frozenset[str]]) -> bool:
    """Say whether a question asks for nothing but what somebody, or everybody, said of what it names."""
    asked = term_set(question) - term_set(" ".join(sorted(analysis.named))) - SAID
    return (bool(analysis.voices) or analysis.kind is Kind.BROAD) and asked <= frozenset[str]().union(*things)
