"""Inverted lists hold what a dictionary of positions would."""

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index.inverted import InvertedLists

term_lists = st.lists(st.lists(st.text(max_size=3), max_size=6), max_size=8)


def as_dictionary(lists: InvertedLists) -> dict[str, list[tuple[int, int]]]:
    found = {}
    for spelling in lists.terms():
        place = lists.find(spelling.decode("utf-8", "surrogatepass"))
        assert place is not None
        pairs = zip(lists.positions[place].tolist(), lists.counts[place].tolist(), strict=True)
        found[spelling.decode("utf-8", "surrogatepass")] = list(pairs)
    return found


def expected(occurrences: list[list[str]]) -> dict[str, list[tuple[int, int]]]:
    found: dict[str, list[tuple[int, int]]] = {}
    for position, terms in enumerate(occurrences):
        for term, count in Counter(terms).items():
            found.setdefault(term, []).append((position, count))
    return found


@given(term_lists)
def test_built_lists_hold_every_occurrence(occurrences: list[list[str]]) -> None:
    assert as_dictionary(InvertedLists.build(occurrences)) == expected(occurrences)


@given(st.lists(term_lists, min_size=1, max_size=3), st.randoms(use_true_random=False))
def test_merged_lists_are_those_built_from_what_is_kept(parts: list[list[list[str]]], chance: object) -> None:
    kept: list[list[str]] = []
    merging = []
    for occurrences in parts:
        places = []
        for terms in occurrences:
            stays = chance.random() < 0.7  # type: ignore[attr-defined]
            places.append(len(kept) if stays else -1)
            kept += [terms] if stays else []
        merging.append((InvertedLists.build(occurrences), np.array(places, dtype=np.int32)))
    assert as_dictionary(InvertedLists.merge(merging)) == expected(kept)


def test_a_word_that_occurs_very_often_is_counted_in_full() -> None:
    lists = InvertedLists.build([["word"] * 70_000, ["word"]])
    assert as_dictionary(lists) == {"word": [(0, 70_000), (1, 1)]}


def test_a_term_that_is_not_there_is_not_found() -> None:
    assert InvertedLists.build([["b"]]).find("a") is None
    assert InvertedLists.build([["b"]]).find("c") is None
    assert InvertedLists.build([]).find("c") is None
