"""Addresses that settings hold: each is returned as it is used, or refused with a ValueError that shows its form."""

import ipaddress
import re
from urllib.parse import urlsplit

ANY_HOST = "*"
_HOST_NAME = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?")
"""As a `Host` header has it: other alphabets are written in ASCII there (`xn--`)."""


def plain_http_address(address: str) -> str:
    """Return an address of HTTP without a slash at its end."""
    try:
        parts = urlsplit(address)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or parts.query or parts.fragment:
        raise ValueError("an address is expected that starts with http:// or https://, as http://127.0.0.1:11434/v1")
    if "@" in parts.netloc:
        # An address is shown and logged; a secret is neither.
        raise ValueError("an address without a name and password is expected; a key goes into TURNWISE_LLM_API_KEY")
    return address.rstrip("/")


def issuer(address: str) -> str:
    """Return the address of an issuer as it is."""
    parts = urlsplit(plain_http_address(address))
    if parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "::1", "localhost"):
        raise ValueError("an issuer is reached by https://, or it is on this machine")
    return address


def database_address(address: str) -> str:
    """Return the address of a PostgreSQL as it is."""
    scheme, _, rest = address.partition("://")
    if scheme not in ("postgresql", "postgres") or not rest:
        raise ValueError("an address is expected that starts with postgresql://, as postgresql://user@host/database")
    return address


def host(name: str) -> str:
    """Return the name of a host, or `*`, as it is."""
    try:
        usable = name == ANY_HOST or bool(_HOST_NAME.fullmatch(name) or ipaddress.ip_address(name))
    except ValueError:
        usable = False
    if not usable:
        raise ValueError(f"{name!r} is no name of a host: it has neither http:// nor a port, as ask.example.org")
    return name


def origin(address: str) -> str:
    """Return an origin as browsers write it."""
    try:
        parts = urlsplit(plain_http_address(address))
        written = f"{parts.scheme}://{parts.netloc}".lower()
        usable = not parts.path and host(parts.hostname or "") != ANY_HOST
    except ValueError:
        usable = False
    if not usable:
        raise ValueError(f"{address!r} is no origin, as https://intranet.example.org")
    return written


def network(address: str) -> str:
    """Return an address or a network as it is."""
    try:
        ipaddress.ip_network(address)
    except ValueError as error:
        raise ValueError(f"{error}; one is expected as 10.0.0.7 or 10.0.0.0/24") from None
    return address
