"""How the people in one transcript speak: their words, the length of their turns, their paragraphs.

A text is compared with what somebody says elsewhere in the transcript, never with itself.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from rag.transcripts.stretches import Stretch

SHARED_WORDS = 300.0
"""Words of everybody's that are added to each person's: one who says little has no words of his own."""
SHARED_TURNS = 8.0
"""Turns of everybody's that are added to each person's."""
MOST_PARAGRAPHS = 6
RAREST = 1e-3
"""Least probability of a length that nobody's turn has."""

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?|\?")


def words_of(text: str) -> list[str]:
    """Return the words of a text in lower case; a question mark counts as one."""
    return _WORD.findall(text.lower().replace("’", "'"))


def length_class(words: int) -> int:
    """Return the class of a turn's length: it grows by one as the length doubles."""
    return words.bit_length()


class Voices:
    """Counts what each person says in the stretches of a transcript."""

    def __init__(self, stretches: Sequence[Stretch], labels: Sequence[str | None]) -> None:
        self._words: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._totals: Counter[str] = Counter()
        self._lengths: defaultdict[str, Counter[int]] = defaultdict(Counter)
        self._paragraphs: defaultdict[str, Counter[int]] = defaultdict(Counter)
        self._all_words: Counter[str] = Counter()
        self._all_lengths: Counter[int] = Counter()
        self._all_paragraphs: Counter[int] = Counter()
        self.words: list[list[list[str]]] = [[words_of(p.text) for p in stretch.paragraphs] for stretch in stretches]
        for label, paragraphs in zip(labels, self.words, strict=True):
            if label is None or not paragraphs:
                continue
            said = [word for paragraph in paragraphs for word in paragraph]
            self._words[label].update(said)
            self._totals[label] += len(said)
            self._lengths[label][length_class(len(said))] += 1
            self._paragraphs[label][min(len(paragraphs), MOST_PARAGRAPHS)] += 1
        for counted in self._words.values():
            self._all_words.update(counted)
        for lengths, numbers in zip(self._lengths.values(), self._paragraphs.values(), strict=True):
            self._all_lengths.update(lengths)
            self._all_paragraphs.update(numbers)
        self._total = self._all_words.total()
        self._turns = self._all_lengths.total()

    def lean(self, words: Iterable[str], others: Sequence[str], speaker: str, own: Counter[str]) -> float:
        """Return how much a text's words are the others' rather than the speaker's: the sum of log ratios.

        Args:
            words: Of the text.
            others: Whose words are pooled.
            speaker: Whom the text is labelled with.
            own: Words counted as the speaker's that aren't to be (the stretch that the text stands in).
        """
        kept = own.total()
        total_own, total_others = self._totals[speaker] - kept, sum(self._totals[other] for other in others)
        total = self._total - kept + 1.0
        said = self._words[speaker]
        pools = [self._words[other] for other in others]
        lean = 0.0
        for word in words:
            here = own[word]
            shared = SHARED_WORDS * (self._all_words[word] - here + 0.5) / total
            theirs = (sum(pool[word] for pool in pools) + shared) / (total_others + SHARED_WORDS)
            lean += math.log(theirs / ((said[word] - here + shared) / (total_own + SHARED_WORDS)))
        return lean

    def log_length(self, words: int, people: Sequence[str]) -> float:
        """Return the log-probability that a turn of one of these people is that long."""
        return self._log_share(length_class(words), [self._lengths[p] for p in people], self._all_lengths, None)

    def log_paragraphs(self, paragraphs: int, people: Sequence[str], without: int | None = None) -> float:
        """Return the log-probability that a turn of one of these people has that many paragraphs.

        Args:
            paragraphs: Of the turn.
            people: Whose turns are pooled.
            without: The number of a turn among theirs that isn't to count.
        """
        left_out = min(without, MOST_PARAGRAPHS) if without is not None else None
        number = min(paragraphs, MOST_PARAGRAPHS)
        return self._log_share(number, [self._paragraphs[p] for p in people], self._all_paragraphs, left_out)

    def _log_share(
        self, value: int, counted: Sequence[Counter[int]], everybody: Counter[int], left_out: int | None
    ) -> float:
        gone, gone_total = int(left_out == value), int(left_out is not None)
        shared = max(RAREST, (everybody[value] - gone) / max(1, self._turns - gone_total))
        found = sum(each[value] for each in counted) - gone + SHARED_TURNS * shared
        total = sum(each.total() for each in counted) - gone_total + SHARED_TURNS
        return math.log(found / total)
