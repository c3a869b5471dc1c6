from __future__ import annotations

from pathlib import Path

import pytest

from kyc_service.evaluation.documents.comparing import Match, compare
from kyc_service.evaluation.documents.reading import OpenReader
from kyc_service.evaluation.documents.seen import State
from tests.evaluation.documents.builders import NOW, ROOT, NullReader, labelled, policy

APPLICANTS = ROOT / "fixtures" / "applicants"


def test_what_holds_no_text_is_sent_back_and_what_is_no_picture_is_refused(tmp_path: Path) -> None:
    reader = NullReader()()
    (empty,) = reader.read((labelled(path=APPLICANTS / "no_card" / "document_front.jpg"),))
    assert (empty.state, empty.retakes) == (State.SENT_BACK, ("document_not_found",))
    assert {"total", "decode", "locate", "read"} <= set(empty.timings_ms or {})
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"not a picture")
    (refused,) = reader.read((labelled(path=broken),))
    assert (refused.state, refused.cause) == (State.REFUSED, "image_type_unsupported")


@pytest.mark.models
def test_a_genuine_card_is_read_and_clear_and_a_wrong_check_digit_is_not() -> None:
    reader = OpenReader(ROOT / "models", policy(), NOW, warm=False)()

    def front(case: str, number: str) -> tuple[bool, bool]:
        path = APPLICANTS / case / "document_front.jpg"
        (found,) = reader.read((labelled(2, {"id_number": number}, path=path),))
        (compared,) = compare(found)
        return compared.match is Match.EXACT, found.fields["id_number"].ends_clear

    assert front("genuine_cn_card", "330106198503129989") == (True, True)
    assert front("wrong_check_digit", "510104199006159980") == (True, False)
