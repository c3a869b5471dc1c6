"""Targets: addresses on the web that clients name, and where they may lead.

The name is resolved once; every address it has must be allowed; and the connection is
made to an address that was looked at, so that a name cannot be turned to the inside
between the check and the call (DNS rebinding).
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
import socket
from dataclasses import dataclass
from typing import Final

import httpx

from kyc_service.errors import InvalidInput
from kyc_service.outbound.addresses import Address, is_inside, is_public
from kyc_service.outbound.bounded import run_bounded
from kyc_service.outbound.failures import HostUnknown

PUBLIC_PORTS: Final = frozenset({443, 8443})
MOST_URL_CHARACTERS: Final = 2048
_VISIBLE: Final = re.compile(r"[\x21-\x7e]+")
_NAME: Final = re.compile(
    r"(?=.{1,253}\Z)[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*"
)
# What resolvers read as a number, though it is written as a name: 2130706433, 0x7f.1, 0177.0.0.1.
_NUMBER: Final = re.compile(r"(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)")
_DEFAULT_PORTS: Final = {"https": 443, "http": 80}


class UrlNotAllowed(InvalidInput):
    """The address may not be called: https on port 443 or 8443 of a host on the internet, without credentials."""

    code = "webhook_url_not_allowed"


@dataclass(frozen=True, slots=True)
class Target:
    """An address in its parts. ``host`` is a name or a written-out number, in ASCII; ``path`` has the query."""

    scheme: str
    host: str
    port: int
    path: bytes

    @property
    def authority(self) -> str:
        """What the Host header says."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if _DEFAULT_PORTS[self.scheme] == self.port else f"{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Targets:
    """What may be called. ``to_private_addresses`` lets in this machine and private networks, to try things out."""

    to_private_addresses: bool = False
    resolve_timeout_s: float = 5.0

    def check(self, url: str) -> None:
        """See that ``url`` may be called, as far as that can be known now.

        Raises:
            UrlNotAllowed: it may not, or its host has no address.
        """
        try:
            run_bounded(self._checked(url))
        except HostUnknown as cause:
            raise UrlNotAllowed("The host has no address that could be found.") from cause

    async def resolve(self, target: Target) -> tuple[Address, ...]:
        """Every address of ``target``, each of them allowed.

        Raises:
            UrlNotAllowed: at least one is not.
            HostUnknown: there is none.
        """
        addresses = await _addresses_of(target)
        if not all(self._may_be(target, address) for address in addresses):
            raise UrlNotAllowed(_NOT_PUBLIC)
        return addresses

    def read(self, url: str) -> Target:
        """The parts of ``url``, if it has a form that may be called.

        Raises:
            UrlNotAllowed: it has not.

        >>> Targets().read("https://bank.example/kyc?key=1")
        Target(scheme='https', host='bank.example', port=443, path=b'/kyc?key=1')
        >>> Targets().read("https://2130706433/")
        Traceback (most recent call last):
        kyc_service.outbound.targets.UrlNotAllowed: The host must be a full name or an address as it is usually written.
        """
        target = _parts_of(url)
        if target.scheme != "https" and not (self.to_private_addresses and target.scheme == "http"):
            raise UrlNotAllowed("The address must begin with https://.")
        if target.port not in PUBLIC_PORTS and not self.to_private_addresses:
            raise UrlNotAllowed(f"The port must be one of {', '.join(map(str, sorted(PUBLIC_PORTS)))}.")
        return target

    async def _checked(self, url: str) -> None:
        target = self.read(url)
        try:
            async with asyncio.timeout(self.resolve_timeout_s):
                await self.resolve(target)
        except TimeoutError as cause:
            raise HostUnknown from cause

    def _may_be(self, target: Target, address: Address) -> bool:
        if target.scheme == "http":
            return self.to_private_addresses and address.is_loopback
        if is_public(address):
            return target.port in PUBLIC_PORTS
        return self.to_private_addresses and is_inside(address)


PUBLIC_TARGETS: Final = Targets()
_NOT_PUBLIC: Final = "The host must have addresses on the internet only."


def _parts_of(url: str) -> Target:
    if len(url) > MOST_URL_CHARACTERS or not _VISIBLE.fullmatch(url) or "\\" in url:
        raise UrlNotAllowed(
            "The address must be visible ASCII, 2048 characters at most; names as xn--..., the rest as %.."
        )
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, UnicodeError, ValueError) as cause:
        raise UrlNotAllowed("This is no address.") from cause
    if parsed.userinfo or "@" in _authority(url) or "#" in url:
        raise UrlNotAllowed("The address must have neither credentials nor a fragment.")
    # As it is sent: the library shows names in their national letters otherwise.
    host = parsed.raw_host.decode("ascii")
    if parsed.scheme not in _DEFAULT_PORTS or not _is_host(host):
        raise UrlNotAllowed("The host must be a full name or an address as it is usually written.")
    return Target(parsed.scheme, host, parsed.port or _DEFAULT_PORTS[parsed.scheme], parsed.raw_path)


def _authority(url: str) -> str:
    return re.split("[/?#]", url.partition("://")[2], maxsplit=1)[0]


def _is_host(host: str) -> bool:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return _NAME.fullmatch(host) is not None and _NUMBER.fullmatch(host) is None
    return isinstance(address, ipaddress.IPv4Address) or address.scope_id is None


async def _addresses_of(target: Target) -> tuple[Address, ...]:
    try:
        return (ipaddress.ip_address(target.host),)
    except ValueError:
        pass
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        found = []
    if not found:
        raise HostUnknown
    return tuple(dict.fromkeys(ipaddress.ip_address(address[0]) for *_, address in found))
