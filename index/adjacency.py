"""Which words stand side by side in records: a signature of each, by which a phrase is looked for without reading.

Of every pair of neighbouring words, whatever they are, a record's signature has `HASHES` bits of `ROWS` (Bloom, 1970,
"Space/time trade-offs in hash coding with allowable errors"); so has every word alone, the word that ends the record
and those that begin a line of it. Signatures lie in slices, one a bit (Faloutsos and Christodoulakis, 1984, "Signature
files"), so that a search reads a few rows whole. A record of 150 words is taken for one that holds a pair which it has
not four times in a thousand; one that holds a phrase is never passed over.

Words are runs of letters and digits, and signs such as %; accents, case, and commas between thousands aside. "Don't" is
two words.
"""

import re
import zlib
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from index.analysis import folded

ROWS, HASHES = 4096, 3
"""Bits of a signature, a power of two, and how many of them a pair has: docs/decisions/014-quote-check.md."""
_TOKEN = re.compile(r"[^\W_]+|[#$%&+<=>@^£¥€₹‰\n]")
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
"""Soft hyphen and characters of no width, which text copied from a page has inside words."""
_THOUSANDS = re.compile(rf"(?<=\d),(?=(?:\d[{_INVISIBLE}]*+){{3}}(?!\d))")
_DROPPED = dict.fromkeys(map(ord, _INVISIBLE))
_EDGE, _ITSELF = 0, (1 << 32) - 1
"""What is paired with a record's last word and with a line's first, and with every word."""
_RECORDS_AT_ONCE = 8192
"""A multiple of eight; bounds the memory that building takes, to some 100 MB."""
_ROWS_AT_ONCE = 256

