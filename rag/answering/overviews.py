"""What a conversation comes to: questions that ask for it, and the sentences that its others are most like.

Sentences are chosen by their likeness to all that guests say, as in centroid-based summaries (Radev et al. 2004,
Information Processing & Management 40), and to the title, each less like those chosen before (maximal marginal
relevance, Carbonell and Goldstein 1998, SIGIR).
"""

import re
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from rag.answering.candidates import Candidate
from rag.answering.cohesion import CARRIES_ON, POINTS_BACK
from rag.chunking import Span
from rag.library import SpeakerEntry, TranscriptSummary
from rag.retrieval.people import asked_for, spoken_as
from rag.retrieval.terms import term_set
from rag.sentence_vectors import SentenceVectors
from rag.transcripts.names import HONORIFICS, fold, name_key

EVERYTHING = "What was said?"
"""What an overview answers, whatever it is asked with."""
SURVEYED = 0.9
"""Confidence in an overview: the conversation is there, and what sums it up is a matter of judgement."""
POINTS = 5
"""Sentences that an overview has."""
MOST_CONVERSATIONS = 3
"""Conversations that one is given of."""
MOST_DATED = 12
"""Conversations whose dates are told at once."""
_ENDS_POINTING = re.compile(r"(?:[\w'’-]+ ){1,8}(?:that|this|those|these|it|them)[,;:.]", re.IGNORECASE)
"""A sentence whose first clause is about what was said before it."""
SHORTEST, LONGEST = 12, 45
"""Words of a sentence that can stand for many."""
OF_TITLE = 0.5
"""Weight of a sentence's likeness to the title beside that to all that is said."""
APART = 0.7
"""Weight of its likeness to those chosen before, taken off."""
_CONVERSATION = r"(?:interview|episode|conversation|podcast|transcript|talk|discussion|meeting|recording)"
_PLEASE = r"(?:(?:can|could) you |please )*"
_SUM_UP = r"(?:summari[sz]e|sum up)"
_POINTS = (
    r"(?:(?:main|key|overall|central|most important) )+(?:points?|messages?|lessons?|takeaways?|themes?|arguments?)"
)
_SUMMARY = rf"(?:give me |what (?:is|was|are|were) )?(?:an? |the )?(?:overview|summary|gist|{_POINTS})"
_ASKS = re.compile(
    rf"{_PLEASE}(?:{_SUM_UP}"
    rf"|(?:{_SUMMARY}|(?:what (?:are|were) )?(?:the )?(?:points|messages|lessons|takeaways|themes)) (?:of|from|in)"
    rf"|what (?:is|was|are|were)(?= .+ about)) (?P<of>.*\b{_CONVERSATION}s?\b.*?)(?: about)?"
)
"""A question, folded, that asks for an overview of a conversation."""
_ASKS_ALL = re.compile(
    rf"{_PLEASE}(?:{_SUMMARY}(?: of (?:it all|all of it|everything))?|{_SUM_UP} (?:it all|everything))"
)
"""A question, folded, that asks for an overview, and not of what."""
_ASKS_OF_SPEAKER = re.compile(
    rf"{_PLEASE}(?:(?:{_SUM_UP}|{_SUMMARY} of) (?:"
    rf"(?P<theirs>.+?)['’]s? (?:{_POINTS}|arguments?|contributions?|case|views?)"
    rf"|what (?P<said>.+?) (?:said|says|had to say|has to say|argued|argues))"
    rf"|what (?:is|was|are|were) (?P<points>.+?)['’]s? {_POINTS}"
    rf"|what (?:does|did) (?P<argues>.+?) (?:argue|say) overall)"
)
"""A question, folded, that asks for an overview of what somebody said, on no matter in particular."""
_WHEN = re.compile(
    rf"(?:(?:when|on (?:what|which) (?:date|day)|(?:in )?(?:what|which) (?:year|month)) (?:was|were|did) "
    rf"(?P<of>.*\b{_CONVERSATION}s?\b.*?)"
    rf" (?:published|recorded|released|broadcast|aired|held|made|come out|take place|happen|go out)"
    rf"|what (?:is|was|are) the (?:publication |recording |release )?dates? of (?P<its>.*\b{_CONVERSATION}s?\b.*?))"
)
"""A question, folded, that asks for the date of a conversation."""
_TITLES = term_set(" ".join(sorted(HONORIFICS)))
_ONLY_POINTS = term_set(
    "interview episode conversation podcast transcript talk discussion meeting recording guest speaker whole please "
    "all both these those every"
)


