from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyc_service.identifiers.mrz import fitted, from_ocr, is_coded_line, normalise_line

TD1 = ("I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<")
TD2 = ("I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "D231458907UTO7408122F1204159<<<<<<<6")
TD3 = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10")
POLISH = ("P<POLKOWALSKA<KWIATKOWSKA<<JOANNA<<<<<<<<<<<", "AA00000000POL6002084F1412314<<<<<<<<<<<<<<<4")
MRV_A = ("V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L8988901C4XXX4009078F96121096ZE184226B<<<<<<")
MRV_B = ("V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "L8988901C4XXX4009078F9612109<<<<<<<<")


@pytest.mark.parametrize(
    ("read", "line"),
    [
        ("p < u t o", "P<UTO"),
        ("P＜UTO", "P<UTO"),
        ("P‹UTO", "P<UTO"),
        ("PくUTO", "P<UTO"),
        ("ERIKSSON«ANNA≪", "ERIKSSON<<ANNA<<"),
        ("１２３", "123"),
        ("РАЅЅ", "PASS"),
        ("Ø1", "01"),
    ],
)
def test_lines_come_in_one_alphabet(read: str, line: str) -> None:
    assert normalise_line(read) == line


@pytest.mark.parametrize("lines", [TD1, TD2, TD3, POLISH, MRV_A, MRV_B])
@pytest.mark.parametrize("lost", [1, 3, 4])
def test_lost_filler_is_restored(lines: tuple[str, ...], lost: int) -> None:
    run = "<" * 5
    read = [line[: line.rfind(run)] + line[line.rfind(run) + lost :] for line in lines]
    assert from_ocr(read) == lines


@pytest.mark.parametrize("lines", [TD1, TD2, TD3, MRV_A])
def test_surplus_filler_is_taken_away(lines: tuple[str, ...]) -> None:
    run = "<" * 5
    read = [line[: line.rfind(run)] + "<<" + line[line.rfind(run) :] for line in lines]
    assert from_ocr(read) == lines


@pytest.mark.parametrize(
    "read",
    [
        (TD3[0].rstrip("<"), TD3[1]),  # the name may be cut off
        (TD3[0], TD3[1][:20] + TD3[1][21:]),  # lost among the data, but filler could stand in for it
        (TD3[0], TD3[1][:28]),  # the check digits are gone
        (TD3[0], TD3[1].replace("<", "") + "<" * 40),
    ],
)
def test_nothing_but_filler_is_made_up(read: tuple[str, ...]) -> None:
    kept = ["".join(line.split("<")) for line in from_ocr(read)]
    assert kept == ["".join(line.split("<")) for line in read]


def test_a_name_without_filler_at_its_end_is_not_padded() -> None:
    assert from_ocr((TD3[0].rstrip("<"), TD3[1]))[0] == TD3[0].rstrip("<")


def test_a_line_too_long_by_more_than_its_filler_stays_so() -> None:
    long = "P<UTO" + "A" * 50 + "<"
    assert from_ocr((long, TD3[1]))[0] == long


def test_lines_of_no_format_are_only_normalised() -> None:
    assert from_ocr(["p<uto"]) == ("P<UTO",)


@pytest.mark.parametrize("lost", [0, 4, 9])
def test_a_card_that_lost_its_last_line_is_no_td2(lost: int) -> None:
    first, second, _ = TD1
    cut = (first[: len(first) - lost], second[: 29 - lost] + second[-1])
    assert fitted(cut) is None
    assert from_ocr(cut) == cut


@pytest.mark.parametrize("lines", [TD1[1:], TD1[::-1], TD2[::-1], TD3[::-1], (TD1[0], TD3[1]), TD3[:1], (*TD3, *TD3)])
def test_lines_out_of_order_are_of_no_format(lines: tuple[str, ...]) -> None:
    assert fitted(lines) is None


def test_a_character_of_no_alphabet_fits_nowhere() -> None:
    assert fitted((TD3[0], TD3[1].replace("ZE1", "Z月1"))) is None


def test_a_few_characters_of_the_wrong_type_are_the_zones_own_fault() -> None:
    assert fitted((TD3[0], TD3[1].replace("740812", "7X0812"))) is not None
    assert fitted((TD3[0], TD3[1].replace("740812", "XXXX12"))) is None


@pytest.mark.parametrize(("columns", "width"), [(44, 44), (43, 44), (36, 36), (37, 36), (None, 36)])
def test_the_pitch_tells_visas_apart_that_lost_their_filler(columns: int | None, width: int) -> None:
    read = ("V<UTOERIKSSON<<ANNA<MARIA<<<<", "L8988901C4XXX4009078F9612109<<<<")
    assert {len(line) for line in from_ocr(read, columns)} == {width}


@pytest.mark.parametrize("line", [TD1[1], TD2[1], TD3[1], MRV_A[1], MRV_B[1], "4133990O<3UT0801OO74M200619852832150"])
def test_coded_lines_are_told_by_their_dates(line: str) -> None:
    assert is_coded_line(line)


@pytest.mark.parametrize(
    "line", [TD1[0], TD1[2], TD2[0], TD3[0], "DEPARTMENTOFTHEINTERIOR", "DOLLBOBDISSLLOOLLMOLLODLLGBI", ""]
)
def test_other_lines_are_not(line: str) -> None:
    assert not is_coded_line(line)


@given(st.lists(st.text(max_size=60), max_size=4))
def test_any_text_comes_back_with_only_filler_changed(lines: list[str]) -> None:
    fitted = from_ocr(lines)
    assert [line.replace("<", "") for line in fitted] == [normalise_line(line).replace("<", "") for line in lines]
