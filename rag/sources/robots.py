"""What a site's robots.txt asks of programs (RFC 9309)."""

import threading
from collections.abc import Callable
from urllib.parse import urlsplit

from protego import Protego

from rag.errors import ReadError

LARGEST_ROBOTS = 500 * 1024
"""Bytes that a crawler must read at least (RFC 9309, section 2.5)."""
_FIRST_ERROR, _FIRST_SERVER_ERROR = 400, 500


class Robots:
    """Remembers what each site asks, as long as it lives. Threads may share it.

    Args:
        product: The name under which a site may address us.
        fetch: Returns the status and the body of an address; raises ReadError where there is no answer.
    """

    def __init__(self, product: str, fetch: Callable[[str], tuple[int, bytes]]) -> None:
        self._product = product
        self._fetch = fetch
        self._rules: dict[str, Protego | ReadError] = {}
        self._asking = threading.Lock()

    def allow(self, url: str) -> bool:
        """Say whether an address may be fetched.

        Raises:
            ReadError: The site doesn't say: its robots.txt can't be reached, which counts as a no (section 2.3.1.4).
        """
        parts = urlsplit(url)
        site = f"{parts.scheme}://{parts.netloc}"
        with self._asking:
            if site not in self._rules:
                self._rules[site] = self._ask(f"{site}/robots.txt")
            rules = self._rules[site]
        if isinstance(rules, ReadError):
            raise ReadError(str(rules))
        return rules.can_fetch(url, self._product)

    def _ask(self, url: str) -> Protego | ReadError:
        try:
            status, body = self._fetch(url)
        except ReadError as error:
            return ReadError(str(error))
        if status >= _FIRST_SERVER_ERROR:
            return ReadError(f"{url} answered {status}, so what the site asks of programs isn't known; try again later")
        # Without a robots.txt everything may be fetched (section 2.3.1.3).
        text = "" if status >= _FIRST_ERROR else body.decode("utf-8", "replace").removeprefix("\ufeff")
        return Protego.parse(text)
