"""Labels in the middle of a line, where a text lost a line end: the second of "Tom: We said so. SARAH: I agree".

Only what labels turns elsewhere in the text is one, and only where nobody writes it in a sentence: all in capitals
among other words, or after a finished sentence. "I asked Sarah: why?" and "He said: no." stay as they are.
"""

import re
from collections import Counter
from collections.abc import Container, Sequence
from dataclasses import replace

from rag.transcripts.names import HONORIFICS
from rag.transcripts.readers.labels import RECURS, LabelMatch
from rag.transcripts.readers.lines import Line, ends_sentence
from rag.transcripts.readers.names_like import MAX_NAME_LENGTH, is_name_like, is_segment
from rag.transcripts.role_words import is_role_word
from rag.transcripts.word_set import word_set

FEWEST_WORDS = 3
"""Of what follows a label that isn't all in capitals; fewer may be an item of a list ("Sarah: chair.")."""
FEWEST_BEFORE = 2
"""Words before it."""
SHORTEST = 3
"""Letters of a label in capitals; a shorter one may be an abbreviation."""
LOOKED_AT = 2000
"""Characters before and after a label that tell whether it is one."""
_COLON = re.compile(r":\s+(?=\S)")
_SHORT_TITLES = frozenset({"dr", "mr", "mrs", "ms", "prof", "rev", "revd"})
"""Titles that a point may follow."""
_LEADS_ON = word_set(
    "a about also am an and are as ask asked asks at be because but by call called calls did does for from hear heard "
    "her his in is me my name name's named not of on or our quote quoted quotes said say saying says tell telling "
    "tells than thank thanks that the their then to told us was we were with wrote you your"
)
"""Words after which a name belongs to the sentence."""


def with_inner_labels_parted(lines: Sequence[Line], labels: Sequence[LabelMatch]) -> list[Line]:
    """Return lines, those parted that hold another speaker's label after what one says.

    Args:
        lines: Those of a text.
        labels: The labels that begin some of them.
    """
    counts = Counter(label.label for label in labels if not label.doubtful)
    by_written = {label: label for label in counts if _may_be_inner(label)}
    by_written |= {label.upper(): label for label in by_written}
    speakers = {label.index: label.label for label in labels}
    if len(counts) < RECURS or not by_written:
        return list(lines)
    parted: list[Line] = []
    speaker: str | None = None
    for index, line in enumerate(lines):
        speaker = speakers.get(index, speaker)
        start = 0
        for match in _COLON.finditer(line.text) if speaker is not None and not line.heading else ():
            written = _written(line.text[max(start, match.start() - MAX_NAME_LENGTH - 1) : match.start()], by_written)
            label = by_written.get(written)
            if label is None or label == speaker:
                continue
            place = match.start() - len(written)
            before = line.text[max(start, place - LOOKED_AT) : place]
            if _is_label(written, before, line.text[match.end() : match.end() + LOOKED_AT], counts[label]):
                parted.append(_part(line, line.text[start:place], first=start == 0))
                start, speaker = place, label
        parted.append(_part(line, line.text[start:], first=start == 0))
    return parted


def _written(text: str, labels: Container[str]) -> str:
    """Return the longest label with which a text ends, after a space; empty where there is none."""
    places = (place + 1 for place, character in enumerate(text) if character == " ")
    return next((text[place:] for place in places if text[place:] in labels), "")


def _part(line: Line, text: str, *, first: bool) -> Line:
    kept = replace(line, text=text.strip())
    return kept if first else replace(kept, bold=None, label=None, start_ms=None, listed=False)


def _may_be_inner(label: str) -> bool:
    """Say whether a label is a name, and no role: "the CHAIR: no" may be part of a sentence."""
    words = label.split()
    roles = all(is_role_word(word.strip(".")) or word.isdigit() for word in words)
    return is_name_like(label) and not roles and not is_segment(label) and len(words[-1]) >= SHORTEST


def _is_label(label: str, before: str, after: str, count: int) -> bool:
    """Say whether a name and a colon between two texts can be nothing but a label."""
    # Of what is quoted, or in brackets, somebody else's words are no turn.
    if any(before.count(one) > before.count(other) for one, other in ("“”", "()", "[]")) or before.count('"') % 2:
        return False
    words = before.split()
    last = words[-1].strip(".,;").lower() if words else ""
    titled = last in _SHORT_TITLES or (last in HONORIFICS and not ends_sentence(before.rstrip()))
    if titled or len(words) < FEWEST_BEFORE:
        return False
    if label.isupper() and len(label) >= SHORTEST:
        speaks = not before.isupper() and last.replace("’", "'") not in _LEADS_ON and not before.rstrip().endswith(",")
        return speaks or ends_sentence(before.rstrip())
    finished = re.search(r"[.?!…][\"”’'»)\]]*$", before.rstrip()) is not None
    return finished and count >= RECURS and len(after.split()) >= FEWEST_WORDS and not after[0].islower()
