from __future__ import annotations

from datetime import date

import pytest

from kyc_service.documents.families.cn_resident_card.back import digits_of, parse_back, validity_in
from tests.documents.samples import line


@pytest.mark.parametrize(
    ("text", "start", "end", "is_open"),
    [
        ("2016.05.04-2036.05.04", date(2016, 5, 4), date(2036, 5, 4), False),
        ("有效期限2016.05.04-2036.05.04", date(2016, 5, 4), date(2036, 5, 4), False),
        ("2016.05.04-长期", date(2016, 5, 4), None, True),
        ("2016.05.042036.05.04", date(2016, 5, 4), date(2036, 5, 4), False),
        ("2016.02.30-2036.05.04", None, date(2036, 5, 4), False),
        ("2036.05.04-2016.05.04", None, None, False),
    ],
)
def test_periods(text: str, start: date | None, end: date | None, *, is_open: bool) -> None:
    validity = validity_in(line(text, 500, 690))
    assert validity is not None
    back = parse_back(digits_of(validity), [line("签发机关", 240, 580), line("杭州市公安局西湖区分局", 500, 580)])
    assert (back.valid_from, back.valid_until, back.is_open) == (start, end, is_open)
    assert back.authority is not None
    assert back.authority.text == "杭州市公安局西湖区分局"


@pytest.mark.parametrize("text", ["330106198503129989", "1985年3月12日", "P<UTOERIKSSON<<ANNA", ""])
def test_other_lines_hold_no_period(text: str) -> None:
    assert validity_in(line(text)) is None


def test_the_days_stand_on_their_own_parts_of_the_line() -> None:
    validity = validity_in(line("2016.05.04-长期"))
    assert validity is not None
    start, end = parse_back(validity, []).parts()
    assert start is not None
    assert end is not None
    assert (start.text, end.text) == ("2016.05.04", "长期")
    assert start.lines[0].right < end.lines[0].right
