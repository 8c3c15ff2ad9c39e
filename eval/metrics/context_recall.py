"""Gold-text recall in a context of 1,600 tokens: how much of the gold would a reading model be given?

    characters of gold text that stand in the context / characters of gold text

The context takes passages from the top, turn by turn, until 1,600 tokens (tiktoken, cl100k_base) are full; the stretch
that crosses the limit is cut there, so that the figure does not depend on the size of the passages. Of a quote that is
said in several places the best covered counts.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence

from eval.gold import Gold, Place
from eval.metrics.case import Case, Share, Shares
from eval.responses import RankedPassage
from rag.chunking import count_tokens

CONTEXT_TOKENS = 1600
"""About what a small reading model is given; the budget that the first measurements of this project used."""
NAME = f"gold_recall_{CONTEXT_TOKENS}"

TurnKey = tuple[str, int]
Spans = dict[TurnKey, list[tuple[int, int]]]


def context_recall(case: Case) -> Shares:
    """Return the share of gold text in the context, for a question whose gold was found in the transcripts."""
    if case.search is None or not any(item.alternatives for item in case.gold):
        return {}
    spans = context(case.search.passages, CONTEXT_TOKENS)
    covered = whole = 0
    for item in case.gold:
        if item.alternatives:
            part, length = _best_covered(item, spans)
            covered += part
            whole += length
    return {NAME: Share(covered / whole)}


def context(passages: Sequence[RankedPassage], max_tokens: int) -> Spans:
    """Return the stretches of turns that fit into a budget, by transcript and turn."""
    spans: Spans = defaultdict(list)
    left = max_tokens
    for passage in passages:
        for stretch in passage.turns:
            tokens = count_tokens(stretch.text)
            length = len(stretch.text) if tokens <= left else _fitting(stretch.text, left)
            spans[passage.transcript_id, stretch.turn].append((stretch.start, stretch.start + length))
            left -= tokens
            if left <= 0:
                return spans
    return spans


def _fitting(text: str, max_tokens: int) -> int:
    """Return how many characters of a text that is too long fit."""
    lengths = range(len(text) + 1)
    return bisect_right(lengths, max_tokens, key=lambda length: count_tokens(text[:length])) - 1


def _best_covered(item: Gold, spans: Spans) -> tuple[int, int]:
    """Return characters in the context and characters in all, of the alternative with the largest share."""
    counted = [_covered(alternative, spans) for alternative in item.alternatives]
    return max(counted, key=lambda pair: pair[0] / pair[1])


def _covered(places: Iterable[Place], spans: Spans) -> tuple[int, int]:
    inside = length = 0
    for place in places:
        inside += _union_length(
            (max(start, place.start), min(end, place.end))
            for start, end in spans.get((place.transcript_id, place.turn), ())
        )
        length += place.end - place.start
    return inside, length


def _union_length(spans: Iterable[tuple[int, int]]) -> int:
    total = reached = 0
    for start, end in sorted(spans):
        total += max(0, end - max(start, reached))
        reached = max(reached, end)
    return total
