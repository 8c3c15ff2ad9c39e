"""Which words a text uses in lower case: asked for each of its labels, of which it may have thousands."""

import re

_RUN = re.compile(r"[\w'’]+")


class OrdinaryWords:
    """The words of a text.

    Args:
        prose: The text around the labels, and these themselves.
    """

    def __init__(self, prose: str) -> None:
        self._prose = prose
        self._runs = frozenset(_RUN.findall(prose))

    def hold(self, label: str) -> bool:
        """Say whether every word of a label is used as an ordinary word, in lower case."""
        return all(self._has(word.strip(".,'’").lower()) for word in label.split())

    def _has(self, word: str) -> bool:
        runs = _RUN.findall(word)
        if runs == [word]:
            return word in self._runs
        # As "jean-luc": what its marks part must be there first, which for a name it seldom is.
        return (
            self._runs.issuperset(runs)
            and word in self._prose
            and re.search(rf"(?<![\w'’]){re.escape(word)}(?![\w'’])", self._prose) is not None
        )
