"""Whether the cited passages bear a sentence out, and which of their sentences do.

A quoted stretch must have been said, word for word. What is claimed in other words must come near to one or two of the
passage's sentences, add little to their words, and agree with them in names, numbers, negation and extent. What is not
sure is refused: a true sentence that is dropped costs the reader less than a false one that is shown.
"""

import re
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from rag.answering.analysis.voices import SAYING
from rag.answering.generation.agreement import (
    CLAUSE_END,
    claims_no_more,
    denies_no_more,
    gives_its_reasons,
    same_direction,
    same_mood,
    same_polarity,
    tells_of_the_same,
)
from rag.answering.generation.attribution import (
    QUOTATION,
    acts_in_evidence,
    names_another,
    names_its_speakers,
    offices_are_known,
    quotes_rightly_attributed,
    rightly_attributed,
    rightly_named,
    tells_anothers_words,
)
from rag.answering.generation.drafting import Draft
from rag.answering.generation.evidence import TO_THE_MACHINE, Evidence, Window
from rag.answering.generation.numbers import numbers, numbers_agree
from rag.library import SpeakerEntry
from rag.retrieval.people import mentions as speakers_named
from rag.retrieval.terms import ANALYZER, term_set
from rag.transcripts.mentions import mentions as names_written
from rag.transcripts.names import fold
from rag.transcripts.sentences import sentences

SIMILAR = 0.5
"""Cosine of a claim and its evidence; with `HELD`, measured by `python -m benchmarks.claim_support`."""
HELD = 0.65
"""Share of a claim's terms that its evidence, or the sentences beside it, hold."""
LEAST_FRAME = 3
"""Terms around a quote, beyond who said it, from which they are a claim of their own."""
SHORTEST = 4
"""Words; fewer claim nothing."""
LONGEST = 80
"""Words; a sentence that goes on longer is not one."""
MOST_TOGETHER = 3
"""Passages that one sentence may rest on."""
LOOKED_AT = 6
"""Sentences that are examined, nearest first."""
NAMES_KEPT = 32
"""Texts whose speakers are remembered while a reply is checked: its sentences and what is around their quotes."""
NOT_PROSE = re.compile(r"<\s*[/!a-zA-Z]|://|\bwww\.|\]\(|[{}|\\]|\[\d|&#?\w+;|\bjavascript:", re.IGNORECASE)
SPEAKS_ITSELF = re.compile(r"\b(?:I|[Mm]y|[Mm]e|[Ww]e|[Oo]ur|us|AI|[Pp]assages?)\b(?!['’]s\b)")
"""Outside quotes an answer tells what others said, and says nothing of itself."""
ADDRESSES = re.compile(r"\b(?:you|your|yours|yourself)\b", re.IGNORECASE)
"""It addresses its reader no more than its evidence does."""
OTHER_MARKS = re.compile(r"(?:(?<=^)|(?<=[\s(]))['‘](?=\w)[^“”]*?\s[^“”]*?(?<=[\w.,!?])['’](?=$|[\s.,;:!?)])|[«»„‟]")
"""Quotation in single marks, or in marks of other languages: it would escape the comparison."""
LEAST_CLAUSE = 2
"""Terms of a clause that is compared for itself."""
REPORTING = term_set(
    "asked recalled said says described explained noted added stated told argued called according point put words"
)
NEUTRAL = term_set(
    "simply directly plainly explicitly also similarly further later answer answers answered way speaking interview "
    "conversation passage following example this term phrase defines quote direct exact own concluded summarised "
    "summarized stressed emphasised emphasized observed remarked recounted while whereas reflects definition thing "
    "sagte sagt erklärte erklärt dit explique déclare dijo dice explicó afirma detto spiega zegt zei disse säger sa"
)
"""Beside these, words that only say how a quote was said."""


class Refusal(StrEnum):
    """Why a sentence is not shown."""

    NOT_PROSE = "not prose"
    NO_PASSAGE = "no such passage"
    NOT_SAID = "quoted words were not said"
    NOT_SIMILAR = "not what the passage says"
    ADDS_WORDS = "adds to what the passage says"
    NUMBER = "a number is not in the evidence"
    NAME = "a name is not in the evidence"
    SPEAKER = "somebody else said it"
    NEGATION = "the evidence says the opposite"
    EXTENT = "the evidence says less"
    REASON = "the evidence gives no such reason"


@dataclass(frozen=True, slots=True, kw_only=True)
class Supported:
    """A sentence that its passages bear out."""

    text: str
    """With quoted words as the transcript has them."""
    windows: tuple[Window, ...]
    """What bears it out."""


