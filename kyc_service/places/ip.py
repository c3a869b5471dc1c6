"""IP addresses: what the operator's own address database (an MMDB file) says of them.

Read are records as GeoIP2 lays them out (``country.iso_code``, ``city.names``,
``location``) and flat ones (``country_code``, ``city``, ``latitude``). No such file comes
with the service: without one nothing is known. An address is a weak signal: it is its
provider's, and anyone may borrow one.
"""

from __future__ import annotations

import ipaddress
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import maxminddb

from kyc_service.domain.facts import FactSource, IpFact, Position
from kyc_service.places.country import Countries
from kyc_service.places.position import is_on_earth

# Databases that give a point without its accuracy are taken to mean a city and its surroundings.
UNSTATED_RADIUS_KM: Final = 50.0
_MAX_RADIUS_KM: Final = 20_100.0

_Record = Mapping[str, object]


class IpBook:
    """Looks addresses up in one mounted file. Read-only; may be used by several threads.

    ``database`` is the file's path; ``None``, or a path where nothing is, means that none
    is mounted.

    Raises:
        ValueError: What is at the path cannot be read as such a database.
    """

    def __init__(self, database: Path | None, countries: Countries) -> None:
        self._countries: Final = countries
        self._reader: Final = _open(database) if database and database.exists() else None
        self.source: Final = _source(self._reader) if self._reader else None

    def look_up(self, text: str) -> IpFact | None:
        """What is known of the address in ``text``, whatever ``text`` is.

        ``None`` without a database, for what is no public address, and for what it does not hold.
        """
        address = _public_address(text)
        record = self._record(address) if address else None
        if record is None or self.source is None:
            return None
        position = _position(record)
        return IpFact(
            country=self._countries.alpha3(_country(record)),
            place=_place(record),
            position=position,
            radius_km=_radius_km(record) if position else 0.0,
            sources=(self.source, self._countries.source),
        )

    def _record(self, address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> _Record | None:
        try:
            record = self._reader.get(address) if self._reader else None
        except (ValueError, maxminddb.InvalidDatabaseError):  # an IPv4 file asked for IPv6; a damaged record
            return None
        return record if isinstance(record, dict) else None


def _open(database: Path) -> maxminddb.Reader:
    try:
        return maxminddb.open_database(database)
    except (OSError, maxminddb.InvalidDatabaseError) as error:
        raise ValueError(f"not an address database (MMDB): {database.name}") from error


def _source(reader: maxminddb.Reader) -> FactSource:
    metadata = reader.metadata()
    return FactSource(f"IP addresses ({metadata.database_type})", str(metadata.build_epoch))


def _public_address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address that may be looked up, an IPv4 one out of its IPv6 wrapping; ``None`` for all others.

    >>> _public_address("::ffff:8.8.8.8"), _public_address("192.168.1.1"), _public_address("nonsense")
    (IPv4Address('8.8.8.8'), None, None)
    """
    try:
        address = ipaddress.ip_address(text.strip())
    except ValueError:
        return None
    inner = getattr(address, "ipv4_mapped", None) or address
    if getattr(inner, "scope_id", None) or not inner.is_global or inner.is_multicast:
        return None
    return inner if isinstance(inner, ipaddress.IPv4Address | ipaddress.IPv6Address) else None


def _country(record: _Record) -> str | None:
    nested = (_inner(record, key).get("iso_code") for key in ("country", "registered_country"))
    flat = (record.get(key) for key in ("country_code", "country"))
    found = next((c for c in (*nested, *flat) if isinstance(c, str)), None)
    return found.upper() if found else None


def _place(record: _Record) -> str | None:
    city = record.get("city")
    names = city.get("names") if isinstance(city, dict) else None
    found = names.get("en") or next(iter(names.values()), None) if isinstance(names, dict) else city
    return found if isinstance(found, str) and found else None


def _position(record: _Record) -> Position | None:
    location = _inner(record, "location") or record
    latitude = _number(location.get("latitude", location.get("lat")))
    longitude = _number(location.get("longitude", location.get("lng")))
    if latitude is None or longitude is None:
        return None
    position = Position(latitude, longitude)
    return position if is_on_earth(position) else None


def _radius_km(record: _Record) -> float:
    stated = _number((_inner(record, "location") or record).get("accuracy_radius"))
    return min(stated, _MAX_RADIUS_KM) if stated is not None and stated >= 0 else UNSTATED_RADIUS_KM


def _inner(record: _Record, key: str) -> _Record:
    value = record.get(key)
    return value if isinstance(value, dict) else {}


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None