Packed = npt.NDArray[np.uint8]
"""One bit a record, the first in the lowest bit of the first byte."""
Number = TypeVar("Number", int, npt.NDArray[Any])
_64_BITS = (1 << 64) - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjacency:
    """Signatures of the records of a segment."""

    slices: Packed
    """Shape (ROWS, records / 8 rounded up)."""
    size: int
    """Records."""

    @classmethod
    def build(cls, texts: Sequence[str]) -> "Adjacency":
        """Build the signatures of records of these texts."""
        codes = _Codes()
        parts = [
            _slices(texts[first : first + _RECORDS_AT_ONCE], codes) for first in range(0, len(texts), _RECORDS_AT_ONCE)
        ]
        empty = np.zeros((ROWS, 0), dtype=np.uint8)
        return cls(slices=np.concatenate([empty, *parts], axis=1), size=len(texts))

    @classmethod
    def of(cls, slices: Packed | None, *, size: int) -> "Adjacency | None":
        """Return the signatures of so many records, if there are any."""
        return None if slices is None else cls(slices=slices, size=size)

    @classmethod
    def merge(cls, parts: Sequence[tuple["Adjacency | None", npt.NDArray[np.bool_]]]) -> "Adjacency | None":
        """Merge signatures, if all are known; each part comes with a mask of the records that are kept."""
        known = [(part, kept) for part, kept in parts if part is not None]
        if len(known) < len(parts):
            return None
        size = sum(int(np.count_nonzero(kept)) for _, kept in known)
        slices = np.empty((ROWS, -(-size // 8)), dtype=np.uint8)
        for first in range(0, ROWS, _ROWS_AT_ONCE):
            some = slice(first, first + _ROWS_AT_ONCE)
            bits = [
                np.unpackbits(part.slices[some], axis=1, count=part.size, bitorder="little").compress(kept, axis=1)
                for part, kept in known
            ]
            slices[some] = np.packbits(np.concatenate(bits, axis=1), axis=1, bitorder="little")
        return cls(slices=slices, size=size)

    def holding(self, pair: tuple[int, int]) -> Packed:
        """Return which records may hold a pair of words."""
        first, *others = _rows_of(*pair)
        return reduce(np.bitwise_and, [self.slices[row] for row in others], self.slices[first])

    def beginnings(self, codes: Sequence[int], findable: npt.NDArray[np.bool_] | None) -> npt.NDArray[np.int64]:
        """Return the findable records in which a phrase may begin, ascending; in the next ones it may go on.

        Where a phrase goes on in the record that follows, as a long text is cut, the last word here and the first word
        of a line there are its own. What follows a segment's last record isn't known, so it may go on there.

        Args:
            codes: Those of the phrase's words, one at least.
            findable: A mask over all records; None where all are.
        """
        alive = self.packed(findable) & self.holding((codes[0], _ITSELF))
        found = set()
        for at, code in enumerate(codes[:-1]):
            ending = self.positions(alive & self.holding((code, _EDGE)))
            inside = ending[ending + 1 < self.size]
            found.update(ending[len(inside) :].tolist())
            inside = inside[self._hold(inside + 1, (_EDGE, codes[at + 1]))]
            found.update(place for place in inside.tolist() if self._goes_on(codes, at + 1, place + 1))
            alive = alive & self.holding((code, codes[at + 1]))
            if not alive.any():
                break
        return np.array(sorted(found.union(self.positions(alive).tolist())), dtype=np.int64)

    def packed(self, mask: npt.NDArray[np.bool_] | None) -> Packed:
        """Return a mask over all records, one bit each; None is all of them."""
        return np.packbits(np.ones(self.size, dtype=np.bool_) if mask is None else mask, bitorder="little")

    def positions(self, packed: Packed) -> npt.NDArray[np.int64]:
        """Return the numbers of the records whose bit is set."""
        if not packed.any():
            return np.empty(0, dtype=np.int64)
        return np.flatnonzero(np.unpackbits(packed, count=self.size, bitorder="little").view(np.bool_))

    def _goes_on(self, codes: Sequence[int], at: int, place: int) -> bool:
        """Say whether a phrase may go on in a record with the word `at`, with which a line of it begins."""
        here = np.array([place])
        for number in range(at, len(codes) - 1):
            if self._hold(here, (codes[number], _EDGE))[0] and (
                place + 1 == self.size
                or (self._hold(here + 1, (_EDGE, codes[number + 1]))[0] and self._goes_on(codes, number + 1, place + 1))
            ):
                return True
            if not self._hold(here, (codes[number], codes[number + 1]))[0]:
                return False
        return True

    def _hold(self, places: npt.NDArray[np.int64], pair: tuple[int, int]) -> npt.NDArray[np.bool_]:
        """Say of each of some records whether it may hold a pair."""
        bits = [self.slices[row][places >> 3] >> (places & 7) for row in _rows_of(*pair)]
        held: npt.NDArray[np.bool_] = (reduce(np.bitwise_and, bits) & 1).astype(np.bool_)
        return held


def codes_of(text: str) -> list[int]:
    """Return a number for each word of a text, in order."""
    codes = _Codes()
    return [code for code in map(codes.__getitem__, _tokens(text)) if code != _EDGE]


class _Codes(dict[str, int]):
    """The numbers of words as they are met; of a line's end, that of an edge."""

    def __init__(self) -> None:
        super().__init__({"\n": _EDGE})

    def __missing__(self, word: str) -> int:
        code = self[word] = zlib.crc32(word.encode("utf-8", "surrogatepass")) or 1
        return code


def _tokens(text: str) -> list[str]:
    joined = _THOUSANDS.sub("", text) if "," in text else text
    return _TOKEN.findall(folded(joined if joined.isascii() else joined.translate(_DROPPED)))


def _slices(texts: Sequence[str], codes: _Codes) -> Packed:
    """Return the slices of some records."""
    flat = array("I")
    ends = []
    for text in texts:
        flat.extend(map(codes.__getitem__, _tokens(text)))
        flat.append(_EDGE)
        ends.append(len(flat))
    tokens = np.frombuffer(flat, dtype=np.uint32).astype(np.uint64)
    spoken = np.flatnonzero(tokens)
    records = np.searchsorted(np.array(ends), spoken, side="right")
    words = tokens[spoken]
    edge = np.zeros(1, dtype=np.uint64)
    begins = np.concatenate((edge, tokens))[spoken] == _EDGE
    side_by_side = records[1:] == records[:-1]
    last = np.append(~side_by_side, True)[: len(words)]
    nothing = np.zeros_like(words)
    pairs = [
        (words, np.full_like(words, _ITSELF), records),
        (words[:-1][side_by_side], words[1:][side_by_side], records[1:][side_by_side]),
        (nothing[begins], words[begins], records[begins]),
        (words[last], nothing[last], records[last]),
    ]
    before, after, holders = (np.concatenate(column) for column in zip(*pairs, strict=True))
    slices = np.zeros((ROWS, -(-len(texts) // 8)), dtype=np.uint8)
    bits = np.left_shift(np.uint8(1), (holders & 7).astype(np.uint8))
    for rows in _rows_of(before, after):
        np.bitwise_or.at(slices, (rows, holders >> 3), bits)
    return slices


def _rows_of(before: Number, after: Number) -> list[Number]:
    """Return the rows of a pair, or of many: bits of a mixed number (Steele et al., 2014, SplitMix64)."""
    mixed = (before << 32) | after
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = ((mixed ^ (mixed >> shift)) * factor) & _64_BITS
    mixed = mixed ^ (mixed >> 31)
    return [(mixed >> (number * 20)) & (ROWS - 1) for number in range(HASHES)]
