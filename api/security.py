"""What keeps a server without authentication private to its machine, and its pages free of foreign code.

The server listens on loopback only. A web page elsewhere could still reach it through the reader's own browser: by a
name that it points at 127.0.0.1 (DNS rebinding; stopped by checking `Host`), or by sending a form or an upload across
origins (stopped by checking `Origin` on whatever changes something).
"""

import ipaddress
import socket
from collections.abc import Iterable
from http import HTTPStatus
from urllib.parse import urlsplit

from fastapi import Request

from api.problems import RequestRefusedError
from rag.errors import InputError

PAGE_POLICY = "default-src 'self'; base-uri 'none'; frame-ancestors 'self'; form-action 'self'; object-src 'none'"
DOCS_POLICY = f"{PAGE_POLICY}; img-src 'self' data:"
"""Swagger UI's stylesheet holds its icons as `data:` URLs; everything else it needs comes from this server."""

SECURITY_HEADERS = {
    "Content-Security-Policy": PAGE_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def require_loopback(host: str) -> None:
    """Refuse to listen where other machines could connect.

    Raises:
        InputError: The host does not resolve, or resolves to an address that is not loopback.
    """
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise InputError(f"--host {host}: no such host ({error}). The default is 127.0.0.1.") from error
    if not all(ipaddress.ip_address(str(entry[4][0]).partition("%")[0]).is_loopback for entry in found):
        raise InputError(
            f"--host {host}: refused. This server has no authentication yet, so it listens on this machine only: "
            "use 127.0.0.1, ::1 or localhost."
        )


def host_name(host_header: str) -> str | None:
    """Return the name or address in a `Host` header, lower case, without port and brackets; None if malformed."""
    try:
        parts = urlsplit(f"//{host_header}")
        parts.port  # noqa: B018  (raises ValueError if the port is not one)
    except ValueError:
        return None
    if parts.path or parts.query or parts.fragment or parts.username is not None or not parts.hostname:
        return None
    return parts.hostname.rstrip(".")


def is_host_allowed(host_header: str, allowed_hosts: Iterable[str]) -> bool:
    """Tell whether a request's `Host` means this machine, or a name that the owner allowed."""
    name = host_name(host_header)
    if name is None:
        return False
    if name == "localhost" or name.endswith(".localhost") or name in {host.lower() for host in allowed_hosts}:
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def same_origin_only(request: Request) -> None:
    """Refuse a change that a page of another origin sends through the reader's browser.

    A program that is no browser sends neither header and passes.

    Raises:
        RequestRefusedError: 403.
    """
    origin = request.headers.get("origin")
    foreign = origin is not None and urlsplit(origin).netloc.lower() != request.headers.get("host", "").lower()
    if foreign or request.headers.get("sec-fetch-site") in {"cross-site", "same-site"}:
        raise RequestRefusedError(HTTPStatus.FORBIDDEN, "A page of another origin may not change anything here.")