class Checker:
    """Checks the sentences of one reply.

    Args:
        evidence: The passages that the model was given.
        question: What was asked; names in it may be used.
        speakers: Everybody who speaks in the collection.
    """

    def __init__(self, evidence: Evidence, *, question: str, speakers: Sequence[SpeakerEntry]) -> None:
        self._evidence = evidence
        self._question = question
        # Names are looked for in the same sentence by each check, against each window.
        self._named = lru_cache(maxsize=NAMES_KEPT)(lambda text: tuple(speakers_named(text, speakers)))

    def check(self, draft: Draft) -> Supported | Refusal:
        """Return a sentence with what bears it out, or why it may not be shown."""
        frame = QUOTATION.sub(" ", draft.text)
        if not _is_prose(draft.text, frame):
            return Refusal.NOT_PROSE
        numbers_cited = [n for n in draft.passages if 1 <= n <= self._evidence.count]
        if draft.passages and not numbers_cited:
            return Refusal.NO_PASSAGE
        everywhere = list(range(1, self._evidence.count + 1))
        checked = self._check_in(draft.text, frame, numbers_cited or everywhere, cited=len(numbers_cited))
        if isinstance(checked, Supported) or not 0 < len(numbers_cited) < len(everywhere):
            return checked
        # The number was wrong, as numbers of models often are: what is shown is where it was found.
        found = self._check_in(draft.text, frame, everywhere, cited=0)
        return found if isinstance(found, Supported) else checked

    def _check_in(self, text: str, frame: str, looked_in: Sequence[int], *, cited: int) -> Supported | Refusal:
        if QUOTATION.search(text):
            return self._check_quotes(text, frame, looked_in)
        return self._check_claim(text, looked_in, together=1 < cited <= MOST_TOGETHER)

    def _check_quotes(self, text: str, frame: str, looked_in: Sequence[int]) -> Supported | Refusal:
        shown, at = "", 0
        quoted: list[tuple[int, int, Window]] = []
        for match in QUOTATION.finditer(text):
            words = match.group(1).strip()
            bare = words.rstrip(".,;:")
            found = self._evidence.quoted(words, looked_in) or self._evidence.quoted(bare, looked_in)
            if not bare or found is None:
                return Refusal.NOT_SAID
            window, verbatim = found
            shown += text[at : match.start()]
            quoted.append((len(shown), len(shown) + len(verbatim) + 2, window))
            shown += f"“{verbatim}”"
            at = match.end()
            if tells_anothers_words(window, verbatim) and not names_another(frame, [window]):
                return Refusal.SPEAKER
            if words.endswith(",") and not verbatim.endswith(",") and text[at : at + 1] == " ":
                shown += ","
        shown += text[at:]
        windows = tuple(dict.fromkeys(window for _, _, window in quoted))
        if not quotes_rightly_attributed(shown, quoted, self._named):
            return Refusal.SPEAKER
        return self._refuse_frame(frame, windows) or Supported(text=shown, windows=windows)

    def _refuse_frame(self, frame: str, windows: Sequence[Window]) -> Refusal | None:
        """Return what speaks against what is said around quotes, or None."""
        said = _together(windows)
        checks: tuple[tuple[Refusal, Callable[[], bool]], ...] = (
            (Refusal.NAME, lambda: rightly_named(frame, windows, self._question)),
            (Refusal.NUMBER, lambda: numbers_agree(frame, _sentences(windows))),
            (Refusal.NEGATION, lambda: denies_no_more(frame, said)),
            (Refusal.ADDS_WORDS, lambda: offices_are_known(frame, windows, self._named)),
            (Refusal.ADDS_WORDS, lambda: self._frames_only(frame, windows)),
        )
        refusal = next((refusal for refusal, holds in checks if not holds()), None)
        if refusal is None and self._claims(frame, windows) >= LEAST_FRAME:
            return self._compare(frame, windows)
        return refusal

    def _check_claim(self, text: str, looked_in: Sequence[int], *, together: bool) -> Supported | Refusal:
        """Return the nearest window that bears a claim out, or else, where asked for, one of each passage together."""
        nearest = self._evidence.nearest(text, looked_in, LOOKED_AT)
        first: Refusal | None = None
        for window in nearest:
            refusal = self._compare(text, (window,))
            if refusal is None:
                return Supported(text=text, windows=(window,))
            first = first or refusal
        best = {window.passage: window for window in reversed(nearest)}
        if together and len(best) == len(looked_in):
            windows = tuple(best[number] for number in sorted(best))
            # Else a claim about one speaker could rest on another's words as long as both are cited.
            named = names_its_speakers(text, windows, self._named)
            if named and self._near(text, windows) and self._compare(text, windows) is None:
                return Supported(text=text, windows=windows)
        return first or Refusal.NOT_SIMILAR

    def _near(self, claim: str, windows: Sequence[Window]) -> bool:
        return all(self._evidence.similarity(claim, window.text) >= SIMILAR for window in windows)

    def _compare(self, claim: str, windows: Sequence[Window]) -> Refusal | None:
        """Return what speaks against evidence as the ground of a claim, or None. The dear comparison comes last."""
        said = _together(windows)
        checks: tuple[tuple[Refusal, Callable[[], bool]], ...] = (
            (Refusal.NOT_PROSE, lambda: not ADDRESSES.search(claim) or bool(ADDRESSES.search(said))),
            (Refusal.NUMBER, lambda: numbers_agree(claim, _sentences(windows))),
            (Refusal.SPEAKER, lambda: rightly_attributed(claim, windows, self._named)),
            (Refusal.NAME, lambda: rightly_named(claim, windows, self._question)),
            (Refusal.SPEAKER, lambda: acts_in_evidence(claim, windows, self._named)),
            (Refusal.ADDS_WORDS, lambda: offices_are_known(claim, windows, self._named)),
            (Refusal.NEGATION, lambda: same_polarity(claim, said) and same_direction(claim, said)),
            (Refusal.EXTENT, lambda: claims_no_more(claim, said) and same_mood(claim, said)),
            (Refusal.REASON, lambda: gives_its_reasons(claim, " ".join(window.around for window in windows))),
            (Refusal.NOT_SIMILAR, lambda: tells_of_the_same(claim, " ".join(window.around for window in windows))),
            (Refusal.ADDS_WORDS, lambda: self._adds_little(claim, windows)),
            (Refusal.NOT_SIMILAR, lambda: self._evidence.similarity(claim, said) >= SIMILAR),
        )
        return next((refusal for refusal, holds in checks if not holds()), None)

    def _own_terms(self, text: str, windows: Sequence[Window]) -> list[str]:
        """Return a text's terms without those that only say who speaks."""
        who = term_set(" ".join(window.header for window in windows))
        # Names were compared; they are no part of what is claimed.
        folded = fold(text)
        who |= term_set(" ".join(folded[start:end] for _, start, end in self._named(text)))
        saying = frozenset(ANALYZER.terms(" ".join(re.findall(SAYING, text)))) | REPORTING
        return [term for term in dict.fromkeys(ANALYZER.terms(text)) if term not in who and term not in saying]

    def _claims(self, text: str, windows: Sequence[Window]) -> int:
        named = term_set(" ".join(word for name in names_written(text) for word in name.words))
        return len([term for term in self._own_terms(text, windows) if term not in named])

    def _adds_little(self, claim: str, windows: Sequence[Window]) -> bool:
        """Say whether enough of a claim's words are in its evidence or the sentences beside it."""
        # Numbers were compared by value, however they are written.
        own = [term for term in self._own_terms(claim, windows) if not numbers(term)]
        said = term_set(" ".join(f"{window.around} {window.header} {window.asked}" for window in windows))
        if sum(term in said for term in own) < HELD * len(own):
            return False
        return not any(self._invents(clause, windows, said) for clause in CLAUSE_END.split(claim))

    def _invents(self, clause: str, windows: Sequence[Window], said: Set[str]) -> bool:
        """Say whether nothing of what a clause says is in the evidence: it was put to one that is."""
        own = [term for term in self._own_terms(clause, windows) if not numbers(term)]
        return len(own) >= LEAST_CLAUSE and not any(term in said for term in own)

    def _frames_only(self, frame: str, windows: Sequence[Window]) -> bool:
        """Say whether what little is said around a quote is in the evidence or the question, or says only how."""
        sources = [self._question, *(f"{w.around} {w.header} {w.asked} {w.transcript.title}" for w in windows)]
        known = term_set(" ".join(sources)) | NEUTRAL
        own = self._own_terms(frame, windows)
        return len(own) >= LEAST_FRAME or 2 * sum(term in known for term in own) >= len(own)


def _is_prose(text: str, frame: str) -> bool:
    words = text.split()
    return not (
        not SHORTEST <= len(words) <= LONGEST
        or text.count("“") != text.count("”")
        or "“" in frame
        or any(pattern.search(text) for pattern in (NOT_PROSE, TO_THE_MACHINE))
        or SPEAKS_ITSELF.search(frame)
        or OTHER_MARKS.search(frame)
        or frame.rstrip().endswith("?")
    )


def _sentences(windows: Sequence[Window]) -> list[str]:
    return [sentence.text for window in windows for sentence in sentences(window.text)]


def _together(windows: Sequence[Window]) -> str:
    return " ".join(window.text for window in windows)
