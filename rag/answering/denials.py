"""What the next speaker denies is not quoted without the denial."""

import re
from collections.abc import Sequence
from dataclasses import replace

from rag.answering.cohesion import joined
from rag.answering.quotes import Quote
from rag.transcripts.interviewers import ASKING
from rag.transcripts.sentences import Sentence, sentences

LAST = 3
"""Sentences at the end of a turn that the next speaker may deny."""
ENOUGH = 8
"""Words from which a denial says what it denies ("No, Chair." does not)."""
MOST = 3
"""Sentences that a denial is quoted with."""
_OPENING = (
    r"^(?:(?:well|oh|er|um|but|sorry|hmm|ah|now|look|hang on|wait|okay|actually|with respect|i['’]m sorry|i think)"
    r"[,.…]*\s+(?:but\s+)?)*"
)
NO = re.compile(_OPENING + r"(?:no,? )*no\b(?=[,.;:–—-])", re.IGNORECASE)
_NOT = r"(?:['’]s not|['’]s never| is not|isn['’]t| was not|wasn['’]t|(?: does| did)? ?n[o'’]t mean|n['’]t true)"
OTHERWISE = re.compile(
    _OPENING + rf"(?:no\b[,.;:–—-]+ )?(?:(?:it|that|this|he|she|they|we|there) ?(?:{_NOT}|does(?:n['’]t| not) mean|"
    r"(?:are|were)(?:n['’]t| not))\b"
    r"|not (?:quite|really|true|so|at all|exactly)\b|(?:that['’]s|you['’]re|that is|you are) wrong\b"
    r"|i (?:don['’]t|do not|can['’]t|cannot) (?:think so|agree|accept (?:that|it)|recognise (?:that|it))\b"
    r"|i(?:['’]d| would)? (?:have to )?(?:disagree|dispute (?:that|it))\b|on the contrary\b|(?:quite )?the opposite\b)",
    re.IGNORECASE,
)
"""It says that what was just said is not so."""
AGREES = re.compile(
    r"\b(?:you['’]re (?:right|quite right|absolutely right)|you are right|exactly|absolutely|i agree|quite right|"
    r"that['’]s (?:right|fair|true|a (?:good|fair))|it['’]s a (?:good|fair)|makes sense|of course|"
    r"good (?:point|question)|you go|go ahead|no worries|not at all|i['’]ll|please)\b",
    re.IGNORECASE,
)
NEGATIVE = re.compile(r"\b(?:no|not|never|nobody|nothing|none|neither|hardly|without)\b|n['’]t\b", re.IGNORECASE)
"""What "no" behind it confirms."""


def with_denials(quotes: Sequence[Quote], most: int) -> list[Quote]:
    """Return quotes, each whose claim the next speaker denies just before the denial; `most` at most, neither alone."""
    kept: list[Quote] = []
    for n, quote in enumerate(quotes):
        denial = denial_of(quote)
        if denial is None or any(other.holds(denial) for other in (*kept, *quotes[n + 1 :])):
            both = [quote]
        else:
            both = [quote, denial]
        if len(kept) + len(both) <= most:
            kept += both
    return kept


def denial_of(quote: Quote) -> Quote | None:
    """Return the words of the next speaker that deny what a quote claims; None where nobody does."""
    turns, turn = quote.candidate.transcript.turns, quote.candidate.turn
    if turn + 1 >= len(turns) or turns[turn + 1].speaker == turns[turn].speaker:
        return None
    said, answered = sentences(turns[turn].text), sentences(turns[turn + 1].text)
    claim = next((n for n in range(len(said) - 1, -1, -1) if not said[n].text.endswith(ASKING)), -1)
    if not answered or not max(quote.first, len(said) - LAST) <= claim <= quote.last:
        return None
    asked = claim < len(said) - 1
    if not _denies(said[claim].text, [sentence.text for sentence in answered[:MOST]], asked=asked):
        return None
    last = _end_of_denial(answered)
    spoken = replace(quote.candidate, turn=turn + 1, number=last, sentence=answered[last])
    return Quote(candidate=spoken, first=0, last=last)


def _denies(claim: str, answer: Sequence[str], *, asked: bool) -> bool:
    """Say whether an answer denies a claim; after a question a "no" alone answers that."""
    if NEGATIVE.search(claim) or AGREES.search(answer[0]):
        return False
    if OTHERWISE.match(answer[0]):
        return True
    no = bool(NO.match(answer[0])) and not answer[0].endswith(ASKING)
    return no and (not asked or any(map(OTHERWISE.match, answer[1:])))


def _end_of_denial(answered: Sequence[Sentence]) -> int:
    """Return the last sentence of a denial: the first that says enough, or that says what is not so."""
    last = 0
    while last + 1 < min(len(answered), MOST) and joined(answered, last):
        words = sum(len(sentence.text.split()) for sentence in answered[: last + 1])
        if OTHERWISE.match(answered[last].text) and words >= ENOUGH:
            break
        if words >= ENOUGH and not OTHERWISE.match(answered[last + 1].text):
            break
        last += 1
    return last
