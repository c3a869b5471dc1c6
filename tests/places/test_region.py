from __future__ import annotations

import pytest

from kyc_service.domain.facts import Position
from kyc_service.places.distance import distance_km
from kyc_service.places.gb2260 import CodeBook, read_code_book
from kyc_service.places.region import Regions

MUNICIPALITIES = ("11", "12", "31", "50")


@pytest.fixture(scope="module")
def book() -> CodeBook:
    return read_code_book()


def current_prefectures(book: CodeBook) -> list[str]:
    return [
        code
        for code, names in book.names.items()
        if code.endswith("00") and code[2:4] != "00" and names[-1].is_current and book.latest_name(code)
    ]


@pytest.mark.parametrize(
    ("code", "province", "city", "county", "near"),
    [
        ("330106", "浙江省", "杭州市", "西湖区", (30.27, 120.16)),
        ("330100", "浙江省", "杭州市", None, (30.27, 120.16)),
        ("330000", "浙江省", None, None, (30.27, 120.16)),
        ("110105", "北京市", None, "朝阳区", (39.90, 116.40)),
        ("310115", "上海市", None, "浦东新区", (31.23, 121.47)),
        ("440305", "广东省", "深圳市", "南山区", (22.55, 114.06)),
        ("350203", "福建省", "厦门市", "思明区", (24.48, 118.09)),
        ("330702", "浙江省", "金华市", "婺城区", (29.10, 119.65)),
        ("410702", "河南省", "新乡市", "红旗区", (35.30, 113.90)),
        ("429004", "湖北省", None, "仙桃市", (30.36, 113.44)),
        ("659001", "新疆维吾尔自治区", None, "石河子市", (44.30, 86.04)),
        ("810000", "香港特別行政區", None, None, (22.28, 114.16)),
    ],
)
def test_names_and_position_of_known_codes(
    *, regions: Regions, code: str, province: str, city: str | None, county: str | None, near: tuple[float, float]
) -> None:
    fact = regions.look_up(code)
    assert fact is not None
    assert (fact.province, fact.city, fact.county) == (province, city, county)
    assert fact.position is not None
    assert distance_km(fact.position, Position(*near)) < 50
    assert all(s.name and s.version for s in fact.sources)


@pytest.mark.parametrize(
    ("former", "today"),
    [
        ("232302", "2312"),  # Anda, in Suihua prefecture until 1999
        ("422400", "4210"),  # Jingzhou prefecture until 1994
        ("512301", "50"),  # Fuling, in Sichuan until Chongqing became a province
        ("510203", "50"),  # Dadukou, Chongqing, likewise
        ("441000", "4601"),  # Haikou, in Guangdong until 1988
        ("132301", "1301"),  # Xinji, in Shijiazhuang prefecture until 1993
        ("652201", "6505"),  # Hami, a prefecture until 2016
    ],
)
def test_a_code_of_the_past_stands_where_its_place_is_today(regions: Regions, former: str, today: str) -> None:
    area = regions.area(former)
    assert area is not None
    assert area.code == today


def test_a_number_never_given_to_a_county_still_names_its_prefecture(regions: Regions) -> None:
    fact = regions.look_up("330199")
    assert fact is not None
    assert (fact.city, fact.county) == ("杭州市", None)


@pytest.mark.parametrize("code", ["", "33", "990000", "33010", "3301066", "33010a", "３３０１０６", "北京", "\x00" * 6])
def test_what_is_no_code_of_a_province_has_no_fact(regions: Regions, code: str) -> None:
    assert regions.look_up(code) is None


def test_every_current_prefecture_has_a_province_and_a_position_of_its_own(regions: Regions, book: CodeBook) -> None:
    prefectures = current_prefectures(book)
    assert len(prefectures) == 333
    for code in prefectures:
        fact = regions.look_up(code)
        area = regions.area(code)
        assert fact is not None
        assert fact.province
        assert area is not None
        assert area.code == code[:4], fact.city


def test_only_few_counties_past_or_present_fall_back_to_their_province(regions: Regions, book: CodeBook) -> None:
    codes = [c for c in book.names if c[2:4] != "00" and not c.endswith("00")]
    areas = [regions.area(c) for c in codes]
    assert None not in areas
    unplaced = [a for a in areas if a and len(a.code) == 2 and a.code not in (*MUNICIPALITIES, "71", "81", "82")]
    assert len(unplaced) / len(codes) < 0.01


def test_a_fallback_says_in_its_radius_how_little_it_knows(regions: Regions) -> None:
    fallback = regions.look_up("659004")  # Wujiaqu, which the place data do not know
    city = regions.look_up("650102")
    assert fallback is not None
    assert city is not None
    assert fallback.radius_km > 500 > city.radius_km


def test_radii_cover_the_places_of_a_prefecture(regions: Regions) -> None:
    hangzhou = regions.area("3301")
    assert hangzhou is not None
    qiandaohu = Position(29.604, 119.042)  # the county farthest out
    assert distance_km(hangzhou.position, qiandaohu) - hangzhou.radius_km < 10


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("浙江省杭州市", "3301"),
        ("北京市", "11"),
        ("天津", "12"),
        ("内蒙古乌兰察布", "1509"),
        ("新疆维吾尔自治区乌鲁木齐市", "6501"),
        ("云南省芒市", "5331"),
        ("湖北省襄樊市", "4206"),
        ("安徽省巢湖市", "3401"),
        ("西藏山南地区", "5405"),
        ("吉林省吉林市", "2202"),
        ("浙江省", "33"),
        ("浙江省不存在市", "33"),
    ],
)
def test_written_regions_are_found(regions: Regions, text: str, code: str) -> None:
    area = regions.area_of_text(text)
    assert area is not None
    assert area.code == code


def test_several_towns_make_one_area_that_reaches_around_all(regions: Regions) -> None:
    one, both = regions.area_of_text("海南省海口市"), regions.area_of_text("海南省海口市、三亚市")
    sanya = regions.area("4602")
    assert one is not None
    assert both is not None
    assert sanya is not None
    assert both.position == one.position
    assert both.radius_km >= distance_km(one.position, sanya.position)


@pytest.mark.parametrize("text", ["", "中国", "Hangzhou, Zhejiang", "省", "、"])
def test_text_that_names_no_province_is_no_area(regions: Regions, text: str) -> None:
    assert regions.area_of_text(text) is None
