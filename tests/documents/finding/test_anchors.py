from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyc_service.documents.finding.anchors import told_by
from kyc_service.documents.registry import LINE_FAMILIES
from tests.documents.samples import line


@pytest.mark.parametrize(
    ("text", "family"),
    [
        ("330106198503129989", "cn_resident_identity_card.front"),
        ("公民身份号码33010619850312998X", "cn_resident_identity_card.front"),
        ("2016.05.04-2036.05.04", "cn_resident_identity_card.back"),
        ("2016.05.04-长期", "cn_resident_identity_card.back"),
        ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<", "icao_mrz"),
        ("L898902C36UTO7408122F1204159ZE184226B<<<<<10", "icao_mrz"),
        ("+8613805700000", None),
        ("1985年3月12日", None),
        ("The quick brown fox jumps over the lazy dog", None),
    ],
)
def test_one_line_tells_the_family(text: str, family: str | None) -> None:
    told = told_by(line(text), LINE_FAMILIES)
    assert (told.name if told else None) == family


@given(st.text(max_size=60))
def test_no_text_breaks_it(text: str) -> None:
    told_by(line(text), LINE_FAMILIES)
