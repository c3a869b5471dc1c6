from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyc_service.documents.finding.anchors import AnchorKind, kind_of
from tests.documents.samples import line


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("330106198503129989", AnchorKind.CN_FRONT),
        ("公民身份号码33010619850312998X", AnchorKind.CN_FRONT),
        ("2016.05.04-2036.05.04", AnchorKind.CN_BACK),
        ("2016.05.04-长期", AnchorKind.CN_BACK),
        ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<", AnchorKind.MRZ),
        ("L898902C36UTO7408122F1204159ZE184226B<<<<<10", AnchorKind.MRZ),
        ("+8613805700000", None),
        ("1985年3月12日", None),
        ("The quick brown fox jumps over the lazy dog", None),
    ],
)
def test_one_line_tells_the_family(text: str, kind: AnchorKind | None) -> None:
    assert kind_of(line(text)) is kind


@given(st.text(max_size=60))
def test_no_text_breaks_it(text: str) -> None:
    kind_of(line(text))
