"""People whom a proxy in front of the server has signed in: it says so in a header, and only it is believed."""

import ipaddress
from collections.abc import Sequence

from starlette.datastructures import Headers

from api.auth.people import person
from api.auth.principal import Principal, Way
from api.auth.readers import Readers
from rag.errors import AccessError, SettingsError

MOST_NAME = 500


class TrustedProxy:
    """Believes headers that come from the proxy's own addresses.

    Args:
        addresses: Of the proxy, or networks of it.
        user_header: Holds who it is.
        groups_header: Holds the groups, separated by commas.
        readers: The owner's list.

    Raises:
        SettingsError: An address is none.
    """

    def __init__(self, addresses: Sequence[str], *, user_header: str, groups_header: str, readers: Readers) -> None:
        try:
            self._networks = [ipaddress.ip_network(address) for address in addresses]
        except ValueError as error:
            raise SettingsError(f"TURNWISE_PROXY_ADDRESSES: {error}. As 10.0.0.7 or 10.0.0.0/24.") from error
        self._user_header = user_header
        self._groups_header = groups_header
        self._readers = readers

    def principal(self, headers: Headers, peer: str) -> Principal | None:
        """Return whom the proxy names; None where it names nobody, or where the request is not from it.

        Raises:
            AccessError: It names two: one of them may be the client's own header, passed on.
        """
        if not self._is_proxy(peer):
            return None
        users, groups = headers.getlist(self._user_header), headers.getlist(self._groups_header)
        if len(users) > 1 or len(groups) > 1:
            raise AccessError("The proxy's header is there twice: the proxy has to replace what clients send.")
        if not users or not users[0].strip() or len(users[0]) > MOST_NAME:
            return None
        user = users[0].strip()
        listed = frozenset(name.strip() for name in (groups[0] if groups else "").split(",") if name.strip())
        return person(f"proxy:{user}", name=user, groups=listed, way=Way.PROXY, readers=self._readers)

    def _is_proxy(self, peer: str) -> bool:
        try:
            address = ipaddress.ip_address(peer.partition("%")[0])
        except ValueError:
            return False
        mapped = getattr(address, "ipv4_mapped", None)
        return any((mapped or address) in network for network in self._networks)
