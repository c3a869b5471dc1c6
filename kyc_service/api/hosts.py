"""The Host header: requests that were sent to another name than ours are not answered.

A page in a browser on this machine can let its own host name point to the loopback
address, and so read what the service answers; the name it was called by gives it away.
"""

from __future__ import annotations

from collections.abc import Collection

from kyc_service.errors import InvalidInput


class HostNotAllowed(InvalidInput):
    """The request was sent to a host name that is not answered here; KYC_ALLOWED_HOSTS names those that are."""

    code = "host_not_allowed"


def is_answered(hosts: list[str], allowed: Collection[str] | None) -> bool:
    """Whether a request whose Host headers are ``hosts`` names one of ``allowed`` (``None`` allows any).

    >>> is_answered(["localhost:8000"], {"localhost"}), is_answered(["evil.example"], {"localhost"})
    (True, False)
    >>> is_answered([], {"localhost"}), is_answered(["localhost", "evil.example"], {"localhost"})
    (False, False)
    """
    return allowed is None or (len(hosts) == 1 and name_of(hosts[0]) in allowed)


def name_of(host: str) -> str:
    """The host name of a Host header, in lower case and without the port.

    >>> [name_of(host) for host in ("LocalHost:8000", "[::1]:8000", "127.0.0.1", "[::1", ":80")]
    ['localhost', '[::1]', '127.0.0.1', '', '']
    """
    if host.startswith("["):
        address, closing, _ = host.partition("]")
        return (address + closing).lower() if closing else ""
    return host.partition(":")[0].lower()
