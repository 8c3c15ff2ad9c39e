"""The product as each caller may see it: one view for each restriction, with caches of its own."""

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

from rag.restriction import EVERYTHING, Restriction

if TYPE_CHECKING:
    from rag.assembly import Turnwise

KEPT = 32
"""Views kept; the one not used for longest goes first. A view's caches hold ten megabytes or so."""


class Views:
    """Makes views and keeps them. Safe for threads."""

    def __init__(self, turnwise: "Turnwise") -> None:
        self._turnwise = turnwise
        self._lock = threading.Lock()
        self._kept: OrderedDict[Restriction, Turnwise] = OrderedDict()

    def of(self, restriction: Restriction) -> "Turnwise":
        """Return the product without what a restriction withholds."""
        if restriction == EVERYTHING:
            return self._turnwise
        with self._lock:
            if restriction not in self._kept:
                self._kept[restriction] = self._turnwise.restricted(restriction)
                if len(self._kept) > KEPT:
                    self._kept.popitem(last=False)
            self._kept.move_to_end(restriction)
            return self._kept[restriction]
