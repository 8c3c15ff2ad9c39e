"""Gold within N words: does a reader who reads from the top meet gold text within N words?

A measure of a ranking that does not depend on how large a system cuts its passages. Text is compared with white space
folded. A passage meets gold when it is of a gold source and holds one of the gold's *marks*:

    the first or the last 40 characters of a gold quote (the whole quote if it is shorter);
    of each gold turn of at least 8 words: its first and last 40 characters, and the 40 at offset 200, 400, …
    (of a gold source, all turns are gold turns; where no turn has 8 words, all are taken).

Words are counted over the passages in their order, up to the end of the mark that ends first; N is the most that may
be read. The figure is the share of answerable questions for which some gold is met.
"""

from collections.abc import Iterator, Sequence

from eval.gold import Gold, fold
from eval.metrics.case import Case, Share, Shares
from eval.responses import RankedPassage

LIMITS = (150, 300, 1000)
"""Words: about what a chat widget shows, a page, and what one reads when one wants to know."""
MARK_LENGTH = 40
MARK_EVERY = 200
FEWEST_WORDS = 8


def within_words(case: Case) -> Shares:
    """Return whether gold is met within each limit."""
    if case.search is None or not case.question.answerable:
        return {}
    words = words_to_gold(case.gold, case.search.passages)
    return {f"gold_within_{limit}": Share(float(words is not None and words <= limit)) for limit in LIMITS}


def words_to_gold(gold: Sequence[Gold], passages: Sequence[RankedPassage]) -> int | None:
    """Return how many words a reader reads until gold is met, or None where it never is."""
    marks = [(item.transcript_ids, tuple(_marks(item))) for item in gold]
    read = 0
    for passage in passages:
        text = fold(passage.text)
        ends = [
            at + len(mark)
            for ids, own in marks
            if passage.transcript_id in ids
            for mark in own
            if (at := text.find(mark)) >= 0
        ]
        if ends:
            return read + len(text[: min(ends)].split())
        read += len(text.split())
    return None


def _marks(gold: Gold) -> Iterator[str]:
    if gold.item.quote is not None:
        yield from _ends(fold(gold.item.quote))
        return
    turns = [fold(place.text) for place in gold.places]
    for turn in [turn for turn in turns if len(turn.split()) >= FEWEST_WORDS] or turns:
        yield from _ends(turn)
        for offset in range(MARK_EVERY, len(turn) - MARK_LENGTH + 1, MARK_EVERY):
            yield turn[offset : offset + MARK_LENGTH]


def _ends(text: str) -> tuple[str, str]:
    return text[:MARK_LENGTH], text[-MARK_LENGTH:]
