"""Positions: country, time zone, nearest place and province of a WGS-84 point, offline.

Country and zone come from exact borders (timezone-boundary-builder, from OpenStreetMap,
as ``timezonefinder`` ships them): each zone's territory lies in one country, and Hong
Kong, Macau and Taiwan have their own. Countries reach to the edge of their territorial
waters. The nearest place (GeoNames) is sought within that country, so that a border
river does not matter; its province is the point's. Held out of the data, 97 % of
2,400 places of China got their own province; the others lie along provincial borders.
What else lies within the accuracy of the position, or within the shift of Chinese maps,
is sampled from the same borders.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib import metadata
from threading import Lock
from typing import Final, TypeVar

import numpy as np
from timezonefinder import TimezoneFinder

from kyc_service.domain.facts import FactSource, Position, PositionFact
from kyc_service.places import time_zone
from kyc_service.places.country import Countries
from kyc_service.places.distance import distance_km
from kyc_service.places.reach import MAP_SHIFT_KM, points_on_ring, rings_km
from kyc_service.places.region import Regions
from kyc_service.places.tables import read_table
from kyc_service.places.vectors import FloatArray, unit_vectors

_T = TypeVar("_T")

_MAX_LATITUDE: Final = 90
_MAX_LONGITUDE: Final = 180
_HIGH_SEAS: Final = "Etc/"
_XINJIANG: Final = "65"
_XINJIANG_ZONES: Final = ("Asia/Urumqi", "Asia/Shanghai")
_ANYWHERE: Final = ""
# A rectangle around the mainland.
_SOUTH, _NORTH, _WEST, _EAST = 3.0, 54.5, 73.0, 136.0
_OWN_PROVINCES: Final = {"TWN": "710000", "HKG": "810000", "MAC": "820000"}
_MAINLAND: Final = "CHN"


@dataclass(frozen=True, slots=True)
class _Place:
    name: str
    region: str
    position: Position


@dataclass(frozen=True, slots=True)
class _Places:
    """Places of one country, and their unit vectors, shape (n, 3)."""

    places: tuple[_Place, ...]
    vectors: FloatArray

    def nearest(self, here: Position) -> _Place:
        point = unit_vectors([here.latitude], [here.longitude])[0]
        return self.places[int(np.argmax(self.vectors @ point))]


class PositionBook:
    """Looks positions up. Built once; may be used by several threads."""

    def __init__(self, countries: Countries, regions: Regions) -> None:
        self._countries: Final = countries
        self._regions: Final = regions
        # Read from disk as needed: a third of the memory of in_memory=True, and as fast to the microsecond.
        self._finder: Final = TimezoneFinder(in_memory=False)
        self._finder_lock: Final = Lock()  # its documentation asks for one thread at a time
        table = read_table("places")
        self._places: Final = _by_country(table.rows)
        borders = FactSource("timezone-boundary-builder (timezonefinder-data)", metadata.version("timezonefinder-data"))
        self.sources: Final = (borders, time_zone.SOURCE, table.source, countries.source)

    def look_up(self, position: Position, at: datetime, radius_km: float = 0.0) -> PositionFact | None:
        """What lies at ``position`` at the time ``at``; ``None`` where it is not on Earth.

        ``radius_km`` is how far off the position may be; of that, 50 km are looked at.
        """
        if not is_on_earth(position):
            return None
        zone = self._zone(position)
        country = self._countries.of_zone(zone) if zone else None
        place = self._nearest(position, country)
        region = _region(place.region, zone) if place and country else None
        own_offset = time_zone.utc_offset_minutes(zone, at) if zone else None
        near = self._zones_in_reach(position, zone, radius_km)
        return PositionFact(
            position=position,
            country=country,
            time_zone=zone,
            utc_offset_minutes=own_offset,
            nearest_place=place.name if place else None,
            province=self._regions.province(region) if country == _MAINLAND and region else region or None,
            nearest_place_distance_km=distance_km(position, place.position) if place else None,
            is_at_sea=zone is None or zone.startswith(_HIGH_SEAS),
            sources=self.sources,
            other_utc_offsets_minutes=_other_offsets(zone, country, region, at),
            province_code=_province_code(country, region),
            countries_in_reach=_distinct([self._countries.of_zone(z) for z in near], country),
            utc_offsets_in_reach_minutes=_distinct([time_zone.utc_offset_minutes(z, at) for z in near], own_offset),
        )

    def _zone(self, position: Position) -> str | None:
        with self._finder_lock:
            return self._finder.timezone_at(lng=float(position.longitude), lat=float(position.latitude))

    def _zones_in_reach(self, position: Position, own: str | None, radius_km: float) -> tuple[str, ...]:
        """Zones around the position, the nearest first; its own is not among them.

        Beyond the radius, within the shift of maps, only a border of the mainland matters.
        """
        found = dict.fromkeys(zone for ring in rings_km(radius_km) for zone in self._zones_on_ring(position, ring))
        if radius_km < MAP_SHIFT_KM and _is_near_china(position):
            shown = dict.fromkeys(self._zones_on_ring(position, MAP_SHIFT_KM))
            if _MAINLAND in map(self._countries.of_zone, [*shown, *filter(None, [own])]):
                found |= shown
        return tuple(zone for zone in found if zone != own)

    def _zones_on_ring(self, position: Position, ring_km: float) -> Iterator[str]:
        for point in points_on_ring(position, ring_km):
            zone = self._zone(point)
            if zone and not zone.startswith(_HIGH_SEAS):
                yield zone

    def _nearest(self, position: Position, country: str | None) -> _Place | None:
        places = self._places.get(country or _ANYWHERE)
        return places.nearest(position) if places else None


def is_on_earth(position: Position) -> bool:
    """Whether the degrees are degrees of latitude and longitude.

    >>> is_on_earth(Position(39.9, 116.4)), is_on_earth(Position(95.0, 0.0)), is_on_earth(Position(float("nan"), 0.0))
    (True, False, False)
    """
    return abs(position.latitude) <= _MAX_LATITUDE and abs(position.longitude) <= _MAX_LONGITUDE


def _other_offsets(zone: str | None, country: str | None, region: str | None, at: datetime) -> tuple[int, ...]:
    """Xinjiang keeps two times: Beijing's by law, its own two hours behind by habit."""
    if country != _MAINLAND or not (region or "").startswith(_XINJIANG):
        return ()
    others = (time_zone.utc_offset_minutes(z, at) for z in _XINJIANG_ZONES if z != zone)
    return tuple(offset for offset in others if offset is not None)


