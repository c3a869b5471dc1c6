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

    ``code`` is GB/T 2260, six digits, perhaps abolished; ``current_code`` is where it lies
    today (two, four or six digits that are in force, filled with zeros). ``position`` is a
    representative point or ``None`` where the data hold none, ``radius_km`` how far the
    region reaches from there. Names are Chinese, ``*_en`` those of maps in English.
    """

    code: str
    province: str
    city: str | None
    county: str | None
    position: Position | None
    radius_km: float
    sources: tuple[FactSource, ...]
    current_code: str | None = None
    province_en: str | None = None
    city_en: str | None = None


@dataclass(frozen=True, slots=True)
class PhoneFact:
    """What the numbering plan says of a number.

    ``region_*`` is where it was first issued, in the plan's own words; ``region`` the same
    as an administrative region, by the names that documents use. Ported numbers keep both.
    """

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
    region: RegionFact | None = None


@dataclass(frozen=True, slots=True)
class PositionFact:
    """What the maps say of a position, which is WGS-84 whatever datum it was sent in.

    ``time_zone`` is an IANA name. ``other_utc_offsets_minutes`` are further offsets that
    people there live by: Xinjiang keeps Beijing time by law and its own by habit.
    ``countries_in_reach`` are other countries that the accuracy radius (or the shift of
    Chinese maps) touches, ``utc_offsets_in_reach_minutes`` the offsets kept there.
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
    province_code: str | None = None
    countries_in_reach: tuple[str, ...] = ()
    utc_offsets_in_reach_minutes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class AddressFact:
    """An address in words as an administrative region.

    ``text`` is what was resolved, ``region`` the smallest division of mainland China it
    names, ``None`` where it names none. ``position`` and ``radius_km`` are the region's, or
    those of a geocoder where the operator runs one.
    """

    text: str
    region: RegionFact | None
    position: Position | None
    radius_km: float
    sources: tuple[FactSource, ...]


@dataclass(frozen=True, slots=True)
class IpFact:
    """What the operator's own address database says. ``radius_km`` is its stated accuracy."""

    country: str | None
    place: str | None
    position: Position | None
    radius_km: float
    sources: tuple[FactSource, ...]


@dataclass(frozen=True, slots=True)
class NameFact:
    """The spellings a claimed or printed name may have, from conversion tables.

    ``simplified`` is the name in the simplified characters of the mainland, ``romanised``
    every way its characters may be read in pinyin (capitals, ``SURNAME GIVEN``, syllables
    joined; several where a character has several readings).
    """

    text: str
    simplified: str
    romanised: tuple[str, ...]
    sources: tuple[FactSource, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """All facts of one verification; ``None`` where there was nothing to look up.

    Distances are geodesic kilometres between representative points, less the radius of
    the region or the accuracy of the position, never below zero.
    ``device_utc_offset_minutes`` is the offset of the device's claimed time zone at the
    time of the capture. ``photo`` is where the selfie or document picture says it was
    taken; its metadata are the sender's own word. ``looks_like_gcj02`` says that a position
    sent as WGS-84 agrees with the rest only once the shift of Chinese maps is taken off.
    """

    region: RegionFact | None = None
    phone: PhoneFact | None = None
    position: PositionFact | None = None
    distance_device_to_document_region_km: float | None = None
    distance_device_to_phone_region_km: float | None = None
    distance_document_region_to_phone_region_km: float | None = None
    device_utc_offset_minutes: int | None = None
    stated_address: AddressFact | None = None
    printed_address: AddressFact | None = None
    ip: IpFact | None = None
    photo: PositionFact | None = None
    claimed_name: NameFact | None = None
    printed_name: NameFact | None = None
    distance_device_to_stated_address_km: float | None = None
    distance_device_to_printed_address_km: float | None = None
    distance_device_to_ip_km: float | None = None
    distance_device_to_photo_km: float | None = None
    looks_like_gcj02: bool = False
