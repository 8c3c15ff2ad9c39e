"""Fetching from the web: bounded in size, time and redirects, to checked addresses, where robots.txt lets us."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from types import TracebackType
from typing import Self
from urllib.request import getproxies, proxy_bypass

import httpcore
import httpx

from rag.errors import ReadError
from rag.sources.addresses import resolve
from rag.sources.connections import CheckedBackend, Deadline
from rag.sources.decompression import ACCEPTED, read_body
from rag.sources.robots import LARGEST_ROBOTS, Robots
from rag.sources.source import LARGEST_SOURCE, NO_VALIDATORS, GoneError, Validators

PRODUCT = "turnwise"
"""The name under which robots.txt may address us."""
_DEFAULT_PORTS = {"http": 80, "https": 443}
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_NOT_MODIFIED = 304
_FIRST_ERROR = 400
_GONE = frozenset({404, 410})
_NOT_TRANSCRIPTS = ("audio/", "video/", "image/", "font/")
_ROBOTS_REDIRECTS = 5
"""RFC 9309, section 2.3.1.2."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much one address may take."""

    size: int = LARGEST_SOURCE
    """Bytes, unpacked."""
    step_s: float = 15.0
    """Until a connection is made, and between two pieces of an answer."""
    total_s: float = 120.0
    """From the first name that is resolved to the last byte, redirects included."""
    redirects: int = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a server sent."""

    url: str
    """Where it came from, redirects followed."""
    status: int
    data: bytes
    media_type: str
    """In lower case without parameters; empty where the server says none."""
    validators: Validators


DEFAULT_LIMITS = Limits()


class Fetcher:
    """Fetches documents. Threads may share it; close it, or use it as a context manager.

    Proxies are taken from the environment, as curl and pip do. What is fetched through one is checked by its name's
    addresses here, but resolved again by the proxy: that is the proxy's to guard.

    Args:
        allow_private: Whether addresses of private networks may be fetched from.
        limits: How much one address may take.
    """

    def __init__(self, *, allow_private: bool = False, limits: Limits = DEFAULT_LIMITS) -> None:
        self._allow_private = allow_private
        self._limits = limits
        self._deadline = Deadline()
        self._pools: dict[str, httpcore.ConnectionPool] = {}
        self._opening = threading.Lock()
        self._robots = Robots(PRODUCT, self._fetch_robots)

    def fetch(self, url: str, validators: Validators = NO_VALIDATORS) -> Answer | None:
        """Return the document at an address, or None where it is still the version of those validators.

        Raises:
            GoneError: There is nothing at the address.
            ReadError: The address can't be reached, may not be fetched, or sends no document that could be read.
        """
        try:
            with self._deadline.within(self._limits.total_s):
                answer = self._follow(url, validators, largest=self._limits.size, redirects=self._limits.redirects)
        except ReadError as error:
            raise ReadError(f"{url} can't be read: {error}.") from error
        if answer is not None and answer.status >= _FIRST_ERROR:
            kind = GoneError if answer.status in _GONE else ReadError
            raise kind(f"{url} answered {answer.status} {httpx.codes.get_reason_phrase(answer.status)}.")
        return answer

    def close(self) -> None:
        """Close the connections."""
        for pool in self._pools.values():
            pool.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _fetch_robots(self, url: str) -> tuple[int, bytes]:
        answer = self._follow(url, None, largest=LARGEST_ROBOTS, redirects=_ROBOTS_REDIRECTS)
        return (answer.status, answer.data) if answer else (_NOT_MODIFIED, b"")

    def _follow(self, url: str, validators: Validators | None, *, largest: int, redirects: int) -> Answer | None:
        """Fetch an address or what it redirects to. Without validators it is robots.txt itself that is fetched."""
        target = _parsed(url)
        for _ in range(redirects + 1):
            if validators is not None and not self._robots.allow(str(target)):
                raise ReadError(f"the site's robots.txt asks programs not to fetch {target}")
            with self._request(target, validators or NO_VALIDATORS) as response:
                headers = {name.lower(): value.decode("latin-1") for name, value in response.headers}
                if response.status not in _REDIRECTS or b"location" not in headers:
                    return _answer(target, response, headers, largest, is_page=validators is not None)
                try:
                    target = _parsed(str(target.join(headers[b"location"])))
                except (httpx.InvalidURL, ValueError) as error:
                    raise ReadError(f"it redirects to what is no address ({error})") from error
        raise ReadError(f"it redirects more than {redirects} times")

    @contextmanager
    def _request(self, url: httpx.URL, validators: Validators) -> Iterator[httpcore.Response]:
        target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        stated = {
            "Host": url.netloc.decode("ascii"),
            "User-Agent": user_agent(),
            "Accept": "*/*",
            "Accept-Encoding": ACCEPTED,
            "If-None-Match": validators.etag,
            "If-Modified-Since": validators.last_modified,
        }
        headers: list[tuple[bytes | str, bytes | str]] = [(name, value) for name, value in stated.items() if value]
        step = self._limits.step_s
        timeouts = {"connect": step, "read": step, "write": step, "pool": self._limits.total_s}
        try:
            with self._pool(url).stream("GET", target, headers=headers, extensions={"timeout": timeouts}) as response:
                yield response
        except httpcore.TimeoutException as error:
            raise ReadError(f"no answer came in time ({error or 'timeout'})") from error
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.ProxyError, OSError) as error:
            raise ReadError(str(error) or type(error).__name__) from error

    def _pool(self, url: httpx.URL) -> httpcore.ConnectionPool:
        """Return the connections by which an address is reached: direct ones, or through a proxy."""
        proxy = self._proxy(url)
        with self._opening:
            if proxy not in self._pools:
                # The proxy itself is the owner's choice and may well be on a private network.
                allow = self._allow_private or bool(proxy)
                self._pools[proxy] = httpcore.ConnectionPool(
                    ssl_context=httpx.create_ssl_context(),
                    proxy=httpcore.Proxy(proxy) if proxy else None,
                    network_backend=CheckedBackend(self._deadline, allow_private=allow),
                )
            return self._pools[proxy]

    def _proxy(self, url: httpx.URL) -> str:
        """Return the proxy for an address, empty for none.

        Raises:
            ReadError: The address is on a private network, and that isn't allowed.
        """
        proxies = getproxies()
        proxy = proxies.get(url.scheme) or proxies.get("all") or ""
        if not proxy or proxy_bypass(url.host):
            return ""
        try:
            resolve(url.host, url.port or _DEFAULT_PORTS[url.scheme], allow_private=False)
        except OSError:
            return proxy  # only the proxy knows the name
        except ReadError:
            if not self._allow_private:
                raise
            return ""
        return proxy


def user_agent() -> str:
    """Return how we name ourselves to servers."""
    try:
        return f"{PRODUCT}/{version(PRODUCT)}"
    except PackageNotFoundError:
        return PRODUCT


def _parsed(url: str) -> httpx.URL:
    try:
        parsed = httpx.URL(url)
        host = parsed.host  # read only now, where it is in Punycode: what isn't raises
    except (httpx.InvalidURL, ValueError) as error:
        raise ReadError(f"it is not a web address ({error})") from error
    if parsed.scheme not in _DEFAULT_PORTS or not host:
        raise ReadError(f"{str(parsed)[:200]} is not a web address: only http:// and https:// are fetched")
    if parsed.userinfo:
        raise ReadError("an address with a name and a password in it would show them to every reader; leave them away")
    return parsed.copy_with(fragment=None)


def _answer(
    url: httpx.URL, response: httpcore.Response, headers: dict[bytes, str], largest: int, *, is_page: bool
) -> Answer | None:
    media_type = headers.get(b"content-type", "").partition(";")[0].strip().lower()
    if response.status == _NOT_MODIFIED:
        return None
    data = b""
    if response.status < _FIRST_ERROR:
        if is_page and media_type.startswith(_NOT_TRANSCRIPTS):
            raise ReadError(f"it is {media_type}, not a transcript; Turnwise reads what is written down")
        announced = headers.get(b"content-length", "")
        if announced.isascii() and announced.isdigit() and int(announced) > largest and is_page:
            raise ReadError(f"it has {int(announced):,} bytes; at most {largest:,} are read")
        data = read_body(response.iter_stream(), headers.get(b"content-encoding", ""), largest=largest)
    return Answer(
        url=str(url),
        status=response.status,
        data=data,
        media_type=media_type,
        validators=Validators(etag=headers.get(b"etag"), last_modified=headers.get(b"last-modified")),
    )
