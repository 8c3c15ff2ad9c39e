"""Lost speaker labels: finding the paragraphs that are not the labelled speaker's.

On a page an answer may stand under the label of the one who asked. Such a paragraph begins like an answer and speaks
to the labelled speaker by name; and either it follows a question, or the next label is the same speaker's again, which
shows that somebody spoke in between. All three are needed: one alone is everyday speech. A paragraph is never cut.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from rag.transcripts.roles import name_variants
from rag.transcripts.stretches import Paragraph, Stretch
from rag.transcripts.types import Attribution

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
_REPORTED = re.compile(
    r"\b(?:said|says|say|saying|told|tells|ask|asks|asked|asking|goes|went|going|like|called|thought|think|thinking|"
    r"wrote|name|named|i['’]m|i am|me|it['’]s|this is)\b[\s,:;.!?“\"'‘-]*(?:\w+[\s,]*){0,2}$",
    re.IGNORECASE,
)
_SPEAKING_TO = (
    r"(?:^|(?<=[.!?] ))(?:(?:so|and|but|now|well|ok|okay|thanks|thank you|right|yes|yeah)\b,? )?{name}(?![\w’'])"
)
_QUESTION_END = re.compile(r"\?[\"”’')\]]*$")
_OPENING_WORDS = 6
_CONTEXT_WORDS = 4
_SHORT_PARAGRAPH = 4
"""Sentences of a paragraph that is put to one person as a whole."""


def repair_labels(stretches: Sequence[Stretch]) -> list[Stretch]:
    """Return the stretches with those split in which a label is missing.

    The second part is `inferred` where one person is meant: the only other speaker, or the one to whom the question
    before was put. Otherwise it is `unknown`. The reason, in plain English, quotes the evidence and names the line.
    """
    names = list(dict.fromkeys(stretch.speaker for stretch in stretches if stretch.speaker))
    repaired: list[Stretch] = []
    for index, stretch in enumerate(stretches):
        following = stretches[index + 1].speaker if index + 1 < len(stretches) else None
        repaired.extend(_split(stretch, following, names))
    return repaired


def _split(stretch: Stretch, following: str | None, names: Sequence[str]) -> list[Stretch]:
    speaker = stretch.speaker
    if speaker is None or len(names) < 2 or stretch.attribution is not Attribution.LABELLED:  # noqa: PLR2004
        return [stretch]
    for place, paragraph in enumerate(stretch.paragraphs[1:], start=1):
        before, rest = stretch.paragraphs[:place], stretch.paragraphs[place:]
        returns = following == speaker
        asked = _QUESTION_END.search(before[-1].text) is not None
        if not _ANSWER.match(paragraph.text) or not (returns or asked):
            continue
        address = _address(rest if returns else rest[:1], speaker, names)
        if address is None:
            continue
        answerer = _answerer(before[-1], speaker, names)
        if answerer is not None and answerer == following:
            # The answerer's own label follows, so the paragraph is more likely to belong to this one.
            continue
        reason = _reason(paragraph, before[-1], address, speaker, answerer, returns=returns, alone=len(names) == 2)  # noqa: PLR2004
        return [
            replace(stretch, paragraphs=before, end_ms=None),
            replace(
                stretch,
                speaker=answerer,
                paragraphs=rest,
                attribution=Attribution.INFERRED if answerer else Attribution.UNKNOWN,
                attribution_reason=reason,
                start_ms=None,
            ),
        ]
    return [stretch]


def _address(paragraphs: Sequence[Paragraph], speaker: str, names: Sequence[str]) -> str | None:
    """Return the words with which paragraphs first speak to the speaker by name, between punctuation marks."""
    for name in _calling_names(speaker, names):
        for paragraph in paragraphs:
            for match in re.finditer(rf"(?<=[,.;!?]) {re.escape(name)}(?=[,.;!?]|$)", paragraph.text):
                before = paragraph.text[: match.start()]
                if not _is_listed(paragraph.text, match) and not _REPORTED.search(before[-60:]):
                    return f"{' '.join(before.split()[-_CONTEXT_WORDS:])} {name}"
    return None


def _is_listed(text: str, match: re.Match[str]) -> bool:
    """Say whether a name is one of several ("with Ann, Matthew, and Bob") and nobody is spoken to."""
    after, before = text[match.end() :], text[: match.start()]
    return re.match(r",? (?:and|or) [A-Z]|, [A-Z]\w+,", after) is not None or (
        re.search(r"(?:^|[\s(])(?!I,)[A-Z][\w’'-]*,$", before) is not None
        and re.search(r"(?:^|[.!?]\s)[A-Z][\w’'-]*,$", before) is None
    )


def _answerer(question: Paragraph, speaker: str, names: Sequence[str]) -> str | None:
    """Return the one person who can have answered: the only other speaker, else the only one spoken to.

    Only the last sentence counts (before it a chair welcomes everybody by name), and, in a short paragraph, a name
    that opens it.
    """
    others = [name for name in names if name != speaker]
    if len(others) == 1:
        return others[0]
    spoken = re.split(r"(?<=[.!?])\s+", question.text)
    last = spoken[-1]
    spoken_to = [
        other
        for other in others
        if any(
            re.search(_SPEAKING_TO.format(name=re.escape(name)), last, re.IGNORECASE)
            or re.search(rf", {re.escape(name)}(?=[,.;!?])", last)
            for name in _calling_names(other, names)
        )
    ]
    if not spoken_to and len(spoken) <= _SHORT_PARAGRAPH:
        spoken_to = [
            other for other in others if question.text.startswith(tuple(f"{n}, " for n in _calling_names(other, names)))
        ]
    return spoken_to[0] if len(spoken_to) == 1 else None


def _calling_names(speaker: str, names: Sequence[str]) -> tuple[str, ...]:
    """Return what others call a speaker: the full name and the first, unless another has the same first name."""
    plain = name_variants(speaker)[-1]
    first = plain.split()[0]
    shared = any(name != speaker and first in name.split() for name in names)
    return (plain,) if shared or first == plain else (plain, first)


def _reason(
    paragraph: Paragraph,
    question: Paragraph,
    address: str,
    speaker: str,
    answerer: str | None,
    *,
    returns: bool,
    alone: bool,
) -> str:
    opening = " ".join(paragraph.text.split()[:_OPENING_WORDS])
    asked = _QUESTION_END.search(question.text) is not None
    if asked and answerer and not alone:
        start = f"the text answers a question put to {answerer} (“{opening} …”)"
    elif asked:
        start = f"the text answers the question before it (“{opening} …”)"
    else:
        start = f"the text begins as an answer does (“{opening} …”)"
    parts = [start, f"addresses {speaker}, the labelled speaker, by name (“{address}”)"]
    reason = f"The label is missing in the source (line {paragraph.line}): {' and '.join(parts)}."
    if returns:
        reason += f" The next label is {speaker} again, so somebody else spoke in between."
    if alone and answerer:
        return f"{reason} Only {answerer} takes part besides."
    return reason if answerer else f"{reason} It doesn't show which of the others that was."
