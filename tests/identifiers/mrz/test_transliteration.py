from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyc_service.identifiers.mrz import is_writable, is_written_as
from kyc_service.identifiers.mrz.arabic import ARABIC
from kyc_service.identifiers.mrz.cyrillic import CYRILLIC


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Müller", "MUELLER"),
        ("Müller", "MULLER"),
        ("Mu\u0308ller", "MUELLER"),
        ("Größe", "GROESSE"),
        ("Ångström", "AANGSTROEM"),
        ("Åse", "ASE"),
        ("Peña", "PENA"),
        ("Peña", "PENXXA"),
        ("Łuczak", "LUCZAK"),
        ("Þórður", "THORDUR"),
        ("Nguyễn", "NGUYEN"),
        ("O'Connor", "OCONNOR"),
        ("O’Connor", "OCONNOR"),
        ("Anna-Maria", "ANNA MARIA"),
        ("Eriksson, Anna", "ERIKSSON ANNA"),
        ("J. R. Smith", "J R SMITH"),
        ("  van   der Berg ", "VAN DER BERG"),
        ("ＡＮＮＡ", "ANNA"),
        ("D'ARTAGNAN", "DARTAGNAN"),
        ("MARIE-ELISE", "MARIE ELISE"),
        ("ANNA, MARIA", "ANNA MARIA"),
        ("AL–BASRI (HUDA)", "AL BASRI HUDA"),
        ("Müller", "MUXXLLER"),
        ("ŞIĞLI", "SIGLI"),
        ("ILIJA Ĳ", "ILIJA IJ"),
        ("Čapkovičová", "CAPKOVICOVA"),
        ("Жанна Щукина", "ZHANNA SHCHUKINA"),
        ("Щукина", "SHTUKINA"),
        ("Ющенко", "YUSHCHENKO"),
        ("Ющенко", "IUSHCHENKO"),
        ("Подъячев", "PODIEIACHEV"),
        ("Соль", "SOL"),
        ("Ђорђевић", "DORDEVIC"),
        ("Ѓорѓи", "GJORGJI"),
        ("عبّاس", "EBBAS"),
        ("فضّة", "FXDZDZXAH"),
        ("سمية", "SMYXAH"),
        ("چنگیز", "XCNXGGXYAZ"),
    ],
)
def test_names_are_written_as_the_table_says(name: str, written: str) -> None:
    assert is_written_as(name, written)


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Müller", "MILLER"),
        ("Muller", "MUELLER"),
        ("Anna", "ANNA MARIA"),
        ("Anna Maria", "ANNA"),
        ("Anna", "ANN"),
        ("张三", "ZHANG SAN"),
        ("", "ANNA"),
        ("Anna", ""),
        ("Матюх", "MATYUKH"),
        ("ةب", "XAHB"),
    ],
)
def test_likeness_is_not_enough(name: str, written: str) -> None:
    assert not is_written_as(name, written)


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("NILAVADHANANANDA, CHAYAPA DEJTHAMRONG KRASUANG", "NILAVADHANANANDA CHAYAPA DEJTHAMRONG K"),
        ("NILAVADHANANANDA, CHAYAPA DEJTHAMRONG KRASUANG", "NILAVADHANANANDA CHAYAPA DE K"),
        ("NILAVADHANANANDA, ARNPOL PETCH CHARONGUANG", "NILAVADHANANANDA ARNPOL PE CH"),
        ("BENNELONG WOOLOOMOOLOO WARRANDYTE WARNAMBOOL, DINGO POTOROO", "BENNELONG WOOLOOMOOLOO W W DI"),
        ("BENNELONG WOOLOOMOOLOO WARRANDYTE WARNAMBOOL, DINGO POTOROO", "BENNE WOOLO WARRA WARNA DIN P"),
        ("VILARCHAO FERNANDEZ, JOSE RAMON", "VILARCHAO FERNANDEZ JOSE RAMO"),
        ("PAPANDROPOULOUS, JONATHON ALEC", "PAPANDROPOULOUS JONATHON ALEC"),
        ("Anna Gäbler", "ANNA GA"),
    ],
)
def test_components_of_a_truncated_name_may_lack_their_ends(name: str, written: str) -> None:
    """The examples of part 4, section 4.2.3, and part 5, section 4.2.3."""
    assert is_written_as(name, written, is_truncated=True)


def test_a_truncated_name_is_still_that_name() -> None:
    assert not is_written_as("Nilavadhanananda Chayapa", "NILAVADHANANANDA CHAX", is_truncated=True)
    assert not is_written_as("Nilava", "NILAVADHANANANDA", is_truncated=True)
    assert not is_written_as("Nilava Chayapa", "NILAVA CHAYAPA ARNPOL", is_truncated=True)
    assert not is_written_as("Nilava", "", is_truncated=True)


@pytest.mark.parametrize(
    ("name", "expected"), [("Zoë", True), ("Владимир", False), ("عباس", False), ("张三", False), ("", False)]
)
def test_only_of_latin_names_another_spelling_is_another_name(name: str, *, expected: bool) -> None:
    assert is_writable(name) is expected


def test_the_tables_are_whole() -> None:
    """Part 3, section 6."""
    printed = "ЁЂЄЅІЇЈЉЊЌЎЏ" + "".join(map(chr, range(0x410, 0x430))).replace("Ь", "") + "ѪѴҐҒҺ"
    assert set(printed) <= set(CYRILLIC)
    assert len(ARABIC) == 80
    assert all(way == way.upper() for ways in CYRILLIC.values() for way in ways)


@given(st.text("ABCÄÖÜÅ", min_size=1, max_size=40))
def test_each_letter_in_its_first_way_is_written_so(name: str) -> None:
    first = {"Ä": "AE", "Ö": "OE", "Ü": "UE", "Å": "AA"}
    assert is_written_as(name, "".join(first.get(c, c) for c in name))


@given(st.text(), st.text("ABC ", max_size=20), st.booleans())
def test_what_is_written_whole_is_also_a_beginning(name: str, written: str, is_truncated: bool) -> None:  # noqa: FBT001
    if is_written_as(name, written, is_truncated=is_truncated):
        assert is_written_as(name, written, is_truncated=True)
