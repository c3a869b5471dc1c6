"""History: what the service itself saw earlier of the person, document, phone, device and face of an attempt.

Counted within one client's verifications, up to the time of the submission and without
this verification. Nothing here names anybody: identities are told apart by keyed digests.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from kyc_service.domain.facts import Position


class Subject(StrEnum):
    """By what an attempt is known again."""

    PERSON = "person"
    DOCUMENT = "document"
    PHONE = "phone"
    DEVICE = "device"
    FACE = "face"


WINDOWS: Final[tuple[tuple[str, timedelta], ...]] = (
    ("1h", timedelta(hours=1)),
    ("24h", timedelta(days=1)),
    ("30d", timedelta(days=30)),
)
"""The sliding windows that are counted, by the name their scores end in."""


@dataclass(frozen=True, slots=True)
class Count:
    """How often a subject was seen within one window, ``window`` by its name in :data:`WINDOWS`.

    ``attempts`` counts other verifications, ``identities`` the other identities in them.
    """

    subject: Subject
    window: str
    attempts: int
    identities: int


@dataclass(frozen=True, slots=True)
class EarlierPosition:
    """Where a subject of this attempt was at ``at`` (UTC-aware); ``accuracy_m`` is the radius."""

    subject: Subject
    position: Position
    accuracy_m: float
    at: datetime


@dataclass(frozen=True, slots=True)
class History:
    """Everything seen earlier.

    ``subjects`` are those of this attempt that could be looked for: of others nobody can
    say. ``phone_other_identities`` counts identities other than this one that ever came with
    the phone; ``person_had_other_phone`` says whether the person's last attempt came with
    another phone, likewise the device.
    """

    subjects: frozenset[Subject]
    counts: tuple[Count, ...] = ()
    positions: tuple[EarlierPosition, ...] = ()
    phone_other_identities: int = 0
    person_had_other_phone: bool = False
    person_had_other_device: bool = False


@dataclass(frozen=True, slots=True)
class PhonePossession:
    """That the applicant repeated a code sent to ``e164``, and when (UTC-aware)."""

    e164: str
    confirmed_at: datetime