def _is_near_china(position: Position) -> bool:
    """Whether the mainland may be within the shift of its maps."""
    return _SOUTH < position.latitude < _NORTH and _WEST < position.longitude < _EAST


def _region(nearest: str, zone: str | None) -> str:
    """The region of the nearest place, unless the border of Xinjiang lies between."""
    return _XINJIANG if zone == _XINJIANG_ZONES[0] and not nearest.startswith(_XINJIANG) else nearest


def _province_code(country: str | None, region: str | None) -> str | None:
    if country == _MAINLAND and region:
        return f"{region[:2]}0000"
    return _OWN_PROVINCES.get(country or "")


def _distinct(values: Iterable[_T | None], own: _T | None) -> tuple[_T, ...]:
    """Each value once, in order, less ``own`` and what is unknown."""
    return tuple(dict.fromkeys(v for v in values if v is not None and v != own))


def _by_country(rows: tuple[tuple[str, ...], ...]) -> Mapping[str, _Places]:
    grouped: defaultdict[str, list[_Place]] = defaultdict(list)
    for country, region, name, latitude, longitude in rows:
        place = _Place(name, region, Position(float(latitude), float(longitude)))
        grouped[country].append(place)
        grouped[_ANYWHERE].append(place)
    return {country: _gather(places) for country, places in grouped.items()}


def _gather(places: list[_Place]) -> _Places:
    vectors = unit_vectors([p.position.latitude for p in places], [p.position.longitude for p in places])
    return _Places(tuple(places), vectors)
