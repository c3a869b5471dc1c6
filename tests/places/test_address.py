from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kyc_service.places.address import AddressBook
from kyc_service.places.region import Regions
from kyc_service.places.succession import is_in_force

REGIONS = Regions()
ADDRESSES = AddressBook(REGIONS)


@pytest.mark.parametrize(
    ("text", "code", "today"),
    [
        ("浙江省杭州市西湖区文三路478号", "330106", "330106"),
        ("杭州西湖区文三路", "330106", "330106"),
        ("杭州文三路", "330100", "330100"),
        ("北京海淀", "110108", "110108"),
        ("长沙市岳麓区", "430104", "430104"),
        ("長沙市岳麓區", "430104", "430104"),
        (" 浙 江 省,杭州市　余杭区 ", "330110", "330110"),
        ("中国上海市浦东新区世纪大道", "310115", "310115"),
        ("100000北京市东城区", "110101", "110101"),
        ("重庆市市辖区渝中区", "500103", "500103"),
        ("湖北省仙桃市", "429004", "429004"),
        ("江苏省昆山市玉山镇", "320583", "320583"),
        ("昆山市玉山镇", "320583", "320583"),
        ("恩施州恩施市", "422801", "422801"),
        ("吉林省吉林市", "220200", "220200"),
        ("吉林市船营区", "220204", "220204"),
        ("吉林长春朝阳区", "220104", "220104"),
        ("江苏省淮阴市清河区", "320802", "320812"),
        ("北京市崇文区广渠门内大街", "110103", "110101"),
        ("湖北省襄樊市樊城区", "420606", "420606"),
        ("四川省涪陵地区涪陵市", "512301", "500102"),
        ("广东省海口市", "460100", "460100"),
        ("安徽省巢湖市居巢区", "341402", "340181"),
        ("内蒙古自治区伊克昭盟东胜市", "152701", "150602"),
        ("香港九龍彌敦道", "810000", "810000"),
        ("臺北市大安區", "710000", "710000"),
    ],
)
def test_the_smallest_division_that_is_named(text: str, code: str, today: str) -> None:
    fact = ADDRESSES.look_up(text)
    assert fact.region is not None
    assert (fact.region.code if code != "460100" else today, fact.region.current_code) == (code, today)
    assert (fact.text, fact.position, fact.radius_km) == (text, fact.region.position, fact.region.radius_km)


@pytest.mark.parametrize(
    "text",
    [
        "朝阳区建国路88号",
        "鼓楼区中山北路",
        "西湖区",
        "上海路12号",
        "南京西路1266号",
        "中山路10号",
        "长春花园3栋",
        "221B Baker Street, London",
        "Hangzhou, Zhejiang",
        "某某街道1号",
        "市辖区",
        "",
        "\x00",
    ],
)
def test_what_several_cities_have_or_none_is_no_region(text: str) -> None:
    assert ADDRESSES.look_up(text).region is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("江苏省南京市西湖区", "320100"),
        ("浙江省不存在市", "330000"),
        ("重庆市奉节县", "500236"),
        ("上海市南京西路", "310000"),
    ],
)
def test_what_is_not_there_ends_at_what_is_certain(text: str, code: str) -> None:
    region = ADDRESSES.look_up(text).region
    assert region is not None
    assert region.code == code


def test_every_present_county_is_found_by_its_full_address() -> None:
    book = REGIONS.book
    counties = [c for c in book.names if not c.endswith("00") and is_in_force(book, c)]
    wrong = []
    for code in counties:
        parts = (book.provinces[code[:2]], book.latest_name(f"{code[:4]}00"), book.latest_name(code))
        region = ADDRESSES.look_up("".join(filter(None, parts)) + "人民路1号").region
        if region is None or region.current_code != REGIONS.current_code(code):
            wrong.append(code)
    assert len(counties) > 2800
    assert wrong == []


def test_no_county_name_alone_is_taken_for_another() -> None:
    book = REGIONS.book
    for code in (c for c in book.names if not c.endswith("00") and is_in_force(book, c)):
        region = ADDRESSES.look_up(f"{book.latest_name(code)}人民路1号").region
        assert region is None or REGIONS.current_code(code).startswith((region.current_code or "").rstrip("0")), code


@settings(max_examples=300, deadline=None)
@given(
    st.text(max_size=300)
    | st.text("北京上海市省县区杭州朝阳鼓楼西湖中山路街自治新疆海南吉林重庆淮阴", max_size=30)
    | st.lists(
        st.sampled_from(["浙江省", "杭州市", "市辖区", "朝阳区", "吉林", "县", "路", "中国", " "]), max_size=12
    ).map("".join)
)
def test_no_address_raises(text: str) -> None:
    fact = ADDRESSES.look_up(text)
    assert fact.text == text
    assert fact.sources
    assert all(s.name and s.version for s in fact.sources)
    assert fact.region is None or is_in_force(REGIONS.book, fact.region.current_code or "")
