"""Lock-out: who failed too many liveness attempts within a few minutes has to wait.

Counted by subject: the number, the phone, the device, each as a keyed digest; and by
face, by comparing. Source: 5 failures in 3 minutes, the guidance of AWS for face liveness.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from kyc_service.domain.claims import Claims
from kyc_service.errors import Unavailable
from kyc_service.storage.database import Transaction
from kyc_service.storage.keys import MasterKey
from kyc_service.storage.records import LivenessFailureRecord

FAILURES: Final = 5
DRAWS: Final = 6
"""Challenges that one verification may draw within the same time."""
WITHIN: Final = timedelta(minutes=3)

_CN_MOBILE_DIGITS: Final = 11
_CN_CODE: Final = "86"


class LivenessPaused(Unavailable):
    """Too many liveness attempts failed, or challenges were drawn, within a few minutes; wait before the next one."""

    code = "liveness_paused"

    def __init__(self, retry_after_s: int) -> None:
        super().__init__()
        self.retry_after_s = retry_after_s


def subjects_of(claims: Claims, numbers: Iterable[str], master_key: MasterKey) -> frozenset[bytes]:
    """Keyed digests of everyone an attempt may be counted for: claimed and read numbers, phone, device."""
    said = [("number", compact_number(number)) for number in (claims.id_number, *numbers) if number]
    if claims.phone_number:
        said.append(("phone", compact_phone(claims.phone_number)))
    if claims.device and claims.device.id:
        said.append(("device", claims.device.id))
    return frozenset(master_key.digest(f"{kind}|{text}".encode()) for kind, text in said if text)


def compact_number(number: str) -> str:
    """A document's number without spaces and hyphens, in capitals.

    >>> compact_number("11010519491231002x"), compact_number("G 1234-5678")
    ('11010519491231002X', 'G12345678')
    """
    return re.sub(r"[\s-]", "", number).upper()


def compact_phone(text: str) -> str:
    """The digits of a phone number, with the country's code where a mainland mobile number lacks it.

    >>> compact_phone("139 1234-5678"), compact_phone("0044 20 7946 0958")
    ('8613912345678', '442079460958')
    """
    digits = re.sub(r"\D", "", text).removeprefix("00")
    return _CN_CODE + digits if len(digits) == _CN_MOBILE_DIGITS and digits.startswith("1") else digits


def check_not_paused(tx: Transaction, subjects: frozenset[bytes], now: datetime) -> None:
    """Refuse a new attempt of any subject that is to wait.

    Raises:
        LivenessPaused: and for how long.
    """
    until = paused_until(tx, subjects, now)
    if until is not None:
        raise LivenessPaused(max(1, round((until - now).total_seconds())))


def check_draws(drawn: Sequence[datetime], now: datetime) -> None:
    """Refuse to draw on until the one asked is the one that was recorded; ``drawn``: when within the last minutes.

    Raises:
        LivenessPaused: and for how long.
    """
    if len(drawn) >= DRAWS:
        raise LivenessPaused(max(1, round((drawn[-DRAWS] + WITHIN - now).total_seconds())))


def paused_until(tx: Transaction, subjects: frozenset[bytes], now: datetime) -> datetime | None:
    """When the last of ``subjects`` may try again; ``None`` where none has to wait."""
    failed = tx.liveness_failures.times(subjects, now - WITHIN)
    ends = [times[-FAILURES] + WITHIN for times in failed.values() if len(times) >= FAILURES]
    return max(ends, default=None)


def note_failure(tx: Transaction, verification_id: str, attempt: int, subjects: frozenset[bytes], at: datetime) -> None:
    """Write down that an attempt failed, for each of its subjects."""
    for subject in sorted(subjects):
        tx.liveness_failures.add(LivenessFailureRecord(verification_id, attempt, subject, at))
