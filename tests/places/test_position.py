from __future__ import annotations

from datetime import UTC, datetime

import pytest
from timezonefinder import TimezoneFinder

from kyc_service.domain.claims import Claims, DeviceLocation
from kyc_service.domain.facts import PositionFact
from kyc_service.places import PlaceBook
from kyc_service.places.country import Countries


def position(places: PlaceBook, latitude: float, longitude: float, now: datetime) -> PositionFact | None:
    claims = Claims(device_location=DeviceLocation(latitude, longitude))
    return places.look_up(claims, None, now).position


@pytest.mark.parametrize(
    ("latitude", "longitude", "country", "province", "zone", "offset"),
    [
        pytest.param(39.9042, 116.4074, "CHN", "北京市", "Asia/Shanghai", 480, id="Beijing"),
        pytest.param(30.2741, 120.1551, "CHN", "浙江省", "Asia/Shanghai", 480, id="Hangzhou"),
        pytest.param(43.8256, 87.6168, "CHN", "新疆维吾尔自治区", "Asia/Urumqi", 360, id="Urumqi"),
        pytest.param(29.6500, 91.1000, "CHN", "西藏自治区", "Asia/Shanghai", 480, id="Lhasa"),
        pytest.param(22.3193, 114.1694, "HKG", "Yau Tsim Mong District", "Asia/Hong_Kong", 480, id="Hong Kong"),
        pytest.param(22.1987, 113.5439, "MAC", None, "Asia/Macau", 480, id="Macau"),
        pytest.param(25.0330, 121.5654, "TWN", "Taiwan", "Asia/Taipei", 480, id="Taipei"),
        pytest.param(24.4300, 118.3200, "TWN", "Kinmen", "Asia/Taipei", 480, id="Kinmen, in sight of Xiamen"),
        pytest.param(22.5329, 114.1130, "CHN", "广东省", "Asia/Shanghai", 480, id="Shenzhen, Luohu crossing"),
        pytest.param(22.5280, 114.1135, "HKG", "North District", "Asia/Hong_Kong", 480, id="Hong Kong, Lo Wu station"),
        pytest.param(40.1292, 124.3947, "CHN", "辽宁省", "Asia/Shanghai", 480, id="Dandong"),
        pytest.param(40.1006, 124.3981, "PRK", "Phyeonganpukto", "Asia/Pyongyang", 540, id="Sinuiju, across the river"),
        pytest.param(24.0127, 97.8519, "CHN", "云南省", "Asia/Shanghai", 480, id="Ruili"),
        pytest.param(23.9900, 97.9000, "MMR", "Shan", "Asia/Yangon", 390, id="Muse, across the border"),
        pytest.param(50.2453, 127.5285, "CHN", "黑龙江省", "Asia/Shanghai", 480, id="Heihe"),
        pytest.param(50.2907, 127.5272, "RUS", "Amurskaya oblast'", "Asia/Yakutsk", 540, id="Blagoveshchensk"),
        pytest.param(43.7380, 7.4200, "MCO", "Municipality of Monaco", "Europe/Monaco", 120, id="Monaco"),
    ],
)
def test_country_province_and_zone_of_known_points(
    *,
    places: PlaceBook,
    now: datetime,
    latitude: float,
    longitude: float,
    country: str,
    province: str | None,
    zone: str,
    offset: int,
) -> None:
    fact = position(places, latitude, longitude, now)
    assert fact is not None
    assert (fact.country, fact.province, fact.time_zone, fact.utc_offset_minutes) == (country, province, zone, offset)
    assert not fact.is_at_sea
    assert fact.nearest_place
    assert fact.nearest_place_distance_km is not None
    assert fact.nearest_place_distance_km < 10


@pytest.mark.parametrize(("latitude", "longitude"), [(0.0, 0.0), (30.0, 140.0), (90.0, 0.0)])
def test_the_open_sea_has_no_country_and_no_province(
    places: PlaceBook, now: datetime, latitude: float, longitude: float
) -> None:
    fact = position(places, latitude, longitude, now)
    assert fact is not None
    assert fact.is_at_sea
    assert fact.country is None
    assert fact.province is None
    assert fact.nearest_place_distance_km is not None
    assert fact.nearest_place_distance_km > 100


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [
        (95.0, 116.4),
        (-90.001, 0.0),
        (39.9, 180.5),
        (float("nan"), 116.4),
        (39.9, float("nan")),
        (float("inf"), 0.0),
        (0.0, float("-inf")),
    ],
)
def test_a_position_that_is_not_on_earth_has_no_facts(
    places: PlaceBook, now: datetime, latitude: float, longitude: float
) -> None:
    facts = places.look_up(
        Claims(device_location=DeviceLocation(latitude, longitude), phone_number="13957112345"), "330106", now
    )
    assert facts.position is None
    assert facts.distance_device_to_document_region_km is None
    assert facts.distance_device_to_phone_region_km is None


