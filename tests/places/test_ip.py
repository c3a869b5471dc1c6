from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mmdb_writer import MMDBWriter
from netaddr import IPSet

from kyc_service.domain.facts import Position
from kyc_service.places.country import Countries
from kyc_service.places.ip import UNSTATED_RADIUS_KM, IpBook

COUNTRIES = Countries()
NOTHING_MOUNTED = IpBook(None, COUNTRIES)
RECORDS = {
    "8.8.8.0/24": {
        "country": {"iso_code": "US"},
        "city": {"names": {"en": "Mountain View", "de": "Mountain View"}},
        "location": {"latitude": 37.386, "longitude": -122.0838, "accuracy_radius": 20},
    },
    "9.9.9.0/24": {"country_code": "CN", "city": "Hangzhou", "latitude": "30.29", "longitude": "120.16"},
    "1.1.1.0/24": {"registered_country": {"iso_code": "AU"}},
    "5.5.5.0/24": {"country": "FR", "location": {"latitude": 400.0, "longitude": 2.0}},
    "6.6.6.0/24": {"country": 7, "city": [], "location": "here"},
    "2a00::/16": {"country": {"iso_code": "HK"}},
}


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> IpBook:
    path = tmp_path_factory.mktemp("ip") / "addresses.mmdb"
    writer = MMDBWriter(ip_version=6, ipv4_compatible=True, database_type="Test-City")
    for network, record in RECORDS.items():
        writer.insert_network(IPSet([network]), record)
    writer.to_db_file(str(path))
    return IpBook(path, COUNTRIES)


def test_records_laid_out_as_geoip2(book: IpBook) -> None:
    fact = book.look_up("8.8.8.8")
    assert fact is not None
    assert (fact.country, fact.place, fact.position, fact.radius_km) == (
        "USA",
        "Mountain View",
        Position(37.386, -122.0838),
        20.0,
    )
    assert fact.sources[0].name == "IP addresses (Test-City)"
    assert fact.sources[0].version.isdigit()


def test_flat_records(book: IpBook) -> None:
    fact = book.look_up(" 9.9.9.9 ")
    assert fact is not None
    assert (fact.country, fact.place, fact.position) == ("CHN", "Hangzhou", Position(30.29, 120.16))
    assert fact.radius_km == UNSTATED_RADIUS_KM


def test_records_of_countries_have_no_position(book: IpBook) -> None:
    fact = book.look_up("1.1.1.1")
    assert fact is not None
    assert (fact.country, fact.place, fact.position, fact.radius_km) == ("AUS", None, None, 0.0)


def test_a_wrapped_address_is_its_inner_one(book: IpBook) -> None:
    assert book.look_up("::ffff:8.8.8.8") == book.look_up("8.8.8.8")
    assert (fact := book.look_up("2a00::1")) is not None
    assert fact.country == "HKG"


@pytest.mark.parametrize(("text", "country"), [("5.5.5.5", "FRA"), ("6.6.6.6", None)])
def test_what_makes_no_sense_in_a_record_is_left_out(book: IpBook, text: str, country: str | None) -> None:
    fact = book.look_up(text)
    assert fact is not None
    assert (fact.country, fact.position) == (country, None)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nonsense",
        "8.8.8",
        "8.8.8.8:80",
        "10.0.0.1",
        "127.0.0.1",
        "::1",
        "100.64.0.1",
        "fe80::1%eth0",
        "224.0.0.1",
        "4.4.4.4",
    ],
)
def test_no_public_address_and_no_record_is_no_fact(book: IpBook, text: str) -> None:
    assert book.look_up(text) is None


def test_without_a_file_nothing_is_known(tmp_path: Path) -> None:
    assert NOTHING_MOUNTED.look_up("8.8.8.8") is None
    assert IpBook(tmp_path / "absent.mmdb", COUNTRIES).look_up("8.8.8.8") is None


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    broken = tmp_path / "broken.mmdb"
    broken.write_bytes(b"no such thing" * 100)
    with pytest.raises(ValueError, match=r"broken\.mmdb"):
        IpBook(broken, COUNTRIES)


@given(st.text(max_size=60) | st.ip_addresses().map(str))
def test_no_text_raises(text: str) -> None:
    assert NOTHING_MOUNTED.look_up(text) is None
