from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from kyc_service.consistency.identity.full_name import measure
from kyc_service.domain.claims import Claims
from kyc_service.domain.document import DocumentReading
from kyc_service.domain.facts import Facts, NameFact
from kyc_service.domain.measurements import Finding, NotAssessed
from kyc_service.domain.reasons import Reason

TODAY = date(2026, 11, 23)
PINYIN, REORDERED, SIMPLIFIED = "pinyin", "reordered", "simplified"
TABLES = {
    "张三": ("张三", ("ZHANG SAN",)),
    "張三": ("张三", ("ZHANG SAN",)),
    "方安": ("方安", ("FANG AN",)),
    "欧阳晓明": ("欧阳晓明", ("OUYANG XIAOMING",)),
    "单雄信": ("单雄信", ("DAN XIONGXIN", "SHAN XIONGXIN")),
    "吕布": ("吕布", ("LYU BU",)),
    "陳大文": ("陈大文", ("CHEN DAWEN",)),
}
REASON = {
    "exact": (),
    "normalised": (),
    SIMPLIFIED: (Reason.NAME_MATCHES_SIMPLIFIED,),
    PINYIN: (Reason.NAME_MATCHES_PINYIN,),
    REORDERED: (Reason.NAME_MATCHES_NORMALISED,),
    "transliterated": (Reason.NAME_MATCHES_NORMALISED,),
    "different": (Reason.NAME_MISMATCH,),
}


def fact(name: str) -> NameFact:
    simplified, romanised = TABLES.get(name, (name, ()))
    return NameFact(name, simplified, romanised, ())


def mode(document: DocumentReading, claimed: str, printed: str | None, *, with_tables: bool = True) -> str:
    facts = Facts(claimed_name=fact(claimed), printed_name=fact(printed) if printed else None)
    claims = Claims(full_name=claimed)
    found = measure(replace(document, full_name=printed), claims, facts if with_tables else Facts(), TODAY)
    assert isinstance(found, Finding)
    named = str(found.evidence.values["mode"])
    assert found.reasons == REASON[named]
    return named


@pytest.mark.parametrize(
    ("claimed", "printed", "expected"),
    [
        ("张三", "张三", "exact"),
        ("张\u200b 三", "张三", "normalised"),
        ("張三", "张三", SIMPLIFIED),
        ("张三", "張三", SIMPLIFIED),
        ("張 三", "张三", "different"),  # tables know only what they were asked
        ("Zhang San", "张三", PINYIN),
        ("ZHANG, SAN", "张三", PINYIN),
        ("Zhāng Sān", "张三", PINYIN),
        ("San Zhang", "张三", REORDERED),
        ("Zhangsan", "张三", "different"),
        ("Zhang Si", "张三", "different"),
        ("Zhang 三", "张三", "different"),
        ("Fan Gan", "方安", "different"),
        ("Ouyang Xiao-ming", "欧阳晓明", PINYIN),
        ("Ou Yang Xiao Ming", "欧阳晓明", PINYIN),
        ("Xiao Ming Ou Yang", "欧阳晓明", REORDERED),
        ("Shan Xiongxin", "单雄信", PINYIN),
        ("Dan Xiongxin", "单雄信", PINYIN),
        ("Lü Bu", "吕布", PINYIN),
        ("Lv Bu", "吕布", PINYIN),
        ("Lu Bu", "吕布", "different"),
        ("李四", "张三", "different"),
    ],
)
def test_the_way_a_claimed_name_agrees_with_a_card_is_named(
    card: DocumentReading, claimed: str, printed: str, expected: str
) -> None:
    assert mode(card, claimed, printed) == expected


@pytest.mark.parametrize(("claimed", "printed"), [("張三", "张三"), ("Zhang San", "张三")])
def test_without_tables_only_letters_agree(card: DocumentReading, claimed: str, printed: str) -> None:
    assert mode(card, claimed, printed, with_tables=False) == "different"


def zone_of(passport: DocumentReading, names: str) -> DocumentReading:
    return replace(passport, mrz_lines=(f"P<CHN{names}".ljust(44, "<"), passport.mrz_lines[1]))


@pytest.mark.parametrize(
    ("claimed", "names", "expected"),
    [
        ("张三", "ZHANG<<SAN", PINYIN),
        ("張三", "ZHANG<<SAN", PINYIN),
        ("欧阳晓明", "OUYANG<<XIAOMING", PINYIN),
        ("张三", "SAN<<ZHANG", REORDERED),
        ("Zhang San", "ZHANG<<SAN", "normalised"),
    ],
)
def test_a_name_in_characters_may_be_a_zones_in_pinyin(
    passport: DocumentReading, claimed: str, names: str, expected: str
) -> None:
    assert mode(zone_of(passport, names), claimed, None) == expected


def test_characters_that_a_zone_spells_otherwise_are_for_people(passport: DocumentReading) -> None:
    document = replace(zone_of(passport, "CHAN<<TAI<MAN"), full_name="CHAN TAI MAN")
    found = measure(document, Claims(full_name="陳大文"), Facts(claimed_name=fact("陳大文")), TODAY)
    assert isinstance(found, NotAssessed)
    assert found.reason is Reason.FACT_UNKNOWN


def test_the_tables_say_nothing_of_names_in_latin_letters(passport: DocumentReading) -> None:
    latin = NameFact("ERIKSSON ANNA MARIA", "ERIKSSON ANNA MARIA", ("ERIKSSON ANNAMARIA",), ())
    found = measure(passport, Claims(full_name="Eriksson Annamaria"), Facts(printed_name=latin), TODAY)
    assert isinstance(found, Finding)
    assert found.reasons == (Reason.NAME_MISMATCH,)


def test_what_the_tables_say_of_another_name_counts_for_nothing(card: DocumentReading) -> None:
    facts = Facts(claimed_name=fact("張三"), printed_name=fact("张三"))
    for claimed, printed in (("李四", "张三"), ("張三", "李四"), ("Zhang San", "李四")):
        found = measure(replace(card, full_name=printed), Claims(full_name=claimed), facts, TODAY)
        assert isinstance(found, Finding)
        assert found.reasons == (Reason.NAME_MISMATCH,)
