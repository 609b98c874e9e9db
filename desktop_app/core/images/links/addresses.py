"""Which network addresses are public.

A link may come from anywhere, and the computer that opens it can reach what its sender cannot: the router,
the printer, programs that listen on this computer, a cloud provider's metadata service.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

_NOT_PUBLIC_V4 = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # behind a carrier's address translation
        "127.0.0.0/8",  # loopback
        "169.254.0.0/16",  # link-local, metadata services among them
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # former 6to4 relays
        "192.168.0.0/16",  # private
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
)
"""The IANA IPv4 Special-Purpose Address Registry (RFC 6890 and later), and multicast."""

_GLOBAL_V6 = IPv6Network("2000::/3")
"""All that IANA has given out for global unicast; unique local, link-local and multicast lie outside."""

_NOT_PUBLIC_V6 = tuple(
    IPv6Network(text)
    for text in (
        "2001::/23",  # protocol assignments, Teredo among them
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: an IPv4 address inside
        "3fff::/20",  # documentation
    )
)
"""The special part of `_GLOBAL_V6` (IANA IPv6 Special-Purpose Address Registry)."""

_NAT64 = IPv6Network("64:ff9b::/96")
"""How an IPv6-only network writes an IPv4 address (RFC 6052)."""


def is_public(text: str) -> bool:
    """Whether an address belongs to the public internet.

    IPv6 forms that carry an IPv4 address (mapped, NAT64) are judged by it; 6to4 and Teredo are refused.

    Args:
        text: Numeric, as a resolver returns it; an IPv6 zone (``%eth0``) is allowed.

    Returns:
        False also for anything that is not an address.
    """
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, IPv6Address):
        inner = _inner_v4(address)
        if inner is None:
            return address in _GLOBAL_V6 and not any(address in network for network in _NOT_PUBLIC_V6)
        address = inner
    return not any(address in network for network in _NOT_PUBLIC_V4)


def _inner_v4(address: IPv6Address) -> IPv4Address | None:
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped
