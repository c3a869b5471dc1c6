"""The place book: everything the offline data say of one verification's claims."""

from __future__ import annotations

from datetime import UTC, datetime

from kyc_service.domain.claims import Claims
from kyc_service.domain.facts import Facts, PhoneFact, Position, PositionFact, RegionFact
from kyc_service.places.country import Countries
from kyc_service.places.distance import accuracy_km, distance_beyond_km
from kyc_service.places.phone import PhoneBook
from kyc_service.places.position import PositionBook
from kyc_service.places.region import Regions
from kyc_service.places.time_zone import utc_offset_minutes


class PlaceBook:
    """Numbers, regions and positions -> facts. Loads its data once; asks no network.

    Read-only after construction, and safe for several threads. ``home_country`` (alpha-3)
    is where the service's applicants dial from: numbers typed without a country's code
    are tried there first, then in the claimed issuing country.
    """

    def __init__(self, home_country: str = "CHN") -> None:
        countries, regions = Countries(), Regions()
        self._home_country = home_country
        self._regions = regions
        self._phones = PhoneBook(countries, regions)
        self._positions = PositionBook(countries, regions)

    def look_up(self, claims: Claims, region_code: str | None, now: datetime) -> Facts:
        """All facts of one verification.

        Args:
            claims: What is said of the applicant.
            region_code: GB/T 2260, the first six digits of the document's number, if it has one.
            now: The time, for offsets where the device gave no time of its own. UTC-aware.
        """
        position = self._position(claims, now)
        phone = self._phone(claims)
        region = self._regions.look_up(region_code) if region_code else None
        slack_km = accuracy_km(claims.device_location.accuracy_m) if claims.device_location else 0.0
        device = (position.position, slack_km) if position else None
        return Facts(
            region=region,
            phone=phone,
            position=position,
            distance_device_to_document_region_km=_distance(device, _reach(region)),
            distance_device_to_phone_region_km=_distance(device, _reach(phone)),
            distance_document_region_to_phone_region_km=_distance(_reach(region), _reach(phone)),
            device_utc_offset_minutes=_device_offset(claims, now),
        )

    def _position(self, claims: Claims, now: datetime) -> PositionFact | None:
        location = claims.device_location
        if location is None:
            return None
        return self._positions.look_up(Position(location.latitude, location.longitude), _captured_at(claims, now))

    def _phone(self, claims: Claims) -> PhoneFact | None:
        text = (claims.phone_number or "").strip()
        dialled_from = (self._home_country, *filter(None, [claims.issuing_country]))
        return self._phones.look_up(text, dialled_from) if text else None


_Reach = tuple[Position, float]


def _reach(fact: RegionFact | PhoneFact | None) -> _Reach | None:
    return (fact.position, fact.radius_km) if fact and fact.position else None


def _distance(a: _Reach | None, b: _Reach | None) -> float | None:
    """Kilometres between two points, less how far each may be off; ``None`` where one is unknown."""
    return distance_beyond_km(a[0], b[0], a[1] + b[1]) if a and b else None


def _captured_at(claims: Claims, now: datetime) -> datetime:
    stated = claims.device_location.captured_at if claims.device_location else None
    moment = stated or now
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _device_offset(claims: Claims, now: datetime) -> int | None:
    zone = claims.device.timezone if claims.device else None
    return utc_offset_minutes(zone, _captured_at(claims, now)) if zone else None
