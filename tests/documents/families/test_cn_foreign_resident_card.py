from __future__ import annotations

from datetime import date

import cv2
import numpy as np
import pytest

from kyc_service.documents.engines import DocumentEngines
from kyc_service.documents.families.cn_foreign_resident_card import CnForeignResidentCard, _reading
from kyc_service.documents.finding.locate import whole_picture
from kyc_service.documents.reading.rows import Row
from kyc_service.documents.stage import read_front
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.claims import DocumentType
from kyc_service.domain.document import FieldName
from specimens.attack_protocol import Split
from specimens.families import cn_foreign_resident_card as drawn
from specimens.families.protocol import FRONT
from tests.documents.samples import TODAY, line, picture_of


@pytest.mark.models
def test_labels_and_forms_give_the_fields_and_free_text_stays_uncertain(engines: DocumentEngines) -> None:
    side = drawn.CnForeignResidentCard().issue(np.random.default_rng(7), Split.TRAIN).draw(FRONT)
    table = np.full((side.flat.pixels.shape[0] + 300, side.flat.pixels.shape[1] + 300, 3), 70, np.uint8)
    table[150:-150, 150:-150] = cv2.cvtColor(side.flat.pixels, cv2.COLOR_RGB2BGR)
    reading = read_front(picture_of(table), None, engines, TODAY).reading
    assert reading is not None
    assert reading.document_type is DocumentType.CN_FOREIGN_PERMANENT_RESIDENT_CARD
    assert reading.id_number == side.truth["id_number"]
    assert reading.date_of_birth == date.fromisoformat(side.truth["date_of_birth"])
    assert reading.valid_until == date.fromisoformat(side.truth["valid_until"])
    assert reading.sex is not None
    assert reading.sex.value == side.truth["sex"]
    assert reading.full_name == side.truth["full_name"].replace(" ", "")
    name, number = reading.field(FieldName.FULL_NAME), reading.field(FieldName.ID_NUMBER)
    assert name is not None
    assert not name.is_certain
    assert number is not None
    assert number.is_certain


@pytest.mark.parametrize(
    ("text", "is_told"),
    [("944250196505119978", True), ("330106198503129989", False), ("94425019650511997", False)],
)
def test_only_numbers_of_foreigners_tell_it(text: str, is_told: bool) -> None:  # noqa: FBT001 - a table's column
    assert CnForeignResidentCard().is_told_by(line(text)) is is_told


@pytest.mark.parametrize(("confidence", "is_certain"), [(0.96, True), (0.94, False)])
def test_what_is_read_once_is_certain_only_beyond_doubt(confidence: float, *, is_certain: bool) -> None:
    document = whole_picture(picture_of(np.zeros((600, 900, 3), np.uint8)), CaptureKind.DOCUMENT_FRONT)
    texts = ("男/M", "1965.05.11", "2023.12.01-2033.12.01")
    lines = [line(text, y=60.0 * i, confidence=confidence) for i, text in enumerate(texts)]
    reading = _reading(document, Row((line("944250196505119978", confidence=confidence),)), lines)
    assert {field.name: field.is_certain for field in reading.fields} == dict.fromkeys(
        (FieldName.ID_NUMBER, FieldName.DATE_OF_BIRTH, FieldName.SEX, FieldName.VALID_FROM, FieldName.VALID_UNTIL),
        is_certain,
    )
