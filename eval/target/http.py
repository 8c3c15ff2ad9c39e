"""Asks any server that speaks the contract."""

import datetime as dt
import json
import random
import time
from collections.abc import Mapping, Sequence
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from pathlib import PurePosixPath
from time import perf_counter
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote, urlsplit

import httpx

from eval.errors import TargetError
from eval.target.protocol import Document, Timed
from rag.errors import InputError

MS_PER_SECOND = 1000
RETRIED = frozenset(
    {
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.BAD_GATEWAY,
        HTTPStatus.SERVICE_UNAVAILABLE,
        HTTPStatus.GATEWAY_TIMEOUT,
    }
)
TRIES = 6
FIRST_PAUSE_S = 0.5
"""Doubled with every try: with six tries a server may restart for 15 s without losing a question."""
LONGEST_PAUSE_S = 60.0
_OF_THE_WIRE = frozenset({"content-encoding", "content-length", "transfer-encoding"})
"""Headers that tell how a reply was sent, and are not true of it once it was read."""


class HttpTarget:
    """A server at an address. Close it, or use it as a context manager.

    Args:
        url: The server's address, without `/v1`.
        timeout_s: How long one try may take.
        connections: How many questions are asked at once.
        headers: Sent with every request, such as an authorization.
        first_pause_s: The pause after the first failed try.
    """

    def __init__(
        self,
        url: str,
        *,
        timeout_s: float = 120.0,
        connections: int = 8,
        headers: Mapping[str, str] | None = None,
        first_pause_s: float = FIRST_PAUSE_S,
    ) -> None:
        _check_address(url)
        self._url = url.rstrip("/")
        self._timeout_s = timeout_s
        self._first_pause_s = first_pause_s
        limits = httpx.Limits(max_connections=connections, max_keepalive_connections=connections)
        self._client = httpx.Client(base_url=self._url, timeout=timeout_s, limits=limits, headers=dict(headers or {}))

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def warm(self) -> None:
        """Wait until the server says that it is ready; a server that has no such address is taken to be."""
        self._request("GET", "/readyz", allowed=(HTTPStatus.OK, HTTPStatus.NOT_FOUND))

    def search(self, query: str, *, history: Sequence[str], top_k: int, mode: str) -> Timed:
        """Ask `POST /v1/search`."""
        body = {"query": query, "history": _exchanges(history), "top_k": top_k, "mode": mode}
        return self._document("POST", "/v1/search", body)

    def ask(self, question: str, *, history: Sequence[str], generator: str | None) -> Timed:
        """Ask `POST /v1/ask`."""
        body: Document = {"question": question, "history": _exchanges(history)}
        return self._document("POST", "/v1/ask", body if generator is None else {**body, "generator": generator})

    def transcripts(self) -> list[Document]:
        """Read all pages of `GET /v1/transcripts`."""
        listed: list[Document] = []
        path = "/v1/transcripts"
        cursor = None
        while True:
            page = self._document("GET", path, parameters={"cursor": cursor} if cursor else {}).document
            listed.extend(page.get("transcripts", ()))
            following = page.get("next")
            if not following or following == cursor:
                return listed
            cursor = following

    def transcript(self, transcript_id: str) -> Document | None:
        """Read `GET /v1/transcripts/{id}`."""
        path = f"/v1/transcripts/{quote(transcript_id, safe='')}"
        response, _ = self._request("GET", path, allowed=(HTTPStatus.OK, HTTPStatus.NOT_FOUND))
        return None if response.status_code == HTTPStatus.NOT_FOUND else _json_of(response)

    def file_stems(self) -> dict[str, str]:
        """Return the last parts of the transcripts' source addresses: the contract shows no file name."""
        addresses = {entry.get("id", ""): entry.get("url") for entry in self.transcripts()}
        return {i: PurePosixPath(urlsplit(address).path).stem for i, address in addresses.items() if address}

    def describe(self) -> Document:
        """Return the address."""
        return {"kind": "http", "url": self._url}

    def _document(
        self, method: str, path: str, body: Document | None = None, *, parameters: Mapping[str, str] | None = None
    ) -> Timed:
        response, wall_ms = self._request(method, path, body, parameters=parameters)
        return Timed(document=_json_of(response), wall_ms=wall_ms)

    def _request(
        self,
        method: str,
        path: str,
        body: Document | None = None,
        *,
        parameters: Mapping[str, str] | None = None,
        allowed: Sequence[int] = (HTTPStatus.OK,),
    ) -> tuple[httpx.Response, float]:
        for attempt in range(1, TRIES + 1):
            started = perf_counter()
            pause_s = self._first_pause_s * 2 ** (attempt - 1) * random.uniform(0.75, 1.25)  # noqa: S311 - no secret  # nosec B311
            try:
                response = self._response(method, path, body, parameters)
            except httpx.RequestError as error:
                reason = f"{type(error).__name__}: {error}"
            else:
                if response.status_code in allowed:
                    return response, (perf_counter() - started) * MS_PER_SECOND
                reason = f"status {response.status_code}: {response.text[:300]}"
                if response.status_code not in RETRIED:
                    raise TargetError(f"{method} {self._url}{path}: {reason}")
                pause_s = _retry_after_s(response) or pause_s
            if attempt < TRIES:
                time.sleep(min(pause_s, LONGEST_PAUSE_S))
        raise TargetError(f"{method} {self._url}{path}: {reason} (after {TRIES} tries)")

    def _response(
        self, method: str, path: str, body: Document | None, parameters: Mapping[str, str] | None
    ) -> httpx.Response:
        """Return a whole reply; httpx itself bounds only the wait for each part of it."""
        ends = perf_counter() + self._timeout_s
        parts: list[bytes] = []
        with self._client.stream(method, path, json=body, params=parameters) as response:
            for part in response.iter_bytes():
                parts.append(part)
                if perf_counter() > ends:
                    raise httpx.ReadTimeout(f"no whole reply within {self._timeout_s:g} s")
        headers = [(n, v) for n, v in response.headers.multi_items() if n.lower() not in _OF_THE_WIRE]
        whole = b"".join(parts)
        return httpx.Response(response.status_code, headers=headers, content=whole, request=response.request)


def _check_address(url: str) -> None:
    try:
        parts = urlsplit(url)
        is_address = parts.scheme in ("http", "https") and bool(parts.netloc) and httpx.URL(url).host != ""
    except (ValueError, httpx.InvalidURL):
        is_address = False
    if not is_address:
        raise InputError(f"{url!r} is not the address of a server. It begins with http:// or https://.")


def _exchanges(history: Sequence[str]) -> list[Document]:
    return [{"question": question, "answer": None} for question in history]


def _json_of(response: httpx.Response) -> Document:
    try:
        document: Any = response.json()
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise TargetError(f"{response.request.url}: the reply is not JSON: {response.text[:200]}") from error
    if not isinstance(document, dict):
        raise TargetError(f"{response.request.url}: the reply is not a JSON object.")
    return document


def _retry_after_s(response: httpx.Response) -> float | None:
    """Return the pause that a server asks for: seconds or a date (RFC 9110, section 10.2.3)."""
    value = response.headers.get("Retry-After", "").strip()
    if not value:
        return None
    if value.isdigit():
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    zoned = moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
    return max(0.0, (zoned - dt.datetime.now(dt.UTC)).total_seconds())
