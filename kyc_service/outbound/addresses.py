"""Addresses: which of them are out on the internet, and which are this machine, its neighbours or its cloud.

An address given by a client must not lead the service to where the client could not go
itself. The tables are those of special-purpose addresses, whatever the version of Python
makes of them.

Source: https://www.iana.org/assignments/iana-ipv4-special-registry and
https://www.iana.org/assignments/iana-ipv6-special-registry.
Limit: a translation prefix of the operator's own network (NAT64) cannot be known here.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Final

Address = IPv4Address | IPv6Address

_SPECIAL_V4: Final = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
        # Public by the registry, but the inside of one large cloud.
        "168.63.129.16/32",
    )
)
_UNICAST_V6: Final = IPv6Network("2000::/3")
"""All that is assigned for global unicast: mapped, translated, local and multicast forms lie outside."""
_SPECIAL_V6: Final = tuple(
    IPv6Network(text) for text in ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20")
)
_INSIDE_V4: Final = tuple(
    IPv4Network(text) for text in ("10.0.0.0/8", "127.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")
)
_INSIDE_V6: Final = (IPv6Network("::1/128"), IPv6Network("fc00::/7"))
# Clouds answer with credentials here.
_METADATA_V6: Final = (IPv6Network("fd00:ec2::/32"), IPv6Network("fd20:ce::/32"))


def is_public(address: Address) -> bool:
    """Whether ``address`` is one of the internet's, of one single machine.

    >>> from ipaddress import ip_address
    >>> [is_public(ip_address(text)) for text in ("8.8.8.8", "2606:4700::1111")]
    [True, True]
    >>> [is_public(ip_address(text)) for text in ("169.254.169.254", "::ffff:8.8.8.8", "64:ff9b::808:808", "::1")]
    [False, False, False, False]
    """
    if isinstance(address, IPv4Address):
        return address.is_global and not any(address in network for network in _SPECIAL_V4)
    is_unicast = address in _UNICAST_V6 and address.scope_id is None and address.is_global
    return is_unicast and not any(address in network for network in _SPECIAL_V6)


def is_inside(address: Address) -> bool:
    """Whether ``address`` is this machine or a private network, and no place where a cloud gives out credentials.

    >>> from ipaddress import ip_address
    >>> [is_inside(ip_address(text)) for text in ("10.1.2.3", "fd12::1", "169.254.169.254", "fd00:ec2::254")]
    [True, True, False, False]
    """
    if isinstance(address, IPv4Address):
        return any(address in network for network in _INSIDE_V4)
    if address.scope_id is not None or any(address in network for network in _METADATA_V6):
        return False
    return any(address in network for network in _INSIDE_V6)
