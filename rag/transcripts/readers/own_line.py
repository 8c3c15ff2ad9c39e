"""Names on lines of their own: which of them are labels."""

import re
from collections import Counter
from collections.abc import Sequence

from rag.transcripts.readers.labels import RECURS, LabelMatch
from rag.transcripts.readers.lines import Line
from rag.transcripts.readers.names_like import occurs_in_lower_case

_INTRODUCED = (
    r"(?:joined by|welcome|speaking (?:to|with)|talking (?:to|with)|here with|with me|i['’]m|guests?)\b[^.?!]{{0,80}}?"
    r"{}"
)


def accept_own_line_labels(possible: Sequence[LabelMatch], lines: Sequence[Line]) -> list[LabelMatch]:
    """Return the names that are labels: bulleted, recurring, or else introduced by their full name in the text."""
    counts = Counter(match.label for match in possible)
    prose = "\n".join(line.text for line in lines)
    accepted = {match.label for match in possible if match.bulleted}
    for label, count in counts.items():
        several_words = " " in label
        if (count >= RECURS and (several_words or not occurs_in_lower_case(label, prose))) or (
            several_words and re.search(_INTRODUCED.format(re.escape(label)), prose, re.IGNORECASE)
        ):
            accepted.add(label)
    # A list of names that nobody follows with speech would count too; `cut` leaves out labels without paragraphs.
    return [match for match in possible if match.label in accepted]
