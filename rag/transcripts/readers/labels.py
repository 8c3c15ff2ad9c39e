"""Speaker labels in lines of text: where one may stand, and which of those are labels indeed."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rag.transcripts.folding import fold_space
from rag.transcripts.readers.lines import Line, ends_sentence
from rag.transcripts.readers.names_like import is_bare_name, is_common_opener, is_name_like
from rag.transcripts.readers.ordinary_words import OrdinaryWords
from rag.transcripts.readers.spoken_labels import is_named_or_role
from rag.transcripts.word_set import word_set

Style = Literal["colon", "bold", "bare", "bracketed", "marked", "timed"]

RECURS = 2
"""Times that a label must stand in a text to count as recurring."""
MAX_BOLD_LABEL_WORDS = 8
FEWEST_USUAL = 3
FEWEST_TIMED = 3
SHARE_TIMED = 0.7
"""Of what may be labels, those with a time before them."""
SHARE_OF_USUAL = 0.4
"""Of the labels, those in bold type that show how a text writes them."""

CLOCK = r"(?:\d{1,3}:)?\d{1,2}:\d{2}(?:[.,]\d{1,3})?"
TIMED = rf"[\[(]?{CLOCK}[\])]?"
_COLON_LABEL = re.compile(
    rf"(?:(?P<before>{TIMED})\s*[-–—]?\s*)?(?P<label>[^\s:\[][^:\[\]]{{0,118}}?)"
    rf"(?:\s*[\[(](?P<inside>{CLOCK})[\])])?\s*:(?:(?:\s+|(?={TIMED}(?:\s|$)))(?P<text>.*))?"
)
_BOLD_LABEL = re.compile(
    rf"(?P<before>{TIMED})?\s*(?P<label>[^\s:][^:]{{0,118}}?)(?:\s*[\[(](?P<inside>{CLOCK})[\])])?\s*:(?P<text>.*)"
)
_BARE_LABEL = re.compile(rf"(?:[•·*◦▪–-]\s+)?(?P<label>[^:\[\](]{{1,60}}?)(?:\s+(?P<time>{TIMED}))?")
_LEADING_TIME = re.compile(rf"[\[(](?P<bracketed>{CLOCK})[\])]\s*|(?P<alone>{CLOCK})$")
_BULLET = re.compile(r"[•·*◦▪–-]\s+")
_TIMED_LABEL = re.compile(r"[^\W\d_][\w'’.-]*(?: [\w'’.&-]+){0,3}(?: \d{1,2})?")
"""Up to four words of any case: "sarah", "TOM B"."""
_INTERVIEW_LABELS = frozenset({"Q", "A", "Question", "Answer"})
"""Labels when they recur, ordinary words when they don't."""
_NAMES_THAT_ARE_WORDS = word_set(
    "amber april art august bill chase crystal daisy dawn dean don drew faith frank gene grace grant guy hope "
    "hunter iris ivy jack joy june ken lily mark may miles nick pat pearl ray rich rob rose ruby sue summer "
    "victor violet wade will"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelMatch:
    """A place where a label may stand."""

    index: int
    """Of the line among the lines given."""
    label: str
    """Empty where the source states that somebody speaks whom it doesn't name."""
    text: str
    """What stands after the label in its line."""
    start_ms: int | None
    style: Style
    opens: bool
    """Nothing unfinished stands before it."""
    bulleted: bool = False
    listed: bool = False
    """Whether its line is an item of a list or quoted."""
    fresh: bool = False
    """Whether it begins the file or follows an empty line."""
    timed: bool = False
    """Whether a time stands before it, which no sentence has."""
    doubtful: bool = False
    """Whether it may be no label: what follows is nobody's then, and the label stays in its text."""


def clock_ms(clock: str) -> int:
    """Return the milliseconds of a time such as "1:02", "00:01:02" or "00:01:02.500"."""
    whole, _, fraction = clock.replace(",", ".").partition(".")
    seconds = 0
    for part in whole.split(":"):
        seconds = seconds * 60 + int(part)
    return seconds * 1000 + int(fraction.ljust(3, "0") or 0)


def colon_labels(lines: Sequence[Line]) -> list[LabelMatch]:
    """Return where `Name: text` may stand, in plain or bold type, with times before or in brackets after the name."""
    found = []
    for index, line in enumerate(lines):
        match = _bold_label(line) if line.bold else None
        style: Style = "bold" if match else "colon"
        match = match or _COLON_LABEL.fullmatch(line.text)
        if match is None:
            continue
        label = fold_space(match["label"])
        text = (match["text"] or "").strip()
        stated = match["before"] or match["inside"]
        if stated is None:
            timed = _LEADING_TIME.match(text)
            if timed:
                stated, text = timed["bracketed"] or timed["alone"], text[timed.end() :]
        found.append(
            LabelMatch(
                index=index,
                label=label,
                text=text,
                start_ms=clock_ms(stated.strip("[]()")) if stated else line.start_ms,
                style=style,
                opens=style == "bold" or opens(lines, index),
                listed=line.listed,
                fresh=index == 0 or not lines[index - 1].text,
                timed=match["before"] is not None,
            )
        )
    return found


def bare_labels(lines: Sequence[Line]) -> list[LabelMatch]:
    """Return where a name may stand on a line of its own, bulleted or not, perhaps with a time."""
    found = []
    for index, line in enumerate(lines):
        match = _BARE_LABEL.fullmatch(line.text)
        if match is None or not (is_bare_name(match["label"]) or _is_spoken(lines, index, match["label"])):
            continue
        time = match["time"]
        found.append(
            LabelMatch(
                index=index,
                label=fold_space(match["label"]),
                text="",
                start_ms=clock_ms(time.strip("[]()")) if time else line.start_ms,
                style="bare",
                opens=opens(lines, index),
                bulleted=_BULLET.match(line.text) is not None,
            )
        )
    return found


def _is_spoken(lines: Sequence[Line], index: int, label: str) -> bool:
    return label[0].isupper() and is_named_or_role(fold_space(label)) and opens(lines, index)


def accept_colon_labels(matches: Sequence[LabelMatch], *, listed: frozenset[str], prose: str) -> list[LabelMatch]:
    """Return the matches that are labels.

    A label is name-like and no ordinary word that stands before colons. It recurs or the source lists it; one that
    stands once must begin something new and not be a word that the text uses in lower case elsewhere. In bold type a
    recurring label needn't be name-like.
    """
    possible = [match for match in matches if _may_be_speaker(match, listed)]
    counts = Counter(match.label for match in possible)
    opening = {match.label for match in possible if match.opens}
    ordinary = OrdinaryWords(prose)
    timed = {match.label for match in possible if match.timed} if _usually_timed(possible) else set[str]()
    accepted = set()
    for label, count in counts.items():
        recurs = count >= RECURS and label in opening
        is_word = label.lower() not in _NAMES_THAT_ARE_WORDS and ordinary.hold(label)
        once = label in opening and is_name_like(label) and label not in _INTERVIEW_LABELS and not is_word
        if label in listed or recurs or once or label in timed:
            accepted.add(label)
    return _by_convention([match for match in possible if match.label in accepted], listed)


def _usually_timed(matches: Sequence[LabelMatch]) -> bool:
    """Say whether a text puts a time before its labels: then whatever stands between a time and a colon is one."""
    return sum(match.timed for match in matches) >= max(FEWEST_TIMED, SHARE_TIMED * len(matches))


def _by_convention(matches: list[LabelMatch], listed: frozenset[str]) -> list[LabelMatch]:
    """Return the labels as the text writes them: where most are bold and open a paragraph, others are speech.

    "Wednesday: …" in a list that somebody reads out is no speaker, nor is a scene that somebody quotes.
    """
    usual = {match.label for match in matches if match.style == "bold" and not match.listed}
    count = sum(match.label in usual for match in matches)
    if count < FEWEST_USUAL or count < SHARE_OF_USUAL * len(matches):
        return matches
    # An interviewer may be bold and the other not: who speaks often is no slip.
    often = Counter(match.label for match in matches if not match.listed)
    return [
        match
        for match in matches
        if match.label in usual or match.label in listed or often[match.label] >= FEWEST_USUAL
    ]


def _may_be_speaker(match: LabelMatch, listed: frozenset[str]) -> bool:
    if match.label in listed or match.label in _INTERVIEW_LABELS:
        return True
    if is_common_opener(match.label):
        return False
    if match.style == "bold" and len(match.label.split()) <= MAX_BOLD_LABEL_WORDS:
        return True
    if match.timed and _TIMED_LABEL.fullmatch(match.label):
        return True
    return is_name_like(match.label)


def _bold_label(line: Line) -> re.Match[str] | None:
    """Return the label of a line whose bold beginning holds it, the colon inside or right after."""
    bold = line.bold or ""
    rest = line.text[len(bold) :]
    if not (bold.rstrip().endswith(":") or rest.lstrip().startswith(":")):
        return None
    return _BOLD_LABEL.fullmatch(line.text)


def opens(lines: Sequence[Line], index: int) -> bool:
    """Say whether the line begins something new: the file, a paragraph, or what follows a finished sentence."""
    if index == 0 or not lines[index - 1].text:
        return True
    before = lines[index - 1].text
    return ends_sentence(before) or bool(re.search(r"[\])”\"]$", before)) or _COLON_LABEL.fullmatch(before) is not None
