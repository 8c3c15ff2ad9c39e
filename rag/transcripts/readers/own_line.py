"""Names on lines of their own: which of them are labels."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from rag.transcripts.readers.labels import RECURS, LabelMatch
from rag.transcripts.readers.lines import Line
from rag.transcripts.readers.ordinary_words import OrdinaryWords

_INTRODUCES = re.compile(
    r"(?=(?:joined by|welcome|speaking (?:to|with)|talking (?:to|with)|here with|with me|i['’]m|guests?)\b"
    r"(?P<room>[^.?!]{0,80}))"
)
"""What introduces somebody, in lower case, and where after it the name may begin."""


def accept_own_line_labels(possible: Sequence[LabelMatch], lines: Sequence[Line]) -> list[LabelMatch]:
    """Return the names that are labels: bulleted, recurring, or else introduced by their full name in the text."""
    counts = Counter(match.label for match in possible)
    prose = "\n".join(line.text for line in lines)
    ordinary = OrdinaryWords(prose)
    accepted = {match.label for match in possible if match.bulleted}
    accepted |= _introduced((label for label in counts if " " in label), prose)
    for label, count in counts.items():
        if count >= RECURS and (" " in label or not ordinary.hold(label)):
            accepted.add(label)
    # A list of names that nobody follows with speech would count too; `cut` leaves out labels without paragraphs.
    return [match for match in possible if match.label in accepted]


def _introduced(labels: Iterable[str], prose: str) -> set[str]:
    """Return the labels that stand, in whatever case, where somebody is introduced."""
    names: dict[str, list[str]] = {}
    for label in labels:
        names.setdefault(label.lower(), []).append(label)
    # Place by place, and not name by name: a text may have thousands of either.
    text = prose.lower()
    lengths = sorted({len(name) for name in names})
    places = {
        place for match in _INTRODUCES.finditer(text) for place in range(match.start("room"), match.end("room") + 1)
    }
    found = (names.get(text[place : place + length], ()) for place in places for length in lengths)
    return {label for group in found for label in group}
