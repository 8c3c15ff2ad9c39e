"""What the words of a paragraph show: a question, an answer, a person who is spoken to.

Texts are read in English; in another language nothing here matches, and the signs that don't depend on words remain.
"""

import re
from collections.abc import Sequence

from rag.transcripts.roles import name_variants
from rag.transcripts.stretches import Paragraph

_TIME = re.compile(r"\\?[\[(]\d{1,3}:\d{2}(?::\d{2})?(?:\.\d+)?\\?[\])]\s*")
_ANSWER = re.compile(
    r"(?:oh,? |well,? |um,? |so,? |okay,? |no,? )?(?:yeah|yes|yep|absolutely|definitely|exactly|indeed|certainly|sure|"
    r"of course|thank you|thanks|right|great question|good question|no|well|"
    r"i agree|i think|i don['’]t|i do|i did|i have|"
    r"i would|i['’]d|i['’]m|it is|it was|it['’]s|that['’]s|that is|that was|it does|it did|you['’]re|you are|we do|"
    r"we did|"
    r"we have|they do|they are|there is|there are|my pleasure|hi|hello|good morning|pleasure|happy to|great to|nice to|"
    r"glad to)(?![\w’'])",
    re.IGNORECASE,
)
_REPLY = re.compile(
    r"(?:(?:oh|well|um|uh|hm+|ah|okay|ok|right|yeah|no|yes|mm)[,.…!]*\s+)?(?:yeah|yes|yep|yup|absolutely|definitely|"
    r"exactly|certainly|sure|of course|thank you|thanks|right|great question|good question|no|nope|mm-?\s?hm+|uh-?huh|"
    r"okay|ok|oh|wow|cool|awesome|totally|correct|true|i see|gotcha|got it|interesting|agreed|nice|hm+|ha+(?:ha)*|"
    r"\[?laugh\w*\]?)(?![\w’'])",
    re.IGNORECASE,
)
_GOES_ON = re.compile(
    r"(?:and|but|so|then|also|now|because|or|plus|again|anyway|secondly|second|third|finally|another|next|for example|"
    r"in addition|that said|that being said|on the other hand|as for|first|if|when|the other|one of|in fact)(?![\w’'])",
    re.IGNORECASE,
)
_REPORTED = re.compile(
    r"\b(?:said|says|say|saying|told|tells|ask|asks|asked|asking|goes|went|going|like|called|thought|think|thinking|"
    r"wrote|name|named|i['’]m|i am|me|it['’]s|this is)\b[\s,:;.!?“\"'‘-]*(?:\w+[\s,]*){0,2}$",
    re.IGNORECASE,
)
_SPEAKING_TO = (
    r"(?:^|(?<=[.!?] ))(?:(?:so|and|but|now|well|ok|okay|thanks|thank you|right|yes|yeah)\b,? )?{name}(?![\w’'])"
)
_QUESTION_END = re.compile(r"\?[\"”’')\]]*$")
_BREAKS_OFF = re.compile(r"(?:[-–—]|\.\.\.|…)[\"”’')\]*]*$")
_OPEN = re.compile(r"[\w,:;]$")
_SET_OFF = re.compile(r"(?:\(?\d{1,2}(?:[.)]\s|\s(?=[A-Z]))|[•*–>#|-]\s|[\"“‘'>])")
_STATES_LABEL = re.compile(
    r"\W{0,3}[A-Z][^\s:]*(?:(?: [A-Z(&#][^\s:]*){0,4}:(?:\W{0,3}(?:\s|$)|\d)|(?: [^\s:]+){0,4}: ?\\?[\[(]?\d)"
)
_CONTEXT_WORDS = 4
_SHORT_PARAGRAPH = 4
"""Sentences of a paragraph that is put to one person as a whole."""


def without_time(text: str) -> str:
    """Return a text without the time that opens it, as in "[04:02] Yes."."""
    match = _TIME.match(text)
    return text[match.end() :] if match else text


def asks(text: str) -> bool:
    """Say whether a text ends in a question."""
    return _QUESTION_END.search(text) is not None


def answers(text: str) -> bool:
    """Say whether a text begins as an answer may."""
    return _ANSWER.match(text) is not None


def replies(text: str) -> bool:
    """Say whether a text begins with a word that takes up what another said: "Yeah", "Exactly"."""
    return _REPLY.match(text) is not None


def goes_on(text: str) -> bool:
    """Say whether a text begins as one who goes on speaking begins: "And", "So", "Secondly"."""
    return _GOES_ON.match(text) is not None


def breaks_off(text: str) -> bool:
    """Say whether a text ends with a dash or dots, as one who is interrupted."""
    return _BREAKS_OFF.search(text) is not None


def open_ended(text: str) -> bool:
    """Say whether a text ends with a word, a comma or a colon: more has to follow."""
    return _OPEN.search(text) is not None


def set_off(text: str) -> bool:
    """Say whether a text begins as an item of a list or a quotation does."""
    return _SET_OFF.match(text) is not None


def states_label(text: str) -> bool:
    """Say whether a text begins with what may be a label that wasn't read as one: it isn't lost, then."""
    return _STATES_LABEL.match(text) is not None


def address(paragraphs: Sequence[Paragraph], speaker: str, names: Sequence[str]) -> str | None:
    """Return the words with which paragraphs first speak to the speaker by name, between punctuation marks."""
    for name in calling_names(speaker, names):
        pattern = re.compile(rf"(?<=[,.;!?]) {re.escape(name)}(?=[,.;!?]|$)")
        for paragraph in paragraphs:
            for match in pattern.finditer(paragraph.text):
                before = paragraph.text[: match.start()]
                if not _is_listed(paragraph.text, match) and not _REPORTED.search(before[-60:]):
                    return f"{' '.join(before.split()[-_CONTEXT_WORDS:])} {name}"
    return None


def put_to(question: Paragraph, others: Sequence[str], names: Sequence[str]) -> str | None:
    """Return the one person to whom a paragraph is put by name.

    Only the last sentence counts (before it a chair welcomes everybody by name), and, in a short paragraph, a name
    that opens it.
    """
    spoken = re.split(r"(?<=[.!?])\s+", question.text)
    last = spoken[-1]
    spoken_to = [
        other
        for other in others
        if any(
            re.search(_SPEAKING_TO.format(name=re.escape(name)), last, re.IGNORECASE)
            or re.search(rf", {re.escape(name)}(?=[,.;!?])", last)
            for name in calling_names(other, names)
        )
    ]
    if not spoken_to and len(spoken) <= _SHORT_PARAGRAPH:
        spoken_to = [
            other for other in others if question.text.startswith(tuple(f"{n}, " for n in calling_names(other, names)))
        ]
    return spoken_to[0] if len(spoken_to) == 1 else None


def calling_names(speaker: str, names: Sequence[str]) -> tuple[str, ...]:
    """Return what others call a speaker: the full name and the first, unless another has the same first name."""
    plain = name_variants(speaker)[-1]
    first = plain.split()[0]
    shared = any(name != speaker and first in name.split() for name in names)
    return (plain,) if shared or first == plain else (plain, first)


def _is_listed(text: str, match: re.Match[str]) -> bool:
    """Say whether a name is one of several ("with Ann, Matthew, and Bob") and nobody is spoken to."""
    after, before = text[match.end() :], text[: match.start()]
    return re.match(r",? (?:and|or) [A-Z]|, [A-Z]\w+,", after) is not None or (
        re.search(r"(?:^|[\s(])(?!I,)[A-Z][\w’'-]*,$", before) is not None
        and re.search(r"(?:^|[.!?]\s)[A-Z][\w’'-]*,$", before) is None
    )
