from __future__ import annotations

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kyc_service.domain.claims import Claims, Datum, Device, DeviceLocation
from kyc_service.domain.facts import Facts, Position
from kyc_service.places import PlaceBook
from kyc_service.places.datum import to_bd09, to_gcj02

BOOK = PlaceBook()  # hypothesis takes no fixtures of narrower use
HANGZHOU = DeviceLocation(30.2741, 120.1551, accuracy_m=20.0)
APPLICANT = Claims(
    phone_number="13957112345", device_location=HANGZHOU, device=Device(timezone="Asia/Shanghai"), issuing_country="CHN"
)

# The service's own place book, where every way to a network ends in an error.
OFFLINE = """
import socket, sys
from datetime import UTC, datetime
def refuse(*args, **kwargs): raise AssertionError("the network was asked")
socket.socket.connect = socket.socket.connect_ex = socket.getaddrinfo = socket.create_connection = refuse
sys.addaudithook(lambda event, args: refuse() if event in ("socket.connect", "socket.getaddrinfo") else None)
from kyc_service.domain.claims import Claims, Device, DeviceLocation
from kyc_service.places import PlaceBook
claims = Claims(phone_number="+14155552671", device_location=DeviceLocation(30.3, 120.2), device=Device(timezone="Asia/Shanghai"))
facts = PlaceBook().look_up(claims, "330106", datetime(2026, 7, 1, tzinfo=UTC))
print(facts.position.country, facts.phone.country, facts.region.city)
"""


def test_nothing_claimed_gives_no_facts(places: PlaceBook, now: datetime) -> None:
    assert places.look_up(Claims(), None, now) == Facts()
    assert places.look_up(Claims(phone_number="  "), "", now) == Facts()


def test_an_applicant_at_home_is_at_no_distance(places: PlaceBook, now: datetime) -> None:
    facts = places.look_up(APPLICANT, "330106", now)
    assert facts.distance_device_to_document_region_km == 0.0
    assert facts.distance_device_to_phone_region_km == 0.0
    assert facts.distance_document_region_to_phone_region_km == 0.0
    assert facts.device_utc_offset_minutes == 480


def test_distances_are_geodesic_less_the_radii(places: PlaceBook, now: datetime) -> None:
    facts = places.look_up(APPLICANT, "110105", now)
    assert facts.region is not None
    assert facts.phone is not None
    # Beijing to Hangzhou is about 1,120 km.
    assert facts.distance_device_to_document_region_km == pytest.approx(1120 - facts.region.radius_km, abs=25)
    assert facts.distance_document_region_to_phone_region_km == pytest.approx(
        1120 - facts.region.radius_km - facts.phone.radius_km, abs=25
    )


def test_the_accuracy_of_the_device_is_taken_off(places: PlaceBook, now: datetime) -> None:
    exact = places.look_up(APPLICANT, "110105", now).distance_device_to_document_region_km
    vague = replace(APPLICANT, device_location=replace(HANGZHOU, accuracy_m=100_020.0))
    wild = replace(APPLICANT, device_location=replace(HANGZHOU, accuracy_m=1e12))
    assert exact is not None
    assert places.look_up(vague, "110105", now).distance_device_to_document_region_km == pytest.approx(exact - 100.0)
    assert places.look_up(wild, "110105", now).distance_device_to_document_region_km == 0.0


def test_distances_to_what_is_unknown_are_unknown(places: PlaceBook, now: datetime) -> None:
    facts = places.look_up(replace(APPLICANT, phone_number="+14155552671"), None, now)
    assert facts.region is None
    assert facts.distance_device_to_document_region_km is None
    assert facts.distance_device_to_phone_region_km is None
    assert facts.distance_document_region_to_phone_region_km is None


def test_addresses_and_photo_have_distances_too(places: PlaceBook, now: datetime) -> None:
    claims = replace(APPLICANT, address="北京市东城区", full_name="單雄信")
    facts = places.look_up(
        claims,
        None,
        now,
        printed_address="浙江省杭州市西湖区",
        printed_name="单雄信",
        photo_position=Position(31.2741, 120.1551),
    )
    assert facts.distance_device_to_stated_address_km is not None
    assert facts.distance_device_to_stated_address_km > 900
    assert facts.distance_device_to_printed_address_km == 0.0
    assert facts.distance_device_to_photo_km == pytest.approx(110.9 - 0.02, abs=0.1)
    assert facts.distance_device_to_ip_km is None
    assert facts.claimed_name is not None
    assert facts.printed_name is not None
    assert facts.claimed_name.simplified == facts.printed_name.text
    assert facts.photo is not None
    assert facts.photo.country == "CHN"


def test_positions_of_chinese_maps_are_looked_up_where_they_are(places: PlaceBook, now: datetime) -> None:
    true = Position(HANGZHOU.latitude, HANGZHOU.longitude)
    for datum, shown in ((Datum.GCJ02, to_gcj02(true)), (Datum.BD09, to_bd09(true))):
        location = DeviceLocation(shown.latitude, shown.longitude, 20.0, datum=datum)
        facts = places.look_up(replace(APPLICANT, device_location=location), None, now, photo_position=true)
        assert facts.position is not None
        assert (facts.position.position.latitude, facts.position.position.longitude) == pytest.approx(
            (true.latitude, true.longitude), abs=1e-9
        )
        assert facts.position.sources[-1].name.startswith("GCJ-02")
        assert not facts.looks_like_gcj02


