"""Which network addresses may be fetched from: without leave, only those of the public Internet.

A page or a feed may name or redirect to any host, and a name may lead to this machine, its network or a cloud's
metadata service ("server-side request forgery", OWASP). So the name is resolved once, each address is checked, and the
connection is made to an address that was checked.
"""

import ipaddress
import socket

from rag.errors import ReadError

_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")
"""IPv4 addresses behind NAT64 (RFC 6052)."""
_NOT_PUBLIC = (ipaddress.ip_network("192.0.0.0/24"), ipaddress.ip_network("168.63.129.16/32"))
"""Not public, though Python's tables may say so: protocol assignments (RFC 6890), one of which is a cloud's metadata
service, and Azure's platform address."""

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def resolve(host: str, port: int, *, allow_private: bool) -> list[str]:
    """Return the addresses of a host that may be connected to, in the system's order.

    Args:
        host: A name or an address.
        port: Where to.
        allow_private: Whether addresses of private networks may be connected to as well.

    Raises:
        ReadError: It has none.
        OSError: The name can't be resolved.
    """
    try:
        answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:
        raise ReadError(f"{host!r} is not the name of a host") from error
    found = list(dict.fromkeys(str(answer[4][0]) for answer in answers))
    allowed = [address for address in found if allow_private or is_public(address)]
    if not allowed:
        raise ReadError(
            f"{host} leads to {', '.join(found)}, which is not on the public Internet; "
            "if you trust it, add --allow-private"
        )
    return allowed


def is_public(address: str) -> bool:
    """Say whether an address is one of the public Internet, and what it carries inside it is too."""
    parsed: Address = ipaddress.ip_address(address.partition("%")[0])
    if parsed in _TRANSLATED:
        return is_public(str(ipaddress.IPv4Address(int(parsed) & 0xFFFFFFFF)))
    return all(
        one.is_global
        and not (one.is_multicast or one.is_reserved)
        and not any(one in network for network in _NOT_PUBLIC)
        for one in (parsed, *_carried(parsed))
    )


def _carried(address: Address) -> list[Address]:
    """Return the IPv4 addresses that an IPv6 address stands for: mapped, compatible, 6to4, Teredo."""
    if isinstance(address, ipaddress.IPv4Address):
        return []
    carried: list[Address] = [one for one in (address.ipv4_mapped, address.sixtofour) if one is not None]
    carried.extend(address.teredo or ())
    if int(address) >> 32 == 0:
        carried.append(ipaddress.IPv4Address(int(address)))
    return carried
