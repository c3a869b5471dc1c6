from __future__ import annotations

from datetime import date

import pytest

from kyc_service.documents.families.cn_resident_card.front import CnFront, number_in, parse_front
from kyc_service.documents.reading.rows import Row
from kyc_service.domain.document import Sex
from tests.documents.samples import line

NUMBER = "330106198503129989"
LABELLED = [
    line("姓名", 60, 90),
    line("陆青禾", 220, 90),
    line("性别", 60, 200),
    line("女", 220, 200),
    line("民族汉", 360, 200),
    line("出生", 60, 310),
    line("1985年3月12日", 220, 310),
    line("住址", 60, 420),
    line("浙江省杭州市西湖区样例", 220, 420),
    line("路12号3幢401室", 220, 500),
]
PLAIN = [li for li in LABELLED if li.text not in {"姓名", "性别", "出生", "住址"}]


def front(*lines: object, number: str = NUMBER) -> CnFront:
    found = number_in(line(number, 420, 690))
    assert found is not None
    return parse_front(found, lines)  # type: ignore[arg-type]


@pytest.mark.parametrize("lines", [LABELLED, PLAIN, LABELLED[::-1]])
def test_reads_all_fields_with_and_without_labels_in_any_order(lines: list[object]) -> None:
    read = front(*lines)
    assert read.is_complete
    assert read.number.text == NUMBER
    assert [row.text for row in (read.name, read.sex, read.ethnicity) if row] == ["陆青禾", "女", "汉"]
    assert read.birth_date == date(1985, 3, 12)
    assert read.sex_value is Sex.FEMALE
    assert "".join(row.text for row in read.address) == "浙江省杭州市西湖区样例路12号3幢401室"


def test_number_is_found_beside_its_label() -> None:
    found = number_in(line("公民身份号码" + NUMBER))
    assert found is not None
    assert found.text == NUMBER
    assert found.lines[0].left == pytest.approx(180, abs=16)


def test_letters_among_digits_are_digits_and_a_cross_is_an_x() -> None:
    found = number_in(line("33O1O61985O31299l9"))
    assert found is not None
    assert found.text == "330106198503129919"
    crossed = number_in(line("11010519491231002×"))
    assert crossed is not None
    assert crossed.text == "11010519491231002X"


@pytest.mark.parametrize("number", ["33010619850312998", "3301061985031299899"])
def test_a_number_of_another_length_is_not_whole(number: str) -> None:
    found = number_in(line(number))
    assert found is not None
    assert found.text == number
    assert not CnFront(found).has_whole_number


def test_a_wrong_check_digit_is_read_as_printed() -> None:
    found = number_in(line("330106198503129980"))
    assert found is not None
    assert found.text == "330106198503129980"
    assert CnFront(found).has_whole_number


def test_an_impossible_birth_date_is_no_date() -> None:
    lines = [li for li in PLAIN if "年" not in li.text]
    assert front(*lines, line("1985年2月30日", 220, 310)).birth_date is None


def test_the_mark_of_a_specimen_and_far_away_text_are_no_part_of_the_name() -> None:
    read = front(*PLAIN, line("样本SPECIMEN", 330, 92), line("远", 560, 90))
    assert read.name is not None
    assert read.name.text == "陆青禾"


def test_an_unknown_ethnicity_leaves_the_front_incomplete() -> None:
    lines = [li for li in PLAIN if li.text != "民族汉"]
    read = front(*lines, line("民族汊", 360, 200))
    assert not read.is_complete
    assert read.ethnicity is not None
    assert read.ethnicity.text == "汊"


def test_nothing_above_the_number_reads_as_nothing() -> None:
    read = front()
    assert (read.name, read.sex_value, read.birth_date, read.address) == (None, None, None, ())
    assert isinstance(read.number, Row)
