"""Labels that number speakers, as machines give them: "SPEAKER_00", "spk_1", 0, "A".

They are labels, not names: a turn under one is `labelled` (the source does say that one voice speaks there), and the
speaker is shown as "Speaker 0" or "Speaker A", with the number that the source has, so that a person can check one
against the other. "Speaker 1" of one recording is nobody in particular in another.
"""

import re

from rag.transcripts.folding import fold_space

_NUMBERED = re.compile(r"(?:speaker|spk)[ _#-]*0*(\d{1,4})", re.IGNORECASE)
_ALONE = re.compile(r"0*(\d{1,4})|([A-Z])")
_NOBODY = frozenset({"", "unknown", "unk", "uu", "none", "null"})


def shown_label(label: str) -> str:
    """Return a label as it is shown: a numbered one as "Speaker 1", any other as it is."""
    numbered = _NUMBERED.fullmatch(label)
    return f"Speaker {numbered[1]}" if numbered else label


def machine_label(value: object) -> str | None:
    """Return the speaker that a value in a machine's transcript names; None where it says that it doesn't know.

    Numbers and single letters are labels there, which they wouldn't be in text.
    """
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    label = fold_space(str(value))
    if label.lower() in _NOBODY:
        return None
    alone = _ALONE.fullmatch(label)
    return f"Speaker {alone[1] or alone[2]}" if alone else shown_label(label)
