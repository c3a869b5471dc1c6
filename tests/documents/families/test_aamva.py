from __future__ import annotations

from datetime import date

import cv2
import numpy as np
import pytest

from kyc_service.consistency.barcode import measure
from kyc_service.documents.engines import DocumentEngines
from kyc_service.documents.join import join
from kyc_service.documents.stage import DocumentStage, read_back, read_front
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.claims import DocumentType
from kyc_service.domain.document import DocumentReading, FieldName
from kyc_service.domain.measurements import Finding
from kyc_service.domain.reasons import Reason
from kyc_service.imaging.picture import Pixels
from kyc_service.inference.barcode import ZxingBarcodeReader
from specimens.attack_protocol import Split
from specimens.families.aamva import BARCODE_MISMATCH, Aamva
from specimens.families.protocol import BACK, FRONT, NO_ATTACK
from tests.documents.samples import TODAY, picture_of

pytestmark = pytest.mark.models


def on_a_table(rgb: Pixels) -> Pixels:
    table = np.full((rgb.shape[0] + 300, rgb.shape[1] + 300, 3), 90, np.uint8)
    table[150:-150, 150:-150] = cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR)
    return table


def sides(engines: DocumentEngines, attack: str = NO_ATTACK) -> tuple[DocumentStage, DocumentStage, dict[str, str]]:
    with_barcodes = DocumentEngines(engines.text, ZxingBarcodeReader())
    issued = Aamva().issue(np.random.default_rng(5), Split.TRAIN, attack)
    front, back = issued.draw(FRONT), issued.draw(BACK)
    read = (
        read_front(picture_of(on_a_table(front.flat.pixels)), None, with_barcodes, TODAY),
        read_back(picture_of(on_a_table(back.flat.pixels)), None, with_barcodes, TODAY),
    )
    return (*read, dict(back.truth))


def joined(engines: DocumentEngines, attack: str = NO_ATTACK) -> tuple[DocumentReading, dict[str, str]]:
    front, back, truth = sides(engines, attack)
    reading = join([front, back]).reading
    assert reading is not None
    return reading, truth


def reasons(reading: DocumentReading) -> set[Reason]:
    return {reason for m in measure(reading, TODAY) if isinstance(m, Finding) for reason in m.reasons}


def test_the_barcode_says_everything_and_the_front_confirms_it(engines: DocumentEngines) -> None:
    reading, truth = joined(engines)
    assert reading.document_type is DocumentType.DRIVING_LICENCE
    assert reading.date_of_birth == date.fromisoformat(truth["date_of_birth"])
    number = reading.field(FieldName.DOCUMENT_NUMBER)
    assert number is not None
    assert (number.text, number.capture) == (truth["document_number"], CaptureKind.DOCUMENT_BACK)
    printed = [f for f in reading.fields if f.name is FieldName.DOCUMENT_NUMBER][-1]
    assert printed.capture is CaptureKind.DOCUMENT_FRONT
    assert Reason.BARCODE_CONTRADICTS_PRINTED_TEXT not in reasons(reading)
    assert Reason.BARCODE_MISSING not in reasons(reading)


def test_a_number_that_the_barcode_contradicts_is_told(engines: DocumentEngines) -> None:
    reading, _ = joined(engines, BARCODE_MISMATCH)
    assert Reason.BARCODE_CONTRADICTS_PRINTED_TEXT in reasons(reading)


def test_a_front_alone_is_the_family_without_its_barcode(engines: DocumentEngines) -> None:
    front, _, truth = sides(engines)
    reading = join([front]).reading
    assert reading is not None
    assert reading.barcode is None
    assert reading.date_of_birth == date.fromisoformat(truth["date_of_birth"])
    assert reading.document_type is DocumentType.DRIVING_LICENCE
