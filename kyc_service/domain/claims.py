"""Claims: what is said about the applicant, before anything was looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final


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


class Datum(StrEnum):
    """What degrees are measured against. Maps of mainland China shift what they show by up to 700 m."""

    WGS84 = "wgs84"
    GCJ02 = "gcj02"
    BD09 = "bd09"


@dataclass(frozen=True, slots=True)
class DeviceLocation:
    """A position the device reported.

    ``latitude`` and ``longitude`` are degrees of ``datum``, ``accuracy_m`` the radius in
    metres the device gave for it, ``captured_at`` a UTC-aware time. Any of these two may
    be unknown. Values are as sent: plausibility is a check, not a type.
    """

    latitude: float
    longitude: float
    accuracy_m: float | None = None
    captured_at: datetime | None = None
    datum: Datum = Datum.WGS84


@dataclass(frozen=True, slots=True)
class Device:
    """What the applicant's device says of itself.

    ``timezone`` is an IANA name, ``clock`` what its clock showed when it sent this
    (aware, with the offset it kept).
    """

    id: str | None = None
    timezone: str | None = None
    locale: str | None = None
    clock: datetime | None = None


_NO_SOURCES: Final[Mapping[str, ClaimSource]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Claims:
    """Everything claimed; all of it optional.

    ``issuing_country`` is ISO 3166-1 alpha-3, ``phone_number`` as typed (E.164 wanted).
    ``phone_confirmed_at`` is when the client itself last saw that the applicant holds the
    number. ``received_at`` is the service's own time at which the claims came. ``source``
    is who said all this, ``sources`` who said single claims, by the claim's name.
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
    phone_confirmed_at: datetime | None = None
    received_at: datetime | None = None
    source: ClaimSource = ClaimSource.APPLICANT
    sources: Mapping[str, ClaimSource] = field(default_factory=lambda: _NO_SOURCES)

    def source_of(self, claim: str) -> ClaimSource:
        """Who said the claim of that name.

        >>> Claims(sources={"phone_number": ClaimSource.CLIENT}).source_of("phone_number")
        <ClaimSource.CLIENT: 'client'>
        """
        return self.sources.get(claim, self.source)
