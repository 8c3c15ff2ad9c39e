"""An answer while a model writes it: which sentences are kept, when they are shown, what is said of the rest."""

import logging
import re
from collections.abc import Callable, Sequence

from rag.answering.citing import cite
from rag.answering.cohesion import POINTS_BACK
from rag.answering.generation.drafting import Draft
from rag.answering.generation.evidence import Window
from rag.answering.generation.support import Checker, Supported
from rag.answering.generation.types import Audience
from rag.answering.types import AnswerSentence, Citation
from rag.answering.verification import verified
from rag.library import Library

SURE_AFTER = 2
"""Sentences that hold, and outnumber those that don't, before the first is shown."""
MOST_DROPPED = 6
"""Sentences that don't hold before the model is not listened to any longer."""
MOST_KEPT = 8

log = logging.getLogger("turnwise.llm")


class Page:
    """The answer while it is being written. What has been shown stays.

    Sentences are held back until it is sure that there will be an answer: two of them hold, and more than don't.
    """

    def __init__(
        self,
        checker: Checker,
        library: Library,
        *,
        most_citations: int,
        finish: Callable[[Sequence[Citation]], tuple[Citation, ...]],
        audience: Audience,
    ) -> None:
        self._finish = finish
        self.answer = ""
        self.sentences: list[AnswerSentence] = []
        self.citations: list[Citation] = []
        self.shown = False
        self._checker = checker
        self._library = library
        self._most_citations = most_citations
        self._audience = audience
        self._waiting: list[tuple[str, list[Citation]]] = []
        self._dropped = 0
        self._declined = False
        self._broken = False
        """Whether the last sentence was dropped, so that the next has nothing to point back to."""
        self._voices: frozenset[str] = frozenset()
        self._crowded = False

    @property
    def full(self) -> bool:
        """Say whether nothing more is wanted."""
        return self._declined or self._crowded or self._dropped >= MOST_DROPPED or len(self.sentences) >= MOST_KEPT

    def take(self, draft: Draft) -> None:
        """Check a sentence, and put it onto the page if it holds."""
        if draft.starts_over:
            self._start_over()
            return
        if self.full or draft.claims_nothing:
            return
        if draft.declines:
            self._declined = not self.sentences
            self._dropped += bool(self.sentences)
            return
        checked = self._checker.check(draft)
        if isinstance(checked, Supported) and self._hangs_together(checked) and self._put(checked):
            self._broken = False
            self._voices = frozenset(window.speaker_key for window in checked.windows)
        elif not self._crowded:
            self._dropped += 1
            self._broken = True
            reason = checked if not isinstance(checked, Supported) else "does not stand alone"
            log.info("a sentence of the language model was left out: %s", reason)
        if not self.shown and len(self.sentences) >= SURE_AFTER and len(self.sentences) > self._dropped:
            self._show()

    def end(self) -> None:
        """Decide about sentences that were held back: they are shown if they are at least as many as don't hold."""
        if self.sentences and not self.shown and len(self.sentences) >= self._dropped:
            self._show()

    def left_out(self) -> str | None:
        """Say in words how many sentences were dropped, or None."""
        if not self._dropped:
            return None
        if self._dropped == 1:
            return "One sentence of the language model was left out: the cited passages do not bear it out."
        count = _in_words(self._dropped).capitalize()
        return f"{count} sentences of the language model were left out: the cited passages do not bear them out."

    def why_not(self, trouble: str | None) -> str:
        """Say in words why the answer is not the model's."""
        if trouble is not None:
            return f"The language model could not be used ({trouble}); the answer is made of quotes alone."
        if self._declined:
            return (
                "The language model finds no answer in these passages; the answer is made of the nearest quotes alone."
            )
        if not self._dropped:
            return "The language model wrote nothing that can be used; the answer is made of quotes alone."
        total = self._dropped + len(self.sentences)
        held = _in_words(len(self.sentences))
        wrote = f"{_in_words(total)} sentence{'s' if total > 1 else ''} that the language model wrote"
        return f"Of {wrote}, the cited passages bear out {held}; the answer is made of quotes alone."

    def _start_over(self) -> None:
        """Forget what was only thought, as far as nothing of it was shown."""
        if not self.shown:
            self.answer = ""
            for kept in (self.sentences, self.citations, self._waiting):
                kept.clear()
            self._dropped, self._declined, self._broken, self._crowded = 0, False, False, False
            self._voices = frozenset()

    def _hangs_together(self, checked: Supported) -> bool:
        """Say whether a sentence that points back has what it points to, and of the same speaker."""
        if not POINTS_BACK.match(checked.text):
            return True
        voices = frozenset(window.speaker_key for window in checked.windows)
        return bool(self.sentences) and not self._broken and voices == self._voices

    def _put(self, checked: Supported) -> bool:
        """Add a sentence with its citations; False where these don't hold, or there would be too many."""
        numbers: list[int] = []
        new: list[Citation] = []
        for window in checked.windows:
            known = next((c.n for c in [*self.citations, *new] if _covers(c, window)), None)
            if known is None:
                n = len(self.citations) + len(new) + 1
                citation = cite(window.transcript, window.turn, window.told_from, window.end, n=n)
                if not verified([citation], self._library):
                    return False
                new.extend(self._finish([citation]))
                known = n
            numbers.append(known)
        if len(self.citations) + len(new) > self._most_citations:
            self._crowded = True
            return False
        self.citations.extend(new)
        cited = tuple(sorted(dict.fromkeys(numbers)))
        text = _marked(checked.text, cited)
        gap = " " if self.answer else ""
        start = len(self.answer) + len(gap)
        self.sentences.append(AnswerSentence(text=text, start=start, end=start + len(text), citations=cited))
        self.answer += gap + text
        if self.shown:
            self._audience.hear(gap + text, new)
        else:
            self._waiting.append((gap + text, new))
        return True

    def _show(self) -> None:
        self.shown = True
        for text, citations in self._waiting:
            self._audience.hear(text, citations)
        self._waiting.clear()


def _covers(citation: Citation, window: Window) -> bool:
    same = (citation.transcript_id, citation.turn) == (window.transcript.id, window.turn)
    return same and citation.start <= window.start and window.end <= citation.end


def _marked(text: str, cited: Sequence[int]) -> str:
    """Return a sentence with its citation numbers: before the full stop, or after a closing quotation mark."""
    markers = "".join(f"[{n}]" for n in cited)
    body = re.sub(r"(?<![.…])\.$", "", text)
    if re.search(r"[.!?…]”?$", body) and not body.endswith("…"):
        return f"{body} {markers}" if body == text else f"{body} {markers}."
    return f"{body} {markers}."


def _in_words(count: int) -> str:
    words = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    return words[count] if count < len(words) else str(count)
