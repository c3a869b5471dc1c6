"""Facts: what the service's own offline data say of numbers, positions and regions.

Facts are looked up once, stored in the report with the version of their source, and
never looked up again for the same verdict. Countries are ISO 3166-1 alpha-3; Hong Kong,
Macau and Taiwan keep their own codes. Positions are WGS-84 degrees.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class FactSource:
    """The data set a fact came from."""

    name: str
    version: str


@dataclass(frozen=True, slots=True)
class Position:
    """A point on Earth, WGS-84 degrees."""

    latitude: float
    longitude: float


class LineType(StrEnum):
    """Kinds of telephone line, as the numbering plans tell them apart."""

    MOBILE = "mobile"
    FIXED_LINE = "fixed_line"
    FIXED_LINE_OR_MOBILE = "fixed_line_or_mobile"
    VOIP = "voip"
    PREMIUM_RATE = "premium_rate"
    TOLL_FREE = "toll_free"
    SHARED_COST = "shared_cost"
    PERSONAL_NUMBER = "personal_number"
    PAGER = "pager"
    UAN = "uan"
    VOICEMAIL = "voicemail"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class RegionFact:
    """An administrative region of mainland China.

    ``code`` is GB/T 2260, six digits; ``position`` a representative point or ``None``
    where the data hold none. ``radius_km`` is how far the region reaches from there.
    """

    code: str
    province: str
    city: str | None
    county: str | None
    position: Position | None
    radius_km: float
    sources: tuple[FactSource, ...]


@dataclass(frozen=True, slots=True)
class PhoneFact:
    """What the numbering plan says of a number. ``region_*`` is where it was first issued."""

    e164: str | None
    is_valid: bool
    line_type: LineType
    country: str | None
    region_zh: str | None
    region_en: str | None
    carrier: str | None
    time_zones: tuple[str, ...]
    position: Position | None
    radius_km: float
    sources: tuple[FactSource, ...]


@dataclass(frozen=True, slots=True)
class PositionFact:
    """What the maps say of a position. ``time_zone`` is an IANA name.

    ``other_utc_offsets_minutes`` are further offsets that people there live by: Xinjiang
    keeps Beijing time by law and its own by habit.
    """

    position: Position
    country: str | None
    time_zone: str | None
    utc_offset_minutes: int | None
    nearest_place: str | None
    province: str | None
    nearest_place_distance_km: float | None
    is_at_sea: bool
    sources: tuple[FactSource, ...]
    other_utc_offsets_minutes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """All facts of one verification; ``None`` where there was nothing to look up.

    Distances are geodesic kilometres between representative points, less the radius of
    the region or the accuracy of the position, never below zero.
    ``device_utc_offset_minutes`` is the offset of the device's claimed time zone at the
    time of the capture.
    """

    region: RegionFact | None = None
    phone: PhoneFact | None = None
    position: PositionFact | None = None
    distance_device_to_document_region_km: float | None = None
    distance_device_to_phone_region_km: float | None = None
    distance_document_region_to_phone_region_km: float | None = None
    device_utc_offset_minutes: int | None = None
