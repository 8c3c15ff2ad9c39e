"""The terms of a text, as the index has them."""

from functools import lru_cache

from index.analysis import EnglishAnalyzer
from rag.mishearing.finding import Alternatives

ANALYZER = EnglishAnalyzer()


@lru_cache(maxsize=8192)
def term_set(text: str) -> frozenset[str]:
    """Return the different terms of a text; those of the last few texts are remembered."""
    return ANALYZER.term_set(text)


def with_right_names(terms: frozenset[str], instead: Alternatives) -> frozenset[str]:
    """Return terms with those for which they stand, as a misheard name stands for the right one."""
    right = [term for term, ways in instead.items() if any(way and way <= terms for way in ways)]
    return terms.union(right) if right else terms


def shared_terms(one: str, other: str) -> float:
    """Return the share of the terms of two texts that both have (Jaccard); 0 where neither has any."""
    a, b = term_set(one), term_set(other)
    return len(a & b) / len(a | b) if a or b else 0.0
