"""Labels in square brackets, `[Name] text` or `[Name:] text`, and the stage notes that only look like them."""

import re
from collections import Counter
from collections.abc import Sequence

from rag.transcripts.folding import fold_space
from rag.transcripts.readers.labels import CLOCK, RECURS, LabelMatch, clock_ms, opens
from rag.transcripts.readers.lines import Line
from rag.transcripts.readers.names_like import is_common_opener, is_name_like
from rag.transcripts.readers.spoken_labels import is_named_or_role
from rag.transcripts.word_set import word_set

FEWEST_SPEAKERS = 2
"""Different names in brackets that show a convention where none recurs."""

_BRACKETED = re.compile(
    rf"(?:\[(?P<before>{CLOCK})\]\s*)?\[(?P<label>[^\[\]:]{{1,60}}?)(?:[\s,]+(?P<time>{CLOCK}))?\s*:?\]\s*:?\s*(?P<text>.*)"
)
_STAGE_NOTES = word_set(
    "ad advert advertisement applause audience audio background beep begin beginning bell both break breath breathes "
    "chuckle chuckles chuckling clapping clears clip cough coughing coughs cross crosstalk cut end ends exhales fades "
    "foreign gasps gibberish giggles hum humming hums inaudible indiscernible inhales interposing interruption jingle "
    "laugh laughing laughs laughter long loud mumbles muffled music muted no noise off overlapping pause phone "
    "phonetic playing recording redacted repeats saying shouting sic sigh sighs silence singing sings slide sniffs "
    "snorts sound speaking speaks spelling sponsor start static stutters talking technical theme transcript "
    "transcriber typing unclear unintelligible unknown video voice whispers whistle whistles yells"
)


def bracketed_labels(lines: Sequence[Line]) -> list[LabelMatch]:
    """Return the names in brackets that open a line.

    They are labels where one recurs or there are several, as long as they are name-like and no stage note
    ("[Laughter]"); then a name that stands once is a label too.
    """
    found = []
    for index, line in enumerate(lines):
        match = _BRACKETED.fullmatch(line.text) if line.text.startswith("[") else None
        if match is None or not _may_be_speaker(match["label"]):
            continue
        stated = match["before"] or match["time"]
        found.append(
            LabelMatch(
                index=index,
                label=fold_space(match["label"]),
                text=match["text"],
                start_ms=clock_ms(stated) if stated else line.start_ms,
                style="bracketed",
                opens=opens(lines, index),
            )
        )
    spoken = Counter(label.label for label in found if label.text)
    is_convention = len(spoken) >= FEWEST_SPEAKERS or any(count >= RECURS for count in spoken.values())
    return found if is_convention else []


def _may_be_speaker(label: str) -> bool:
    if " " in label and is_named_or_role(label):
        return True
    first = label.split(maxsplit=1)[0].strip(".,").lower()
    return first not in _STAGE_NOTES and is_name_like(label) and not is_common_opener(label)
