from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import pytest

from kyc_service.documents.engines import DocumentEngines
from kyc_service.documents.join import join
from kyc_service.documents.stage import DocumentStage, read_back, read_front
from kyc_service.domain.checks import CheckName
from kyc_service.domain.claims import DocumentType
from kyc_service.domain.document import FieldName
from kyc_service.domain.measurements import Finding, Score
from kyc_service.domain.reasons import Reason, is_retake
from kyc_service.imaging.geometry import rotate_quarter
from kyc_service.imaging.picture import Picture
from kyc_service.inference.ocr import NullTextReader
from tests.documents.samples import TODAY, picture_of, sample, truths

CARDS = [(case, truth) for case, truth in truths() if "ethnicity" in truth and case != "blurred_card"]
PASSPORTS = [(case, truth) for case, truth in truths() if "mrz_lines" in truth]
UNREADABLE_NAMES = {"genuine_cn_rare_name"}
UNSURE_NAMES = {"wrong_check_digit"}
"""Read rightly, with 0.95: the surest wrong name on drawn cards had 0.96."""


def read(front: Picture, back: Picture | None, engines: DocumentEngines) -> DocumentStage:
    stages = [read_front(front, None, engines, TODAY)]
    if back is not None:
        stages.append(read_back(back, None, engines, TODAY))
    return join(stages)


def reasons_of(stage: DocumentStage) -> set[Reason]:
    return {reason for m in stage.measurements if isinstance(m, Finding) for reason in m.reasons}


def text_of(stage: DocumentStage, name: FieldName) -> str | None:
    field = stage.reading.field(name) if stage.reading else None
    return field.text if field else None


@pytest.mark.models
@pytest.mark.parametrize(("case", "truth"), CARDS, ids=[case for case, _ in CARDS])
def test_every_field_of_a_sample_card_is_read_as_printed(
    case: str, truth: dict[str, Any], engines: DocumentEngines
) -> None:
    stage = read(sample(case), sample(case, "document_back"), engines)
    assert reasons_of(stage) == set()
    reading = stage.reading
    assert reading is not None
    assert reading.document_type is DocumentType.CN_RESIDENT_IDENTITY_CARD
    assert (reading.id_number, reading.address) == (truth["id_number"], truth["address"])
    assert str(reading.date_of_birth) == truth["date_of_birth"]
    assert (str(reading.valid_from), str(reading.valid_until)) == (truth["valid_from"], truth["valid_until"])
    read_as = {name: text_of(stage, name) for name in (FieldName.SEX, FieldName.ETHNICITY, FieldName.AUTHORITY)}
    assert read_as == {name: truth[name.value] for name in read_as}
    name = reading.field(FieldName.FULL_NAME)
    assert name is not None
    assert name.text == truth["full_name"] or (case in UNREADABLE_NAMES and not name.is_certain)
    assert name.is_certain or case in UNREADABLE_NAMES | UNSURE_NAMES
    assert all(field.is_certain for field in reading.fields if field.name is not FieldName.FULL_NAME)


@pytest.mark.models
@pytest.mark.parametrize(("case", "truth"), PASSPORTS, ids=[case for case, _ in PASSPORTS])
def test_the_zone_of_a_sample_passport_is_read_as_printed(
    case: str, truth: dict[str, Any], engines: DocumentEngines
) -> None:
    stage = read(sample(case), None, engines)
    assert reasons_of(stage) == set()
    assert stage.reading is not None
    assert list(stage.reading.mrz_lines) == truth["mrz_lines"]
    assert stage.reading.full_name == f"{truth['surname']} {truth['given_names']}"
    assert any(truth["surname"] in line.upper() for line in stage.reading.printed_lines)


@pytest.mark.models
@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_card_is_read_whichever_way_it_lies(quarters: int, engines: DocumentEngines) -> None:
    case, truth = CARDS[0]
    turned = picture_of(rotate_quarter(sample(case).pixels, quarters))
    stage = read_front(turned, None, engines, TODAY)
    assert stage.reading is not None
    assert (stage.reading.id_number, stage.reading.full_name) == (truth["id_number"], truth["full_name"])


