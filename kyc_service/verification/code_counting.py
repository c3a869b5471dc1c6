"""Counting codes before one more is sent: by number, verification, client and network address.

Every text message costs money, and every code is five more guesses: both are bounded
here. A refusal never says which count was full, since that of a number is made of
everybody's requests.
"""

from __future__ import annotations

import ipaddress
import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from kyc_service.errors import Unavailable
from kyc_service.notifications.code_limits import CodeLimits, Windows
from kyc_service.storage.keys import MasterKey
from kyc_service.storage.phone_codes import CountedBy, PhoneCodes
from kyc_service.storage.records import PhoneCodeRecord

# What one household or company gets of the new address space, and what one device changes at will.
_IPV6_NETWORK: Final = 64


class PhoneCodePaused(Unavailable):
    """Too many codes were asked for; wait before the next one."""

    code = "phone_code_paused"

    def __init__(self, retry_after_s: int) -> None:
        super().__init__()
        self.retry_after_s = retry_after_s


@dataclass(frozen=True, slots=True)
class Counted:
    """Whom a new code will be counted for."""

    verification_id: str
    phone: bytes
    client: str
    address: bytes | None


def check_not_too_many(
    codes: PhoneCodes, limits: CodeLimits, counted: Counted, now: datetime, master_key: MasterKey
) -> None:
    """Refuse a code too many. Until the transaction ends nobody else counts for the same number, client or address.

    Raises:
        PhoneCodePaused: and for how long.
    """
    names = [counted.phone, master_key.digest(f"phone_code|client|{counted.client}".encode())]
    codes.hold_count([*names, counted.address] if counted.address else names)
    until = max(_ends(codes, limits, counted), default=now)
    if until > now:
        raise PhoneCodePaused(math.ceil((until - now).total_seconds()))


def next_allowed(codes: PhoneCodes, limits: CodeLimits, record: PhoneCodeRecord) -> datetime:
    """From when on the verification may ask again, by its own codes alone: what others did is not told."""
    own = record.verification_id
    ends = [
        *_window_ends(codes, limits.per_number, CountedBy.NUMBER, record.phone, of=own),
        *_window_ends(codes, limits.per_verification, CountedBy.VERIFICATION, own, with_failed=True),
    ]
    return max(ends, default=record.created_at)


def address_digest(address: str | None, master_key: MasterKey) -> bytes | None:
    """The keyed digest an address is counted by; of IPv6, its network of 64 bits.

    >>> key = MasterKey(bytes(32))
    >>> address_digest("2001:db8::1", key) == address_digest("2001:db8::ffff", key)
    True
    >>> address_digest("::ffff:192.0.2.1", key) == address_digest("192.0.2.1", key)
    True
    >>> address_digest("1.2.3", key) is None
    True
    """
    try:
        known = ipaddress.ip_address(address or "")
    except ValueError:
        return None
    if isinstance(known, ipaddress.IPv6Address):
        mapped = known.ipv4_mapped
        text = str(mapped or ipaddress.IPv6Network((int(known), _IPV6_NETWORK), strict=False))
    else:
        text = str(known)
    return master_key.digest(f"phone_code|address|{text}".encode())


def _ends(codes: PhoneCodes, limits: CodeLimits, counted: Counted) -> Iterator[datetime]:
    yield from _window_ends(codes, limits.per_number, CountedBy.NUMBER, counted.phone)
    # A gateway that is down must not be hammered on anybody's behalf: here failures count.
    own = counted.verification_id
    yield from _window_ends(codes, limits.per_verification, CountedBy.VERIFICATION, own, with_failed=True)
    yield from _window_ends(codes, limits.per_client, CountedBy.CLIENT, counted.client, with_failed=True)
    if counted.address:
        yield from _window_ends(codes, limits.per_address, CountedBy.ADDRESS, counted.address, with_failed=True)


def _window_ends(
    codes: PhoneCodes,
    windows: Windows,
    by: CountedBy,
    value: str | bytes,
    *,
    of: str | None = None,
    with_failed: bool = False,
) -> Iterator[datetime]:
    """When the oldest code that fills a window will have left it."""
    for window in windows:
        oldest = codes.nth_latest(by, value, window.count, of=of, with_failed=with_failed)
        if oldest is not None:
            yield oldest + window.span
