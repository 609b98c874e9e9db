import ipaddress
import random
from pathlib import Path

import pytest

from desktop_app.core.images.links import addresses
from desktop_app.core.images.links.addresses import is_public

PUBLIC = ["93.184.216.34", "8.8.8.8", "172.15.255.255", "172.32.0.0", "100.63.255.255", "223.255.255.255"]
PUBLIC_V6 = ["2606:2800:220:1:248:1893:25c8:1946", "2001:4860:4860::8888", "2a00::1", "64:ff9b::5db8:d822"]

PRIVATE = Path(__file__).with_name("private_addresses.txt").read_text("ascii").split()


@pytest.mark.parametrize("address", PUBLIC + PUBLIC_V6)
def test_public_addresses(address):
    assert is_public(address)


@pytest.mark.parametrize("address", PRIVATE)
def test_all_others(address):
    assert not is_public(address)


NO_ADDRESSES = ["", "%", "localhost", "1.2.3", "1.2.3.4.5", "0x7f.1", "2130706433", "1.2.3.4:80"]


@pytest.mark.parametrize("text", NO_ADDRESSES)
def test_what_is_no_address_is_not_public(text):
    assert not is_public(text)


@pytest.mark.parametrize("network", addresses._NOT_PUBLIC_V4, ids=str)
def test_every_private_ipv4_network_in_every_ipv6_form(network):
    dice = random.Random(str(network))
    for _ in range(20):
        inner = ipaddress.IPv4Address(int(network[0]) + dice.randrange(network.num_addresses))
        assert not is_public(str(inner))
        assert not is_public(f"::ffff:{inner}")
        assert not is_public(f"64:ff9b::{inner}")
        assert not is_public(str(ipaddress.IPv6Address((0x2002 << 112) | (int(inner) << 80))))


def test_it_never_calls_public_what_the_standard_library_calls_private():
    dice = random.Random(1)
    for _ in range(3000):
        address = ipaddress.ip_address(dice.getrandbits(32))
        assert not (is_public(str(address)) and (address.is_private or address.is_multicast))
        address = ipaddress.IPv6Address(dice.getrandbits(128))
        assert not (is_public(str(address)) and (address.is_private or address.is_multicast))