@pytest.mark.models
@pytest.mark.parametrize(("gain", "noise"), [(0.3, 3.0), (0.6, 8.0), (1.2, 5.0)])
def test_light_and_noise_leave_no_certain_wrong_field(gain: float, noise: float, engines: DocumentEngines) -> None:
    case, truth = CARDS[0]
    rng = np.random.default_rng(11)
    pixels = sample(case).pixels.astype(np.float32) * gain
    pixels += rng.normal(0, noise, pixels.shape[:2])[..., None]
    stage = read_front(picture_of(np.clip(pixels, 0, 255).astype(np.uint8)), None, engines, TODAY)
    assert stage.reading is not None
    number = stage.reading.field(FieldName.ID_NUMBER)
    assert number is not None
    assert number.text == truth["id_number"] or not number.is_certain


@pytest.mark.models
def test_a_blurred_card_is_to_be_taken_again(engines: DocumentEngines) -> None:
    stage = read_front(sample("blurred_card"), None, engines, TODAY)
    assert stage.reading is None
    assert reasons_of(stage) == {Reason.DOCUMENT_BLURRED}


@pytest.mark.models
def test_an_empty_table_is_no_document(engines: DocumentEngines) -> None:
    stage = read_front(sample("no_card"), None, engines, TODAY)
    assert stage.reading is None
    assert reasons_of(stage) == {Reason.DOCUMENT_NOT_FOUND}


@pytest.mark.models
def test_the_other_side_is_told(engines: DocumentEngines) -> None:
    case = CARDS[0][0]
    assert reasons_of(read_front(sample(case, "document_back"), None, engines, TODAY)) == {Reason.DOCUMENT_WRONG_SIDE}
    assert reasons_of(read_back(sample(case), None, engines, TODAY)) == {Reason.DOCUMENT_WRONG_SIDE}


@pytest.mark.models
def test_a_page_of_text_is_no_supported_document(engines: DocumentEngines) -> None:
    page = np.full((1400, 1000, 3), 255, np.uint8)
    for row in range(60):
        words = f"Line {row} of an agreement between two parties"
        cv2.putText(page, words, (40, 30 + row * 23), cv2.FONT_HERSHEY_SIMPLEX, 0.7, (0, 0, 0), 1, cv2.LINE_AA)
    stage = read_front(picture_of(page), None, engines, TODAY)
    assert stage.reading is None
    assert reasons_of(stage) == {Reason.DOCUMENT_UNSUPPORTED}


@pytest.mark.models
def test_random_noise_is_no_document(engines: DocumentEngines) -> None:
    noise = np.random.default_rng(5).integers(0, 256, (600, 800, 3), dtype=np.uint8)
    stage = read_front(picture_of(noise), None, engines, TODAY)
    assert stage.reading is None
    assert all(is_retake(reason) for reason in reasons_of(stage))


def test_a_reader_that_sees_nothing_finds_no_document() -> None:
    engines = DocumentEngines(NullTextReader())
    stage = read(picture_of(np.full((600, 900, 3), 200, np.uint8)), None, engines)
    assert (stage.reading, reasons_of(stage)) == (None, {Reason.DOCUMENT_NOT_FOUND})
    assert {m.name for m in stage.measurements if isinstance(m, Score)} == {
        "sharpness",
        "brightness",
        "overexposed_fraction",
        "card_width_px",
    }
    assert {m.check for m in stage.measurements} == {CheckName.CAPTURE_QUALITY, CheckName.SUPPORTED_DOCUMENT}


def test_a_picture_too_small_is_no_document() -> None:
    stage = read_front(picture_of(np.zeros((20, 20, 3), np.uint8)), None, DocumentEngines(NullTextReader()), TODAY)
    assert (stage.front, reasons_of(stage)) == (None, {Reason.DOCUMENT_NOT_FOUND})


def test_no_stages_that_read_anything_merge_to_nothing() -> None:
    stage = read_back(picture_of(np.zeros((99, 99, 3), np.uint8)), None, DocumentEngines(NullTextReader()), TODAY)
    joined = join([stage])
    assert (joined.reading, joined.measurements) == (None, stage.measurements)


@pytest.mark.models
@pytest.mark.parametrize("kernel", [(21, 1), (31, 1), (41, 1), (1, 41)])
def test_a_shaken_passport_is_to_be_taken_again(kernel: tuple[int, int], engines: DocumentEngines) -> None:
    shaken = cv2.filter2D(sample("genuine_td3_passport").pixels, -1, np.full(kernel, 1 / max(kernel), np.float32))
    stage = read_front(picture_of(np.asarray(shaken, np.uint8)), None, engines, TODAY)
    assert stage.reading is None
    (reason,) = reasons_of(stage)
    assert is_retake(reason)
