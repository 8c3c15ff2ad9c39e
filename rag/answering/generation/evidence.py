"""What the passages hold that a sentence can rest on: one or two of their sentences, and the places of quotes."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from rag.answering.cohesion import quoted_from
from rag.chunking import Span
from rag.retrieval.types import Passage
from rag.sentence_vectors import SentenceVectors
from rag.transcripts.interviewers import ASKING
from rag.transcripts.names import fold, name_key
from rag.transcripts.sentences import sentences
from rag.transcripts.types import Speaker, Transcript

Embed = Callable[[Sequence[str]], npt.NDArray[np.float32]]
TO_THE_MACHINE = re.compile(
    r"\b(?:ignore|disregard|forget)\b.{0,40}\b(?:instructions?|prompts?|rules|above|previous|passages?)\b"
    r"|\b(?:system|developer) (?:prompt|message)\b|\byou are now\b"
    r"|\b(?:ai|chat ?bot|language model)\b.{0,30}\b(?:must|reply|respond)\b"
    r"|\b(?:reply|respond|answer) (?:only )?with\b",
    re.IGNORECASE,
)
"""Speech that is addressed to a language model is no evidence of anything."""
_FOLDED = str.maketrans(
    {"‘": "'", "’": "'", "“": "'", "”": "'", '"': "'", "–": "-", "—": "-", "‑": "-", "\u00a0": " ", "\n": " "}
)
"""One character to one, so that places stay. Marks of quotation within a quote depend on those around it."""
_LEFT_OUT = re.compile(r"\s*[\[(]?(?:…|\.\s?\.\s?\.)[\])]?\s*|\s*\[(?P<put>[^\[\]\d]{1,60})\]\s*")
_LETTER = re.compile(r"\[([^\W\d_])\](?=\w)")
_GAPS = {False: r"(?!\w).{1,300}?(?<!\w)", True: r"(?!\w)[^.?!]{1,50}?(?<!\w)"}
"""What a quote may leave out: words, or one or two that the writer put another for, in brackets."""
ANSWERS_WITHIN = 2
"""Sentences at the beginning of a turn that may answer what was asked before it."""
LEADING_UP = 3
"""Sentences that put a question, the last of them being it."""
LEAST_QUOTED = 4
"""Words of a quote with something left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Whole sentences of one paragraph: `transcript.turns[turn].text[start:end]`."""

    passage: int
    """Number of its passage, from 1."""
    transcript: Transcript = field(repr=False)
    turn: int
    start: int
    end: int
    told_from: int
    """Where a quote of it begins that shows whose words it tells; `start` where they are its speaker's own."""
    around: str
    """The window with the sentence before and after it, and those that show whose words it tells."""
    asked: str
    """The question, with what leads up to it, that it is the answer to, at the beginning of a turn; else empty."""
    speaker_key: str
    """The key of the speaker's name, whatever else their label tells; empty where nobody knows it."""

    @property
    def text(self) -> str:
        """Return the words, verbatim."""
        return self.transcript.turns[self.turn].text[self.start : self.end]

    @property
    def speaker(self) -> Speaker | None:
        """Return who speaks, as this transcript presents them."""
        name = self.transcript.turns[self.turn].speaker
        return (self.transcript.speaker(name) or Speaker(name=name)) if name else None

    @property
    def header(self) -> str:
        """Return what is known of the speaker, in words."""
        who = self.speaker
        return " ".join(filter(None, (who.name, *who.aliases, who.role, who.organisation))) if who else ""


def quote_pattern(words: str) -> re.Pattern[str] | None:
    """Return what finds the words of a quote in a folded text; None where too little is left of them."""
    wanted = _LETTER.sub(r"\1", re.sub(r"\s+", " ", words.translate(_FOLDED)).strip())
    literal, at = [""], 0
    gaps: list[str] = []
    for match in _LEFT_OUT.finditer(wanted):
        literal[-1] = wanted[at : match.start()]
        gaps.append(_GAPS[match["put"] is not None])
        literal.append("")
        at = match.end()
    literal[-1] = wanted[at:]
    if gaps and sum(len(part.split()) for part in literal) < LEAST_QUOTED:
        return None
    source = re.escape(literal[0])
    for gap, part in zip(gaps, literal[1:], strict=True):
        # Atomic: the first place that fits is taken, so that time grows with the text alone, however much is left out.
        source += f"(?>{gap}{re.escape(part)})" if source and part.strip() else re.escape(part)
    return re.compile(rf"(?<!\w){source}(?!\w)", re.IGNORECASE) if source else None


