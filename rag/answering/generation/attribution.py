"""Whether a sentence gives its words to the person who said them."""

import re
from collections.abc import Sequence

from rag.answering.analysis.voices import SAYING
from rag.answering.generation.evidence import Window, holds_words
from rag.library import SpeakerEntry
from rag.retrieval.people import mentions as speakers_named
from rag.transcripts.mentions import mentions as names_written
from rag.transcripts.names import HONORIFICS, fold

MOST_BETWEEN = 60
"""Characters between a name and what it does: ", ward manager at Pellingmere General, "."""
_SAYS = re.compile(rf"^(?:['’]s\s|[,\s(])[^.;:]{{0,{MOST_BETWEEN}}}?\b{SAYING}\b", re.IGNORECASE)
_ACCORDING = re.compile(
    rf"(?:\baccording to|\bin the (?:view|words|opinion) of|\b{SAYING})\s+(?:(?:dr|prof|professor|sir|dame)\.?\s+)?$",
    re.IGNORECASE,
)
QUOTATION = re.compile(r"“([^“”]*)”")


def rightly_named(frame: str, windows: Sequence[Window], question: str) -> bool:
    """Say whether every name outside the quotes belongs there.

    Names occur in the evidence or the sentences beside it, belong to its speaker (name, role, organisation), are the
    conversation's title, or were asked about. Somebody who is said to say something is its speaker, or the evidence
    itself tells of their saying it.
    """
    headers = [window.header for window in windows]
    sources = [question, *headers]
    for window in windows:
        sources += [window.around, window.transcript.title]
    for name in names_written(frame):
        words = [word for word in name.words if fold(word) not in HONORIFICS]
        # In one source, not over several: a first name from here and a last name from there are nobody's.
        if not any(holds_words(source, words) for source in sources):
            return False
        speaks = _is_said_to_speak(frame, name.start, name.end) and not any(holds_words(h, words) for h in headers)
        if speaks and not any(_tells_of(window.text, words) for window in windows):
            return False
    return True


def rightly_attributed(text: str, windows: Sequence[Window], speakers: Sequence[SpeakerEntry]) -> bool:
    """Say whether speakers named in a sentence without quotes speak in its evidence, or are spoken of there."""
    voices = {window.speaker_key for window in windows}
    folded = fold(text)
    around = " ".join(window.around for window in windows)
    for key, start, end in speakers_named(text, speakers):
        if key in voices:
            continue
        if not holds_words(around, folded[start:end].split()):
            return False
    return _offices_fit(text, windows)


def names_its_speakers(text: str, windows: Sequence[Window], speakers: Sequence[SpeakerEntry]) -> bool:
    """Say whether a sentence names everybody who speaks in its evidence and no other speaker, or nobody at all."""
    named = {key for key, _, _ in speakers_named(text, speakers)}
    return not named or named == {window.speaker_key for window in windows}


def quotes_rightly_attributed(
    text: str, quoted: Sequence[tuple[int, int, Window]], speakers: Sequence[SpeakerEntry]
) -> bool:
    """Say whether each quote is by the speaker named nearest before it, or, where nobody is, after it.

    Args:
        text: The sentence.
        quoted: Its quotes, in order: places in the sentence and where they were said.
        speakers: Everybody who speaks.
    """
    ends = [0, *(end for _, end, _ in quoted)]
    starts = [*(start for start, _, _ in quoted), len(text)]
    last = ""
    for place, (_, _, window) in enumerate(quoted):
        before = [key for key, _, _ in speakers_named(text[ends[place] : starts[place]], speakers)]
        after = [key for key, _, _ in speakers_named(text[ends[place + 1] : starts[place + 1]], speakers)]
        sayer = before[-1] if before else (last or (after[0] if after else ""))
        if sayer and sayer != window.speaker_key:
            return False
        last = sayer
    return _offices_fit(QUOTATION.sub(" ", text), [window for _, _, window in quoted])


def _is_said_to_speak(text: str, start: int, end: int) -> bool:
    return bool(_SAYS.match(text[end:]) or _ACCORDING.search(text[:start]))


def _tells_of(said: str, words: Sequence[str]) -> bool:
    """Say whether evidence reports somebody's words: "Maggie always says that …"."""
    for name in names_written(said):
        mentioned = {fold(word) for word in name.words}
        if mentioned & {fold(word) for word in words} and _is_said_to_speak(said, name.start, name.end):
            return True
    return False


def _offices_fit(text: str, windows: Sequence[Window]) -> bool:
    """Say whether a sentence mentions no office that somebody else in the conversation holds."""
    folded = fold(text)
    own = fold(" ".join(f"{window.header} {window.around}" for window in windows))
    for window in windows:
        for other in window.transcript.speakers:
            office = fold(other.role or "")
            if len(office.split()) > 1 and office in folded and office not in own and fold(other.name) not in folded:
                return False
    return True