def test_a_shifted_position_sent_as_wgs84_is_recognised_by_the_photo(places: PlaceBook, now: datetime) -> None:
    true = Position(HANGZHOU.latitude, HANGZHOU.longitude)
    shown = to_gcj02(true)
    shifted = replace(APPLICANT, device_location=DeviceLocation(shown.latitude, shown.longitude, 20.0))
    assert places.look_up(shifted, None, now, photo_position=true).looks_like_gcj02
    assert not places.look_up(APPLICANT, None, now, photo_position=true).looks_like_gcj02
    assert not places.look_up(shifted, None, now).looks_like_gcj02


def test_another_continent_is_far(places: PlaceBook, now: datetime) -> None:
    abroad = replace(APPLICANT, device_location=DeviceLocation(-33.87, 151.21))
    facts = places.look_up(abroad, "330106", now)
    assert facts.position is not None
    assert facts.position.country == "AUS"
    assert facts.distance_device_to_document_region_km is not None
    assert facts.distance_device_to_document_region_km > 7000


@pytest.mark.parametrize(
    ("zone", "offset"),
    [
        ("Asia/Shanghai", 480),
        ("PRC", 480),
        ("Europe/Paris", 120),
        ("America/St_Johns", -150),
        ("UTC", 0),
        ("", None),
        ("Mars/Olympus", None),
        ("../../etc/passwd", None),
        ("/etc/localtime", None),
        ("Asia", None),
        ("\x00", None),
    ],
)
def test_the_device_zone_is_an_offset_or_nothing(
    places: PlaceBook, now: datetime, zone: str, offset: int | None
) -> None:
    assert places.look_up(Claims(device=Device(timezone=zone)), None, now).device_utc_offset_minutes == offset


def test_the_device_zone_is_asked_at_the_time_of_the_capture(places: PlaceBook, now: datetime) -> None:
    location = replace(HANGZHOU, captured_at=datetime(2026, 1, 15, 8, tzinfo=UTC))
    claims = Claims(device_location=location, device=Device(timezone="Europe/Paris"))
    assert places.look_up(claims, None, now).device_utc_offset_minutes == 60


@pytest.mark.parametrize("moment", [datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC)])
def test_the_edge_of_the_calendar_has_no_offset(places: PlaceBook, now: datetime, moment: datetime) -> None:
    zone = "Asia/Shanghai" if moment.year > 1 else "America/New_York"
    claims = Claims(device_location=replace(HANGZHOU, captured_at=moment), device=Device(timezone=zone))
    assert places.look_up(claims, None, now).device_utc_offset_minutes is None


def test_the_same_claims_give_the_same_facts_in_every_thread(places: PlaceBook, now: datetime) -> None:
    points = [(30.3 + i / 7, 100.0 + i / 3) for i in range(40)]

    def look_up(point: tuple[float, float]) -> Facts:
        return places.look_up(replace(APPLICANT, device_location=DeviceLocation(*point)), "330106", now)

    alone = [look_up(p) for p in points]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(look_up, points))
    assert together == alone


def test_a_look_up_takes_a_few_milliseconds(places: PlaceBook, now: datetime) -> None:
    places.look_up(APPLICANT, "330106", now)
    times_s = []
    for _ in range(50):
        start = time.perf_counter()
        places.look_up(APPLICANT, "110105", now)
        times_s.append(time.perf_counter() - start)
    assert sorted(times_s)[25] < 0.02  # about 1 ms; the margin is for a busy machine


def test_no_network_is_asked() -> None:
    done = subprocess.run([sys.executable, "-c", OFFLINE], capture_output=True, text=True, check=False)  # our own text
    assert done.stdout.split() == ["CHN", "USA", "杭州市"], done.stderr


@settings(max_examples=150, deadline=None)
@given(
    latitude=st.floats() | st.floats(-90, 90),
    longitude=st.floats() | st.floats(-180, 180),
    accuracy_m=st.none() | st.floats(),
    captured_at=st.none() | st.datetimes() | st.datetimes(timezones=st.timezones()),
    phone_number=st.none() | st.text(max_size=30),
    zone=st.none() | st.text(max_size=20) | st.sampled_from(["Asia/Shanghai", "America/New_York"]),
    issuing_country=st.none() | st.text(max_size=3),
    region_code=st.none() | st.text(max_size=8) | st.from_regex(r"[0-9]{6}", fullmatch=True),
    words=st.none() | st.text(max_size=80),
    datum=st.sampled_from(Datum),
)
def test_no_claims_raise(
    *,
    latitude: float,
    longitude: float,
    accuracy_m: float | None,
    captured_at: datetime | None,
    phone_number: str | None,
    zone: str | None,
    issuing_country: str | None,
    region_code: str | None,
    words: str | None,
    datum: Datum,
) -> None:
    claims = Claims(
        full_name=words,
        address=words,
        ip_address=words,
        phone_number=phone_number,
        issuing_country=issuing_country,
        device_location=DeviceLocation(latitude, longitude, accuracy_m, captured_at, datum),
        device=Device(timezone=zone),
    )
    photo = Position(longitude, latitude)
    facts = BOOK.look_up(
        claims,
        region_code,
        datetime(2026, 7, 1, tzinfo=UTC),
        printed_address=words,
        printed_name=words,
        photo_position=photo,
    )
    for distance in (
        facts.distance_device_to_document_region_km,
        facts.distance_device_to_phone_region_km,
        facts.distance_document_region_to_phone_region_km,
        facts.distance_device_to_photo_km,
    ):
        assert distance is None or 0 <= distance < 20_100