class Evidence:
    """The passages that a model was given, looked at more closely where a sentence cites them.

    Args:
        passages: In the order of their numbers, from 1.
        transcript_of: Gives a transcript by id.
        known: The vectors of the passages' sentences, by chunk id: they say where to look.
        embed: Gives one unit vector a text: they say how near a claim comes.
        people: By label that tells more than a name ("Ann Lee, chair"), the key of the name; both are keys of names.
    """

    def __init__(
        self,
        passages: Sequence[Passage],
        *,
        transcript_of: Callable[[str], Transcript | None],
        known: Mapping[str, SentenceVectors],
        embed: Embed,
        people: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self._passages = passages
        self._transcript_of = transcript_of
        self._known = known
        self._embed = embed
        self._people = people

    @property
    def count(self) -> int:
        """Return how many passages there are."""
        return len(self._passages)

    def similarity(self, claim: str, text: str) -> float:
        """Return the cosine of a claim and a text."""
        one, other = self._embed([claim, text])
        return float(one @ other)

    def nearest(self, claim: str, numbers: Sequence[int], most: int) -> list[Window]:
        """Return what may bear a claim out: the passages' nearest sentences, each alone and with the one beside it."""
        vector = self._embed([claim])[0]
        places: list[tuple[float, int, Span]] = []
        for number in numbers:
            known = self._known.get(self._passages[number - 1].chunk_id)
            if known is not None and known.spans:
                cosines: list[float] = (known.vectors @ vector).tolist()
                places.extend((-c, number, span) for c, span in zip(cosines, known.spans, strict=True))
        places.sort(key=lambda place: (place[0], place[1], place[2].turn, place[2].start))
        found: dict[tuple[str, int, int, int], Window] = {}
        for _, number, span in places[:most]:
            for window in self._with_neighbours(number, span):
                found.setdefault((window.transcript.id, window.turn, window.start, window.end), window)
        return list(found.values())

    def quoted(self, words: str, numbers: Sequence[int]) -> tuple[Window, str] | None:
        """Return where words were said, in whole sentences, and how the transcript has them; None if nowhere.

        Typographic variants and case count as the same here, and something may be left out (… or [another word]);
        what is shown is always the transcript's own form, with what was left out.
        """
        pattern = quote_pattern(words)
        if pattern is None:
            return None
        for number in numbers:
            passage = self._passages[number - 1]
            transcript = self._transcript_of(passage.transcript_id)
            for stretch in passage.turns if transcript else ():
                if transcript is None or stretch.turn >= len(transcript.turns):
                    continue
                text = transcript.turns[stretch.turn].text
                for match in pattern.finditer(text.translate(_FOLDED), stretch.start, stretch.end):
                    window = self._window(number, transcript, stretch.turn, match.start(), match.end())
                    if window:
                        return window, text[match.start() : match.end()]
        return None

    def _with_neighbours(self, number: int, span: Span) -> Iterator[Window]:
        """Yield a sentence alone, then with the next, then with the one before, as far as they state something."""
        transcript = self._transcript_of(self._passages[number - 1].transcript_id)
        if transcript is None or span.turn >= len(transcript.turns):
            return
        found = sentences(transcript.turns[span.turn].text)
        at = next((n for n, sentence in enumerate(found) if sentence.start == span.start), None)
        if at is None or not says(found[at].text):
            return
        for first, last in ((at, at), (at, at + 1), (at - 1, at)):
            if first < 0 or last >= len(found) or not (says(found[first].text) and says(found[last].text)):
                continue
            window = self._window(number, transcript, span.turn, found[first].start, found[last].end)
            if window:
                yield window

    def _window(self, number: int, transcript: Transcript, turn: int, start: int, end: int) -> Window | None:
        """Return the whole sentences that hold [start, end); None where they cross paragraphs or are no evidence."""
        text = transcript.turns[turn].text
        found = sentences(text)
        held = [n for n, s in enumerate(found) if s.start < end and s.end > start]
        if not held:
            return None
        first, last = held[0], held[-1]
        span = text[found[first].start : found[last].end]
        if "\n\n" in span or TO_THE_MACHINE.search(span):
            return None
        voice = quoted_from(found, first)
        voice = first if voice is None else voice
        told_from = found[voice].start
        around = text[found[max(0, min(first - 1, voice))].start : found[min(len(found) - 1, last + 1)].end]
        before = transcript.turns[turn - 1].text if turn and first < ANSWERS_WITHIN else ""
        return Window(
            passage=number,
            transcript=transcript,
            turn=turn,
            start=found[first].start,
            end=found[last].end,
            told_from=found[first].start if "\n\n" in text[told_from : found[last].end] else told_from,
            around=around,
            asked=" ".join(each.text for each in sentences(before)[-LEADING_UP:])
            if before.rstrip().endswith(ASKING)
            else "",
            speaker_key=self._person(transcript.turns[turn].speaker),
        )

    def _person(self, label: str | None) -> str:
        key = name_key(label or "")
        return self._people.get(key, key)


def says(text: str) -> bool:
    """Say whether a sentence states something: a question doesn't."""
    return not text.endswith(ASKING)


def holds_words(text: str, words: Sequence[str]) -> bool:
    """Say whether a text holds words, whole, in any order, case, and with or without accents."""
    known = set(re.findall(r"[\w&]+", fold(text)))
    return all(part in known for word in words for part in re.findall(r"[\w&]+", re.sub(r"['’]s$", "", fold(word))))