def conversations_meant(
    question: str, speakers: Sequence[SpeakerEntry], transcripts: Iterable[TranscriptSummary]
) -> tuple[str, ...]:
    """Return the ids of the conversations of which a question asks for an overview; none where it asks anything else.

    They are told by who speaks in them, or whose words are summed up, or by the words of their titles, or are all there
    are.
    """
    if _ASKS_ALL.fullmatch(fold(question.strip(" ?.!"))):
        found = tuple(transcript.id for transcript in transcripts)
    elif (speaker := speaker_summed_up(question, speakers)) is not None:
        voices = spoken_as({name_key(speaker.name)}, speakers)
        found = tuple(transcript.id for transcript in transcripts if _all_speak([voices], transcript))
    else:
        found = _meant(_ASKS, question, speakers, transcripts)
    return found if len(found) <= MOST_CONVERSATIONS else ()


def speaker_summed_up(question: str, speakers: Sequence[SpeakerEntry]) -> SpeakerEntry | None:
    """Return whose words a question asks to have summed up; None where it asks anything else, or of a matter."""
    question = question.strip(" ?.!")
    asked = _ASKS_OF_SPEAKER.fullmatch(fold(question))
    if asked is None:
        return None
    original = _named_group(asked, question)
    meant = asked_for(original, speakers)
    if len(meant) != 1 or len(meant[0].keys) != 1 or term_set(original) - _TITLES - term_set(" ".join(meant[0].keys)):
        return None
    return next((entry for entry in speakers if name_key(entry.name) in meant[0].keys), None)


def conversations_dated(
    question: str, speakers: Sequence[SpeakerEntry], transcripts: Iterable[TranscriptSummary]
) -> tuple[str, ...]:
    """Return the ids of the conversations of which a question asks the date; none where it asks anything else."""
    found = _meant(_WHEN, question, speakers, transcripts)
    return found if len(found) <= MOST_DATED else ()


def _meant(
    pattern: re.Pattern[str],
    question: str,
    speakers: Sequence[SpeakerEntry],
    transcripts: Iterable[TranscriptSummary],
) -> tuple[str, ...]:
    question = question.strip(" ?.!")
    asked = pattern.fullmatch(fold(question))
    if not asked:
        return ()
    original = _named_group(asked, question)
    people = [spoken_as(meant.keys, speakers) for meant in asked_for(original, speakers)]
    words = term_set(original) - _ONLY_POINTS - term_set(" ".join(key for keys in people for key in keys))
    return tuple(
        transcript.id
        for transcript in transcripts
        if _all_speak(people, transcript) and words <= term_set(transcript.title)
    )


def _named_group(asked: re.Match[str], question: str) -> str:
    """Return the words of a question that are the one group of a match of it, folded; folded where lengths differ."""
    start, end = asked.span(asked.lastgroup or 0)
    return question[start:end] if len(fold(question)) == len(question) else fold(question)[start:end]


def _all_speak(people: Sequence[frozenset[str]], transcript: TranscriptSummary) -> bool:
    voices = {name_key(name) for name in transcript.turn_counts}
    return all(not keys.isdisjoint(voices) for keys in people)


def central(candidates: Sequence[Candidate], known: Mapping[str, SentenceVectors], most: int) -> list[Candidate]:
    """Return the guests' sentences that stand best for all of them, in the order in which they were said.

    Args:
        candidates: The sentences of one conversation, found by its title.
        known: The vectors of the sentences of each chunk, by chunk id.
        most: How many are wanted.
    """
    guests = [c for c in candidates if not c.features.asker] or list(candidates)
    if not guests:
        return []
    vectors = np.array([_vector(candidate, known[candidate.passage.chunk_id]) for candidate in guests])
    middle = vectors.mean(axis=0)
    worth = vectors @ (middle / np.linalg.norm(middle)) + OF_TITLE * np.array([c.features.cosine for c in guests])
    open_ = np.array([stands_alone(candidate.sentence.text) for candidate in guests])
    nearest = np.zeros(len(guests))
    chosen: list[int] = []
    for _ in range(min(most, int(open_.sum()))):
        best = int(np.where(open_, worth - APART * nearest, -np.inf).argmax())
        chosen.append(best)
        open_[best] = False
        nearest = np.maximum(nearest, vectors @ vectors[best])
    return sorted((guests[n] for n in chosen), key=lambda c: (c.turn, c.number))


def _vector(candidate: Candidate, known: SentenceVectors) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    span = Span(turn=candidate.turn, start=candidate.sentence.start, end=candidate.sentence.end)
    vector: np.ndarray[tuple[int], np.dtype[np.float32]] = known.vectors[known.spans.index(span)]
    return vector


def stands_alone(text: str) -> bool:
    """Say whether a sentence can be told without what was said before it, and is neither a scrap nor a speech."""
    if not SHORTEST <= len(text.split()) <= LONGEST:
        return False
    return not any(pattern.match(text) for pattern in (POINTS_BACK, CARRIES_ON, _ENDS_POINTING))
