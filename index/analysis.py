"""Turn English text into the terms that lexical search matches.

Words are lower-cased and their accents folded, typographic apostrophes count as plain ones, contractions lose
their ending ("they've" is "they", "patient's" is "patient"), a hyphenated word gives its parts, and every word is
stemmed by the Snowball English stemmer. Stop words are dropped.
"""

import re
import threading
import unicodedata

import Stemmer

ANALYSIS = "english-1"
"""Raised when the terms of a text change; derived structures made with another are then built anew."""

# The Snowball project's English stop list, https://snowballstem.org/algorithms/english/stop.txt, without its
# contractions, which lose their endings before they are looked up here.
STOP_WORDS = frozenset(
    """i me my myself we us our ours ourselves you your yours yourself yourselves he him his himself she her hers
    herself it its itself they them their theirs themselves what which who whom this that these those am is are was
    were be been being have has had having do does did doing will would should can could ought a an the and but if
    or because as until while of at by for with about against between into through during before after above below
    to from up down in out on off over under again further then once here there when where why how all any both
    each few more most other some such no nor not only own same so than too very""".split()
)

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_CONTRACTED = re.compile(r"(?:n't|'(?:s|ll|re|ve|d|m))$")
_APOSTROPHES = dict.fromkeys(map(ord, "\u2018\u2019\u02bc\u2032\uff07`\u00b4"), "'")
_UNDECOMPOSED = {
    ord("ø"): "o",
    ord("ł"): "l",
    ord("đ"): "d",
    ord("ð"): "d",
    ord("þ"): "th",
    ord("æ"): "ae",
    ord("œ"): "oe",
}
"""Latin letters that Unicode doesn't split into a base letter and an accent."""
_SOFT_HYPHEN = {0x00AD: None}
_ACCENTED = re.compile("([a-zα-ω])[\u0300-\u036f]+")
_CACHE_SIZE = 1 << 18
"""Distinct words whose terms are remembered; 20 million words of podcasts have some 200,000."""


class EnglishAnalyzer:
    """Turns text into terms. Safe to use from several threads."""

    def __init__(self) -> None:
        """Prepare an empty memory of words."""
        self._terms: dict[str, str] = {}
        self._stemmers = threading.local()

    def terms(self, text: str) -> list[str]:
        """Return the terms of a text in order, repeated as often as they occur."""
        known = self._terms
        found = []
        for word in _WORD.findall(folded(text)):
            term = known.get(word)
            if term is None:
                term = self._remember(word)
            if term:
                found.append(term)
        return found

    def term_set(self, text: str) -> frozenset[str]:
        """Return the different terms of a text."""
        words = set(_WORD.findall(folded(text)))
        known = self._terms
        # Not `intersection`, which goes through all that is known.
        new = words.difference(known)
        found = {self._remember(word) for word in new}
        found.update(map(known.__getitem__, words - new))
        found.discard("")
        return frozenset(found)

    def _remember(self, word: str) -> str:
        if len(self._terms) >= _CACHE_SIZE:
            self._terms = {}
        bare = _CONTRACTED.sub("", word).replace("'", "")
        term = "" if bare in STOP_WORDS else self._stemmer().stemWord(bare)
        self._terms[word] = term
        return term

    def _stemmer(self) -> Stemmer.Stemmer:
        # A PyStemmer object must not be shared between threads.
        if not hasattr(self._stemmers, "english"):
            self._stemmers.english = Stemmer.Stemmer("english")
        stemmer: Stemmer.Stemmer = self._stemmers.english
        return stemmer


def folded(text: str) -> str:
    """Lower-case a text, fold its accents and its apostrophes."""
    if text.isascii():
        return text.lower().replace("`", "'")
    plain = unicodedata.normalize("NFKD", text.translate(_SOFT_HYPHEN).translate(_APOSTROPHES).casefold())
    # Only Latin and Greek accents go: in Russian, say, й is another letter than и. Composed again, Korean stays whole.
    return unicodedata.normalize("NFC", _ACCENTED.sub(r"\1", plain).translate(_UNDECOMPOSED))
