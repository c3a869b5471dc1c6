"""The place book: everything the service's data say of one verification's claims and document."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from kyc_service.domain.claims import Claims, Datum
from kyc_service.domain.facts import (
    AddressFact,
    Facts,
    IpFact,
    NameFact,
    PhoneFact,
    Position,
    PositionFact,
    RegionFact,
)
from kyc_service.places import datum
from kyc_service.places.address import AddressBook
from kyc_service.places.country import Countries
from kyc_service.places.distance import accuracy_km, distance_beyond_km, distance_km
from kyc_service.places.geocoder import Geocoder, Located
from kyc_service.places.ip import IpBook
from kyc_service.places.name import describe_name
from kyc_service.places.phone import PhoneBook
from kyc_service.places.position import PositionBook
from kyc_service.places.region import Regions
from kyc_service.places.time_zone import utc_offset_minutes

# How far a position shown by a Chinese map may be from the photo's own, shifted: what satellites err.
_DATUM_TOLERANCE_M: Final = 50.0
# A geocoder that answers from elsewhere than the divisions of the address has found another one.
_GEOCODER_SLACK_KM: Final = 50.0


class PlaceBook:
    """Numbers, regions, addresses, positions, IPs and names -> facts. Loads its data once.

    Read-only after construction, and safe for several threads. Asks no network, unless the
    operator gives a geocoder of their own.

    Args:
        home_country: Alpha-3, where the service's applicants dial from: numbers typed without a
            country's code are tried there first, then in the claimed issuing country.
        ip_database: An MMDB file of IP addresses; without one nothing is known of them.
        geocoder: Finds addresses to the street; without one they stand where their division does.

    Raises:
        ValueError: The file at ``ip_database`` is no such database.
    """

    def __init__(
        self, home_country: str = "CHN", ip_database: Path | None = None, geocoder: Geocoder | None = None
    ) -> None:
        countries, regions = Countries(), Regions()
        self._home_country: Final = home_country
        self._regions: Final = regions
        self._phones: Final = PhoneBook(countries, regions)
        self._positions: Final = PositionBook(countries, regions)
        self._addresses: Final = AddressBook(regions)
        self._ips: Final = IpBook(ip_database, countries)
        self._geocoder: Final = geocoder

    def look_up(
        self,
        claims: Claims,
        region_code: str | None,
        now: datetime,
        *,
        printed_address: str | None = None,
        printed_name: str | None = None,
        photo_position: Position | None = None,
    ) -> Facts:
        """All facts of one verification.

        Args:
            claims: What is said of the applicant.
            region_code: GB/T 2260, the first six digits of the document's number, if it has one.
            now: The time, for offsets where the device gave no time of its own. UTC-aware.
            printed_address: The address on the document, as it was read.
            printed_name: The name on the document, as it was read.
            photo_position: Where a photograph says it was taken (EXIF), WGS-84.
        """
        device = self._device(claims, now)
        photo = self._positions.look_up(photo_position, now) if photo_position else None
        phone, region = self._phone(claims), self._regions.look_up(region_code) if region_code else None
        stated, printed = self._address(claims.address), self._address(printed_address)
        ip = self._ips.look_up(claims.ip_address) if claims.ip_address else None
        here = (device.position, _accuracy_km(claims)) if device else None
        return Facts(
            region=region,
            phone=phone,
            position=device,
            distance_device_to_document_region_km=_distance(here, _reach(region)),
            distance_device_to_phone_region_km=_distance(here, _reach(phone)),
            distance_document_region_to_phone_region_km=_distance(_reach(region), _reach(phone)),
            device_utc_offset_minutes=_device_offset(claims, now),
            stated_address=stated,
            printed_address=printed,
            ip=ip,
            photo=photo,
            claimed_name=_name(claims.full_name),
            printed_name=_name(printed_name),
            distance_device_to_stated_address_km=_distance(here, _reach(stated)),
            distance_device_to_printed_address_km=_distance(here, _reach(printed)),
            distance_device_to_ip_km=_distance(here, _reach(ip)),
            distance_device_to_photo_km=_distance(here, (photo.position, 0.0) if photo else None),
            looks_like_gcj02=_looks_like_gcj02(claims, device, photo),
        )

    def _device(self, claims: Claims, now: datetime) -> PositionFact | None:
        location = claims.device_location
        if location is None:
            return None
        sent = Position(location.latitude, location.longitude)
        position = datum.to_wgs84(sent, location.datum)
        fact = self._positions.look_up(position, _captured_at(claims, now), _accuracy_km(claims))
        if fact is None or location.datum is Datum.WGS84:
            return fact
        return replace(fact, sources=(*fact.sources, datum.SOURCE))

    def _phone(self, claims: Claims) -> PhoneFact | None:
        text = (claims.phone_number or "").strip()
        dialled_from = (self._home_country, *filter(None, [claims.issuing_country]))
        return self._phones.look_up(text, dialled_from) if text else None

    def _address(self, text: str | None) -> AddressFact | None:
        if not text or not text.strip():
            return None
        fact = self._addresses.look_up(text)
        found = self._geocoder.locate(text) if self._geocoder else None
        if found is None or not _agrees(found, fact):
            return fact
        return replace(fact, position=found.position, radius_km=found.radius_km, sources=(*fact.sources, found.source))


_Reach = tuple[Position, float]


def _reach(fact: RegionFact | PhoneFact | AddressFact | IpFact | None) -> _Reach | None:
    return (fact.position, fact.radius_km) if fact and fact.position else None


def _distance(a: _Reach | None, b: _Reach | None) -> float | None:
    """Kilometres between two points, less how far each may be off; ``None`` where one is unknown."""
    return distance_beyond_km(a[0], b[0], a[1] + b[1]) if a and b else None


def _agrees(found: Located, offline: AddressFact) -> bool:
    """Whether the geocoder's point may lie in the division that the address names."""
    if offline.position is None:
        return True
    slack_km = offline.radius_km + found.radius_km + _GEOCODER_SLACK_KM
    return distance_km(found.position, offline.position) <= slack_km


def _name(text: str | None) -> NameFact | None:
    return describe_name(text) if text and text.strip() else None


def _accuracy_km(claims: Claims) -> float:
    return accuracy_km(claims.device_location.accuracy_m) if claims.device_location else 0.0


def _looks_like_gcj02(claims: Claims, device: PositionFact | None, photo: PositionFact | None) -> bool:
    location = claims.device_location
    if location is None or location.datum is not Datum.WGS84 or device is None or photo is None:
        return False
    return datum.looks_like_gcj02(device.position, photo.position, _DATUM_TOLERANCE_M)


def _captured_at(claims: Claims, now: datetime) -> datetime:
    stated = claims.device_location.captured_at if claims.device_location else None
    moment = stated or now
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _device_offset(claims: Claims, now: datetime) -> int | None:
    zone = claims.device.timezone if claims.device else None
    return utc_offset_minutes(zone, _captured_at(claims, now)) if zone else None
