from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers.geodata import GEOCODE_DATA

from kyc_service.domain.facts import LineType
from kyc_service.places.country import Countries
from kyc_service.places.phone import PhoneBook
from kyc_service.places.region import Regions

FROM_CHINA = ("CHN",)
PHONES = PhoneBook(Countries(), Regions())


@pytest.mark.parametrize(
    ("text", "e164", "country", "line_type", "region_en"),
    [
        ("+8613957112345", "+8613957112345", "CHN", LineType.MOBILE, "Hangzhou, Zhejiang"),
        ("139 5711 2345", "+8613957112345", "CHN", LineType.MOBILE, "Hangzhou, Zhejiang"),
        ("１３９５７１１２３４５", "+8613957112345", "CHN", LineType.MOBILE, "Hangzhou, Zhejiang"),
        ("0086-139-5711-2345", "+8613957112345", "CHN", LineType.MOBILE, "Hangzhou, Zhejiang"),
        ("+86 755 1234 5678", "+8675512345678", "CHN", LineType.FIXED_LINE, "Shenzhen, Guangdong"),
        ("400 812 3123", "+864008123123", "CHN", LineType.SHARED_COST, "China"),
        ("+852 5123 4567", "+85251234567", "HKG", LineType.MOBILE, "Hong Kong"),
        ("+853 6612 3456", "+85366123456", "MAC", LineType.MOBILE, "Macao"),
        ("+886 912 345 678", "+886912345678", "TWN", LineType.MOBILE, "Taiwan"),
        ("+1 415 555 2671", "+14155552671", "USA", LineType.FIXED_LINE_OR_MOBILE, "San Francisco, CA"),
        ("+44 7911 123456", "+447911123456", "GGY", LineType.MOBILE, "Guernsey"),
        ("+800 1234 5678", "+80012345678", None, LineType.TOLL_FREE, None),
    ],
)
def test_what_the_numbering_plan_says(
    *, phones: PhoneBook, text: str, e164: str, country: str | None, line_type: LineType, region_en: str | None
) -> None:
    fact = phones.look_up(text, FROM_CHINA)
    assert fact.is_valid
    assert (fact.e164, fact.country, fact.line_type, fact.region_en) == (e164, country, line_type, region_en)
    assert all(s.name and s.version for s in fact.sources)


def test_a_chinese_mobile_stands_in_the_city_of_first_issue(phones: PhoneBook, regions: Regions) -> None:
    fact = phones.look_up("+8613957112345", ())
    hangzhou = regions.area("3301")
    assert hangzhou is not None
    assert (fact.region_zh, fact.carrier, fact.time_zones) == ("浙江省杭州市", "China Mobile", ("Asia/Shanghai",))
    assert (fact.position, fact.radius_km) == (hangzhou.position, hangzhou.radius_km)


@pytest.mark.parametrize(("text", "code"), [("+85251234567", "81"), ("+85366123456", "82"), ("+886912345678", "71")])
def test_hong_kong_macau_and_taiwan_stand_for_themselves(
    phones: PhoneBook, regions: Regions, text: str, code: str
) -> None:
    area = regions.area(code)
    assert area is not None
    fact = phones.look_up(text, ())
    assert fact.position == area.position
    assert fact.region is not None
    assert fact.region.code == fact.region.current_code == f"{code}0000"


@pytest.mark.parametrize(
    ("text", "code", "city", "city_en"),
    [
        ("+8613957112345", "330100", "杭州市", "Hangzhou"),
        ("+8675512345678", "440300", "深圳市", "Shenzhen"),
        ("+861012345678", "110000", None, None),
    ],
)
def test_a_numbers_region_is_one_like_a_documents(
    *, phones: PhoneBook, regions: Regions, text: str, code: str, city: str | None, city_en: str | None
) -> None:
    region = phones.look_up(text, ()).region
    assert region == regions.look_up(code)
    assert region is not None
    assert (region.city, region.city_en) == (city, city_en)


@pytest.mark.parametrize(
    ("written", "today"), [("湖北省襄樊市", "420600"), ("西藏山南地区", "540500"), ("安徽省巢湖市", "340100")]
)
def test_former_names_of_the_numbering_plan_are_todays_divisions(regions: Regions, written: str, today: str) -> None:
    region = regions.of_text(written)
    assert region is not None
    assert region.current_code == today


@pytest.mark.parametrize("text", ["+8617012345678", "+14155552671", "+4915112345678"])
def test_numbers_without_a_known_region_have_no_position(phones: PhoneBook, text: str) -> None:
    fact = phones.look_up(text, FROM_CHINA)
    assert fact.is_valid
    assert fact.position is None


def test_a_number_without_a_code_is_tried_at_home_and_then_in_the_issuing_country(phones: PhoneBook) -> None:
    assert phones.look_up("078 123 45 67", ("CHN", "CHE")).country == "CHE"
    assert phones.look_up("13957112345", ("CHN", "CHE")).country == "CHN"
    assert not phones.look_up("13957112345", ("XXX",)).is_valid


@pytest.mark.parametrize("text", ["", "hello", "+", "12", "+86 1395711", "+999 123456789", "1" * 300, "\x00"])
def test_what_is_no_valid_number_says_nothing_else(phones: PhoneBook, text: str) -> None:
    fact = phones.look_up(text, FROM_CHINA)
    assert not fact.is_valid
    assert (fact.country, fact.region_zh, fact.position, fact.line_type) == (None, None, None, LineType.UNKNOWN)


def test_every_chinese_region_of_the_numbering_data_is_found_on_the_map(regions: Regions) -> None:
    written = {names["zh"] for prefix, names in GEOCODE_DATA.items() if prefix.startswith("86") and "zh" in names}
    assert len(written) > 300
    municipalities = {"11", "12", "31", "50"}
    unplaced = {
        text
        for text in written
        if (area := regions.area_of_text(text)) is None or (len(area.code) == 2 and area.code not in municipalities)
    }
    assert unplaced == set()


@given(st.text(max_size=60) | st.from_regex(r"\+?[0-9 ()\-#;ext,.]{0,40}", fullmatch=True))
def test_no_text_raises(text: str) -> None:
    fact = PHONES.look_up(text, ("CHN", "USA", "nowhere"))
    assert fact.is_valid or fact.position is None
