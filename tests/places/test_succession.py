from __future__ import annotations

import pytest

from kyc_service.places.gb2260 import HEADINGS
from kyc_service.places.region import Regions
from kyc_service.places.succession import is_in_force
from kyc_service.places.tables import read_table


@pytest.mark.parametrize(
    ("former", "today"),
    [
        pytest.param("330106", "330106", id="in force"),
        pytest.param("110221", "110114", id="a county became a district"),
        pytest.param("110103", "110101", id="a district was merged into another"),
        pytest.param("371202", "370116", id="with its prefecture"),
        pytest.param("341400", "340181", id="a prefecture became a county's city"),
        pytest.param("320881", "321300", id="a county's city became a prefecture"),
        pytest.param("320882", "320800", id="two of its name: what holds both"),
        pytest.param("320822", "320724", id="moved to another prefecture"),
        pytest.param("512301", "500102", id="moved to another province"),
        pytest.param("511481", "500119", id="its prefecture's digits were given to another"),
        pytest.param("510222", "500113", id="a name like one elsewhere"),
        pytest.param("142626", "141082", id="a county of one character"),
        pytest.param("152300", "150500", id="a league"),
        pytest.param("142100", "140000", id="a prefecture divided among others"),
        pytest.param("130103", "130100", id="a district divided among others"),
        pytest.param("330199", "330100", id="never given, in a prefecture"),
        pytest.param("339900", "330000", id="never given"),
        pytest.param("110100", "110000", id="a heading"),
        pytest.param("830000", "710000", id="residents of Taiwan"),
    ],
)
def test_where_a_division_lies_today(regions: Regions, former: str, today: str) -> None:
    fact = regions.look_up(former)
    assert fact is not None
    assert fact.current_code == today
    assert fact.code == former


def test_every_code_leads_to_one_in_force_and_few_to_a_whole_province(regions: Regions) -> None:
    former = [c for c, names in regions.book.names.items() if not c.endswith("00") and names[-1].text not in HEADINGS]
    today = {code: regions.current_code(code) for code in former}
    assert [c for c, t in today.items() if not is_in_force(regions.book, t)] == []
    vague = [c for c, t in today.items() if t.endswith("0000") and c[:2] not in {"11", "12", "31", "50"}]
    assert len(vague) / len(former) < 0.005


# The table of codes leaves these open, though their places have other codes by now.
LEFT_OPEN = {"429001", "422921"}


def test_every_merger_is_of_a_known_code_into_one_in_force(regions: Regions) -> None:
    for former, today in read_table("cn_mergers").rows:
        assert former in regions.book.names, former
        assert is_in_force(regions.book, former) is (former in LEFT_OPEN), former
        assert is_in_force(regions.book, today), today


@pytest.mark.parametrize(
    ("code", "province_en", "city_en"),
    [
        ("330106", "Zhejiang", "Hangzhou"),
        ("150100", "Inner Mongolia", "Hohhot"),
        ("420600", "Hubei", "Xiangyang"),
        ("610100", "Shaanxi", "Xi'an"),
        ("429004", "Hubei", "Xiantao"),
        ("110105", "Beijing", None),
        ("810000", "Hong Kong", None),
    ],
)
def test_names_of_english_maps(regions: Regions, code: str, province_en: str, city_en: str | None) -> None:
    fact = regions.look_up(code)
    assert fact is not None
    assert (fact.province_en, fact.city_en) == (province_en, city_en)


def test_every_present_prefecture_has_an_english_name(regions: Regions) -> None:
    codes = [c for c in regions.book.names if c.endswith("00") and c[2:4] != "00" and is_in_force(regions.book, c)]
    facts = [regions.look_up(c) for c in codes]
    assert [f.code for f in facts if f and not (f.province_en and f.city_en)] == []
