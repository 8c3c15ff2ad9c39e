"""The words of a text as a quote check compares them: what counts as the same word, and where each stands.

Two texts say the same if their words are the same, in the same order. Of a word this is folded:

- case; soft hyphens and characters of no width; Unicode compatibility forms (NFKC: ligatures, full width, decomposed
  accents), save superscripts, circled numbers and fractions, for 10⁵ is not 105;
- all forms of the apostrophe ("don’t" is "don't") and of the minus before a number;
- commas between thousands ("5,000" is "5000") and the space before a percent sign ("6 %" is "6%").

Between words, white space and punctuation are not compared: quotation marks, dashes, hyphens ("add-on" is "add on"),
ellipses, commas, full stops, question marks, brackets. A transcriber chose them; nobody pronounced them. Everything
else is: accents, signs such as % & + $ (alone or beside a number), and the words of stage notes ("[laughter]").
Numbers in figures and in letters are different words ("6%", "six per cent"): the reader is shown the difference.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

APOSTROPHES = "'’‘‛`´ʼ′＇"
MINUSES = "-−"
INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
"""Soft hyphen, and the characters of no width that text copied from a page brings with it."""
_PUNCTUATION = (
    r"!\"'()*,\-./:;?\[\\\]_`{|}~\u00a1\u00a7\u00ab\u00b4\u00b6\u00b7\u00bb\u00bf\u060c\u061b\u061f\u0964\u0965"
    r"\u2010-\u2027\u2032-\u2043\u2045-\u205e\u2212\u3001-\u3003\u3008-\u3011\u3014-\u301f\uff01\uff07-\uff0a\uff0c-\uff0f"
    r"\uff1a\uff1b\uff1f\uff3b-\uff3d\uff3f\uff5b-\uff65"
)
_SIGNS = r"#$%&+<=>@^£¥€₹‰"
_IN_WORD = rf"[^\s{_PUNCTUATION}{_SIGNS}]"
_WORD = re.compile(
    rf"(?:(?<![^\s(\[{{\"“”'‘’])[+{re.escape(MINUSES)}](?=[$£€¥₹]?\d))?"  # the sign of a number
    rf"[$£€¥₹]?{_IN_WORD}+(?:[{APOSTROPHES}]{_IN_WORD}+|(?<=\d)[.,:/](?=\d){_IN_WORD}+)*"
    r"(?:(?<=\d)[ \u00a0\u202f]?[%‰])?"
    rf"|[{_SIGNS}]"
)
_PLAIN = str.maketrans(dict.fromkeys(INVISIBLE, "") | dict.fromkeys(APOSTROPHES, "'") | dict.fromkeys(MINUSES, "-"))
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_REMEMBERED = 1 << 17
"""Distinct spellings whose folding is remembered; 20 million words of podcasts have some 250,000, most of them rare."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words of a text in order."""

    text: str
    keys: list[str]
    """What equal words share."""
    spans: list[tuple[int, int]]
    """`text[start:end]` of each word, in code points."""

    def __len__(self) -> int:
        return len(self.keys)

    def stretch(self, first: int, end: int) -> str:
        """Return the text from the word `first` to the word before `end`, as written; empty where there is none."""
        return self.text[self.spans[first][0] : self.spans[end - 1][1]] if first < end else ""


def words_of(text: str) -> Words:
    """Return the words of a text."""
    found = [(key, match.span()) for match in _WORD.finditer(text) if (key := word_key(match.group()))]
    return Words(text=text, keys=[key for key, _ in found], spans=[span for _, span in found])


def keys_of(text: str) -> list[str]:
    """Return the keys of the words of a text: the same as those of `words_of`, in half the time."""
    return [key for key in map(word_key, _WORD.findall(text)) if key]


@lru_cache(maxsize=_REMEMBERED)
def word_key(word: str) -> str:
    """Return what a word shares with all other spellings of the same word; empty for invisible characters alone."""
    if word.isascii():
        key = word.lower().replace("`", "'")
    else:
        plain = word.translate(_PLAIN)
        # A superscript or a fraction would become plain digits, and another number.
        is_other_number = any(unicodedata.category(character) == "No" for character in plain)
        key = _folded(plain, "NFC" if is_other_number else "NFKC")
    if key[-1:] in ("%", "‰"):
        key = "".join(key.split())
    return _THOUSANDS.sub("", key) if "," in key else key


def lowered(text: str) -> str:
    """Return a text in which words with an ASCII key are spelled as that key is, commas and spaces in them aside."""
    return text.lower() if text.isascii() else _folded(text.translate(_PLAIN), "NFKC")


def _folded(plain: str, form: Literal["NFC", "NFKC"]) -> str:
    return unicodedata.normalize(form, unicodedata.normalize(form, plain).casefold())
