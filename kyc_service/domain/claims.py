"""Claims: what is said about the applicant, before anything was looked at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class DocumentType(StrEnum):
    """Kinds of identity document."""

    CN_RESIDENT_IDENTITY_CARD = "cn_resident_identity_card"
    PASSPORT = "passport"
    IDENTITY_CARD = "identity_card"
    VISA = "visa"
    DRIVING_LICENCE = "driving_licence"
    CN_FOREIGN_PERMANENT_RESIDENT_CARD = "cn_foreign_permanent_resident_card"


class ClaimSource(StrEnum):
    """Who said it: what the applicant's own browser says weighs less than what the bank knows."""

    APPLICANT = "applicant"
    CLIENT = "client"
    OBSERVED = "observed"


@dataclass(frozen=True, slots=True)
class DeviceLocation:
    """A position the device reported.

    ``latitude`` and ``longitude`` are WGS-84 degrees, ``accuracy_m`` the radius in
    metres the device gave for it, ``captured_at`` a UTC-aware time. Any of the last
    two may be unknown. Values are as sent: plausibility is a check, not a type.
    """

    latitude: float
    longitude: float
    accuracy_m: float | None = None
    captured_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Device:
    """What the applicant's device says of itself. ``timezone`` is an IANA name."""

    id: str | None = None
    timezone: str | None = None
    locale: str | None = None


@dataclass(frozen=True, slots=True)
class Claims:
    """Everything claimed; all of it optional.

    ``issuing_country`` is ISO 3166-1 alpha-3, ``phone_number`` as typed (E.164 wanted).
    """

    full_name: str | None = None
    date_of_birth: date | None = None
    id_number: str | None = None
    document_type: DocumentType | None = None
    issuing_country: str | None = None
    phone_number: str | None = None
    address: str | None = None
    device_location: DeviceLocation | None = None
    ip_address: str | None = None
    device: Device | None = None
    source: ClaimSource = ClaimSource.APPLICANT
