"""What keeps a server without authentication private to its machine, and its pages free of foreign code.

Without authentication the server listens on loopback only, unless told otherwise in plain words. A web page elsewhere
could still reach it through the reader's own browser: by a name that it points at 127.0.0.1 (DNS rebinding; stopped by
checking `Host`), or by sending a form or an upload across origins (stopped by checking `Origin` on whatever changes
something).
"""

import ipaddress
import socket
from collections.abc import Iterable
from http import HTTPStatus
from urllib.parse import urlsplit

from fastapi import Request
from starlette.datastructures import Headers

from api.auth.principal import CARRIED_BY_BROWSERS, caller
from api.problems import RequestRefusedError
from rag.errors import InputError
from rag.settings import Settings

PAGE_POLICY = "default-src 'self'; base-uri 'none'; frame-ancestors 'self'; form-action 'self'; object-src 'none'"
DOCS_POLICY = f"{PAGE_POLICY}; img-src 'self' data:"
"""Swagger UI's stylesheet holds its icons as `data:` URLs; everything else it needs comes from this server."""

SECURITY_HEADERS = {
    "Content-Security-Policy": PAGE_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
FOR_OTHER_SITES = "/widget.js"
"""What pages of other sites load; nothing else may be, but by pages of an allowed origin that ask as CORS has it."""
HTTPS_ONLY = ("Strict-Transport-Security", "max-age=31536000")
"""Said where browsers reach the server by HTTPS (RFC 6797)."""
ANY_HOST = "*"
INSECURE_OPTION = "--insecure-listen-without-authentication"


def is_loopback(host: str) -> bool:
    """Say whether only this machine reaches an address.

    Raises:
        InputError: The host does not resolve.
    """
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise InputError(f"--host {host}: no such host ({error}). The default is 127.0.0.1.") from error
    return all(ipaddress.ip_address(str(entry[4][0]).partition("%")[0]).is_loopback for entry in found)


def check_listening(host: str, *, is_authentication_on: bool, is_insecure_meant: bool) -> None:
    """Refuse to listen where other machines could connect and nobody is asked who they are.

    Raises:
        InputError: That is what was asked for, or the host does not resolve.
    """
    if not is_loopback(host) and not is_authentication_on and not is_insecure_meant:
        raise InputError(
            f"--host {host}: refused. Other machines could connect, and nobody is asked who they are. Make a key "
            f"(`turnwise keys create --name NAME`), or set up sign-in (docs/security.md), or say {INSECURE_OPTION}."
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


def hosts_of(settings: Settings) -> tuple[str, ...]:
    """Return the names beside loopback under which the owner lets a server be addressed."""
    public = urlsplit(settings.public_url or "").hostname
    return (*settings.allowed_hosts, *([public] if public else []))


def hosts_when_listening(host: str, settings: Settings) -> tuple[str, ...]:
    """Return the names beside loopback for a server on an address; beyond loopback any, if the owner lists none.

    Where callers have to say who they are, a page that reaches the server by a name of its own gains nothing.
    """
    return () if is_loopback(host) or hosts_of(settings) else (ANY_HOST,)


def is_host_allowed(host_header: str, allowed_hosts: Iterable[str]) -> bool:
    """Tell whether a request's `Host` means this machine, or a name that the owner allowed."""
    name = host_name(host_header)
    if name is None:
        return False
    if ANY_HOST in allowed_hosts:
        return True
    if name == "localhost" or name.endswith(".localhost") or name in {host.lower() for host in allowed_hosts}:
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def same_origin_only(request: Request) -> None:
    """Refuse a change that a page of another origin sends through the reader's browser.

    A program that is no browser sends neither header and passes; so does whoever shows a key or a token, which no
    browser adds by itself.

    Raises:
        RequestRefusedError: 403.
    """
    by_browser = caller(request).way in CARRIED_BY_BROWSERS
    if by_browser and not is_same_origin(request.headers, public_url=request.app.state.public_url):
        raise RequestRefusedError(HTTPStatus.FORBIDDEN, "A page of another origin may not change anything here.")


def is_same_origin(headers: Headers, *, public_url: str | None = None, strict: bool = False) -> bool:
    """Say whether a request comes from a page of this server, or from no page at all.

    Args:
        headers: Of the request.
        public_url: By what address browsers know the server, where a proxy stands before it.
        strict: Whether it has to come from a page of this server: what carries a session comes from a browser.
    """
    origin, site = headers.get("origin"), headers.get("sec-fetch-site")
    if site in {"cross-site", "same-site"}:
        return False
    if origin is None:
        return site == "same-origin" or not strict
    own = {headers.get("host", "").lower(), urlsplit(public_url or "").netloc.lower()} - {""}
    try:
        return urlsplit(origin).netloc.lower() in own
    except ValueError:
        return False