@pytest.mark.parametrize(("latitude", "longitude"), [(90.0, 180.0), (-90.0, -180.0), (0.0, 180.0), (0.0, -180.0)])
def test_the_edges_of_the_map_are_on_earth(places: PlaceBook, now: datetime, latitude: float, longitude: float) -> None:
    assert position(places, latitude, longitude, now) is not None


def test_xinjiang_keeps_two_times_and_the_rest_of_china_one(places: PlaceBook, now: datetime) -> None:
    kashgar = position(places, 39.47, 75.99, now)
    lanzhou = position(places, 36.06, 103.83, now)
    assert kashgar is not None
    assert lanzhou is not None
    assert {kashgar.utc_offset_minutes, *kashgar.other_utc_offsets_minutes} == {360, 480}
    assert lanzhou.other_utc_offsets_minutes == ()


def test_the_offset_is_that_of_the_capture_not_of_now(places: PlaceBook, now: datetime) -> None:
    winter = datetime(2026, 1, 15, tzinfo=UTC)
    paris = DeviceLocation(48.85, 2.35, captured_at=winter)
    fact = places.look_up(Claims(device_location=paris), None, now).position
    assert fact is not None
    assert fact.utc_offset_minutes == 60


def test_every_source_is_named_with_its_version(places: PlaceBook, now: datetime) -> None:
    fact = position(places, 39.9, 116.4, now)
    assert fact is not None
    assert len(fact.sources) == 4
    assert all(s.name and s.version for s in fact.sources)


def test_every_zone_on_land_belongs_to_a_country() -> None:
    countries = Countries()
    zones = [z for z in TimezoneFinder().timezone_names if not z.startswith("Etc/")]
    assert len(zones) > 400
    assert [z for z in zones if countries.of_zone(z) is None] == []


def test_country_codes_go_both_ways() -> None:
    countries = Countries()
    assert countries.alpha3("CN") == "CHN"
    assert countries.alpha2("HKG") == "HK"
    assert countries.alpha2("SHN") == "SH"
    assert countries.alpha3("001") is None
    assert countries.alpha2("chn") is None
    assert countries.alpha2(None) is None


def in_reach(places: PlaceBook, now: datetime, latitude: float, longitude: float, accuracy_m: float) -> PositionFact:
    location = DeviceLocation(latitude, longitude, accuracy_m)
    fact = places.look_up(Claims(device_location=location), None, now).position
    assert fact is not None
    return fact


def test_countries_within_the_accuracy_are_in_reach(places: PlaceBook, now: datetime) -> None:
    assert set(in_reach(places, now, 47.59, 7.59, 1000).countries_in_reach) == {"FRA", "CHE"}
    assert in_reach(places, now, 47.2, 8.2, 1000).countries_in_reach == ()


def test_the_shift_of_maps_reaches_over_a_border_of_the_mainland(places: PlaceBook, now: datetime) -> None:
    dandong = in_reach(places, now, 40.1292, 124.3947, 5)
    assert dandong.countries_in_reach == ("PRK",)
    assert dandong.utc_offsets_in_reach_minutes == (540,)
    assert in_reach(places, now, 22.5280, 114.1135, 5).countries_in_reach == ("CHN",)


def test_no_accuracy_reaches_farther_than_fifty_kilometres(places: PlaceBook, now: datetime) -> None:
    assert in_reach(places, now, 30.27, 120.15, 1e12).countries_in_reach == ()
    assert "HKG" in in_reach(places, now, 22.75, 114.0, 1e12).countries_in_reach


@pytest.mark.parametrize(
    ("latitude", "longitude", "code"),
    [(30.27, 120.15, "330000"), (22.3193, 114.1694, "810000"), (25.03, 121.56, "710000"), (48.85, 2.35, None)],
)
def test_the_province_has_its_code(
    *, places: PlaceBook, now: datetime, latitude: float, longitude: float, code: str | None
) -> None:
    assert in_reach(places, now, latitude, longitude, 5).province_code == code
