from __future__ import annotations

from datetime import date

import cv2
import numpy as np
import pytest

from kyc_service.consistency.barcode import measure
from kyc_service.documents.engines import DocumentEngines
from kyc_service.documents.families.aamva import AamvaCard
from kyc_service.documents.finding.locate import whole_picture
from kyc_service.documents.join import join
from kyc_service.documents.reading.lines import Page, Timings
from kyc_service.documents.stage import DocumentStage, read_back, read_front
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.claims import DocumentType
from kyc_service.domain.document import DocumentReading, FieldName
from kyc_service.domain.measurements import Finding
from kyc_service.domain.reasons import Reason
from kyc_service.imaging.picture import Pixels
from kyc_service.inference.barcode import Barcode, NullBarcodeReader, ZxingBarcodeReader
from kyc_service.inference.ocr import NullTextReader
from specimens.attack_protocol import Split
from specimens.families.aamva import BARCODE_MISMATCH, Aamva
from specimens.families.protocol import BACK, FRONT, NO_ATTACK
from tests.documents.samples import TODAY, line, picture_of

pytestmark = pytest.mark.models
PAYLOAD = (
    b"@\n\x1e\rANSI 636000100101DL00310084DLDAQT64235789\nDCSSAMPLE\nDACMICHAEL\nDADJOHN\nDBB06061986\nDBA12102034\n"
    b"DBC1\nDAJVA\nDCGUSA\r"
)
QUAD = np.array([(0, 0), (90, 0), (90, 30), (0, 30)], np.float32)


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


def front_with(engines: DocumentEngines, *payloads: bytes) -> DocumentReading:
    """A front that is not cut off, with barcodes stuck on it."""
    seen = NullBarcodeReader(tuple(Barcode(payload, QUAD) for payload in payloads))
    issued = Aamva().issue(np.random.default_rng(5), Split.TRAIN)
    picture = picture_of(on_a_table(issued.draw(FRONT).flat.pixels))
    reading = read_front(picture, None, DocumentEngines(engines.text, seen), TODAY).reading
    assert reading is not None
    return reading


def test_a_barcode_on_the_front_leaves_its_print_to_be_held_against_it(engines: DocumentEngines) -> None:
    reading, bare = front_with(engines, PAYLOAD), front_with(engines)
    assert reading.barcode == PAYLOAD.decode()
    assert reading.printed_lines == bare.printed_lines
    assert [f.text for f in reading.fields[-len(bare.fields) :]] == [f.text for f in bare.fields]
    assert Reason.PRINTED_TEXT_NOT_CONFIRMED in reasons(reading)


def test_of_two_barcodes_that_say_different_things_none_is_certain(engines: DocumentEngines) -> None:
    twice = front_with(engines, PAYLOAD, PAYLOAD).field(FieldName.BARCODE)
    assert twice is not None
    assert twice.is_certain
    reading = front_with(engines, PAYLOAD, PAYLOAD.replace(b"SAMPLE", b"SIMPLE"))
    assert not any(f.is_certain for f in reading.fields if f.name in (FieldName.BARCODE, FieldName.FULL_NAME))
    assert reasons(reading) == {Reason.FIELD_UNCERTAIN}


def said(payload: bytes) -> DocumentReading | None:
    document = whole_picture(picture_of(np.zeros((60, 90, 3), np.uint8)), CaptureKind.DOCUMENT_BACK)
    found = AamvaCard().read_barcode(document, Barcode(payload, QUAD), TODAY)
    return found.reading if found is not None else None


@pytest.mark.parametrize("payload", [b"@\n\x1e\rANSI 6360", b"AAMVA", PAYLOAD[:30]])
def test_a_payload_of_the_standard_that_does_not_keep_to_it_is_kept_to_be_judged(payload: bytes) -> None:
    reading = said(payload)
    assert reading is not None
    assert (reading.barcode, [f.name for f in reading.fields]) == (payload.decode(), [FieldName.BARCODE])
    assert (reading.full_name, reading.date_of_birth) == (None, None)
    assert reasons(reading) == {Reason.BARCODE_MALFORMED}


def test_a_payload_of_another_kind_is_none_of_this_family() -> None:
    assert said(b"M1SAMPLE/MICHAEL EABC123") is None


@pytest.mark.parametrize("subfile", [b"DL", b"ID"])
def test_licences_and_identity_cards_are_one_type(subfile: bytes) -> None:
    reading = said(PAYLOAD.replace(b"DL00310084DL", subfile + b"00310084" + subfile))
    assert reading is not None
    assert reading.document_type is DocumentType.DRIVING_LICENCE


@pytest.mark.parametrize(("confidence", "is_certain"), [(0.96, True), (0.94, False)])
def test_what_stands_beside_labels_is_certain_only_beyond_doubt(confidence: float, *, is_certain: bool) -> None:
    document = whole_picture(picture_of(np.zeros((600, 900, 3), np.uint8)), CaptureKind.DOCUMENT_FRONT)
    texts = ("IDENTIFICATIONCARD", "4dLIC#T64235789", "3DOB06/06/1986", "4bEXP12/10/2034", "15SEXM")
    lines = [line(text, y=60.0 * i, confidence=confidence) for i, text in enumerate(texts)]
    found = AamvaCard().read(Page.of(document, NullTextReader(), Timings()), lines, TODAY)
    assert found is not None
    assert found.reading.document_type is DocumentType.DRIVING_LICENCE
    assert [f.is_certain for f in found.reading.fields] == [is_certain] * 3
