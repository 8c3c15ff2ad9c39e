"""Which addresses are of the public Internet, in every form that an address of a private network can take."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import ReadError
from rag.sources.addresses import is_public, resolve

PRIVATE = (
    "0.0.0.0 0.1.2.3 10.0.0.1 100.64.0.1 100.100.100.200 127.0.0.1 127.255.255.254 168.63.129.16 169.254.169.254 "
    "172.16.0.1 192.0.0.192 192.168.1.1 198.18.0.1 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255 "
    ":: ::1 ::7f00:1 ::ffff:127.0.0.1 ::ffff:a9fe:a9fe fe80::1 fe80::1%eth0 fc00::1 fd00:ec2::254 ff02::1 "
    "2002:7f00:1:: 64:ff9b::7f00:1 64:ff9b::a9fe:a9fe 2001:db8::1"
).split()
PUBLIC = ["1.1.1.1", "9.9.9.9", "2606:4700:4700::1111", "64:ff9b::101:101"]


@pytest.mark.parametrize("address", PRIVATE)
def test_addresses_of_this_machine_its_network_and_its_cloud_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_addresses_of_the_internet_are_public(address: str) -> None:
    assert is_public(address)


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_inside_an_ipv6_one_is_as_private_as_alone(address: ipaddress.IPv4Address) -> None:
    if not is_public(str(address)):
        number = int(address)
        for carrier in (0, 0xFFFF << 32, int(ipaddress.IPv6Address("64:ff9b::"))):
            assert not is_public(str(ipaddress.IPv6Address(carrier | number)))
        assert not is_public(str(ipaddress.IPv6Address((0x2002 << 112) | (number << 80))))


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "2130706433", "0x7f000001", "127.1", "::1", "0"])
def test_a_host_that_leads_to_this_machine_is_refused_however_it_is_written(host: str) -> None:
    with pytest.raises(ReadError, match="--allow-private"):
        resolve(host, 80, allow_private=False)
    assert resolve(host, 80, allow_private=True)
