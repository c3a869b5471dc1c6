"""The sockets the service will listen on: taken before anything is loaded, so that a port in use is known at once."""

from __future__ import annotations

import errno
import socket
from contextlib import ExitStack
from typing import Final

from kyc_service.errors import Unavailable

_SAID: Final = {
    errno.EADDRINUSE: "another process listens there; end it, or name another port with --port or KYC_PORT",
    errno.EACCES: "this user may not listen there; name a port above 1023 with --port or KYC_PORT",
    errno.EADDRNOTAVAIL: "this machine does not have that address; name another with --host or KYC_HOST",
}


class AddressUnusable(Unavailable):
    """The service cannot listen on the address it was given."""

    code = "address_unusable"


def bound_sockets(host: str, port: int) -> list[socket.socket]:
    """A bound socket for every address of ``host`` that this machine has; they do not listen yet.

    Raises:
        AddressUnusable: the host has no address, or one of its addresses cannot be taken.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except OSError as error:
        raise AddressUnusable(f"{host} is no address to listen on: {error.strerror}.") from error
    sockets: list[socket.socket] = []
    refused: OSError | None = None
    with ExitStack() as undone:
        for family, kind, protocol, _, address in dict.fromkeys(found):
            try:
                sockets.append(undone.enter_context(_bound(family, kind, protocol, address)))
            except OSError as error:
                refused = error
                # "localhost" may have an address of a family that this machine does without.
                if error.errno not in {errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT}:
                    break
        else:
            if sockets:
                undone.pop_all()
                return sockets
    raise AddressUnusable(_told(host, port, refused)) from refused


def _bound(family: int, kind: int, protocol: int, address: tuple[object, ...]) -> socket.socket:
    with ExitStack() as undone:
        taken = undone.enter_context(socket.socket(family, kind, protocol))
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            taken.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        taken.bind(address)
        undone.pop_all()
    return taken


def _told(host: str, port: int, refused: OSError | None) -> str:
    why = "" if refused is None else _SAID.get(refused.errno or 0, str(refused.strerror))
    return f"Cannot listen on {host} port {port}: {why}."
