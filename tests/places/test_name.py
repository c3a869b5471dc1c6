from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kyc_service.places.name import MAX_READINGS, describe_name


@pytest.mark.parametrize(
    ("name", "readings"),
    [
        ("单雄信", ["SHAN XIONGXIN", "DAN XIONGXIN"]),
        ("仇和", ["QIU HE"]),
        ("曾国藩", ["ZENG GUOFAN"]),
        ("解缙", ["XIE JIN"]),
        ("尉迟恭", ["YUCHI GONG"]),
        ("欧阳修", ["OUYANG XIU"]),
        ("吕布", ["LYU BU", "LV BU", "LU BU"]),
        ("买买提·艾力", ["MAIMAITI AILI"]),
        ("買買提‧艾力", ["MAIMAITI AILI"]),
        ("諸葛亮", ["ZHUGE LIANG"]),
        ("李", ["LI"]),
    ],
)
def test_the_ways_a_name_is_read(name: str, readings: list[str]) -> None:
    fact = describe_name(name)
    assert fact.romanised[0] == readings[0]
    assert set(readings) <= set(fact.romanised)


@pytest.mark.parametrize(
    ("name", "simplified"), [("歐陽鋒", "欧阳锋"), (" 張 三 ", "张三"), ("买买提• 艾力", "买买提·艾力")]
)
def test_traditional_characters_spaces_and_dots_become_one_spelling(name: str, simplified: str) -> None:
    assert describe_name(name).simplified == simplified


@pytest.mark.parametrize(
    ("name", "simplified"), [("Müller  Anna", "Müller Anna"), ("ＺＨＡＮＧ San", "ZHANG San"), ("", "")]
)
def test_latin_names_have_no_readings(name: str, simplified: str) -> None:
    fact = describe_name(name)
    assert (fact.simplified, fact.romanised) == (simplified, ())


def test_a_character_without_a_known_reading_leaves_the_name_unread() -> None:
    assert describe_name("王\U000221f0x").romanised == ()


def test_readings_are_bounded() -> None:
    assert len(describe_name("任盖解长乐行单朴").romanised) <= MAX_READINGS


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200) | st.text("王单解曾欧阳吕·•. 长乐行", max_size=80))
def test_no_name_raises(text: str) -> None:
    fact = describe_name(text)
    assert len(fact.romanised) <= MAX_READINGS
    assert all(reading == reading.upper() and reading.isascii() for reading in fact.romanised)
    assert all(s.name and s.version for s in fact.sources)
