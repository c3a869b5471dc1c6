from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from kyc_service.documents.finding.locate import lay_flat, whole_picture
from kyc_service.documents.join import join
from kyc_service.documents.stage import DocumentStage
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.checks import CheckName
from kyc_service.domain.claims import DocumentType
from kyc_service.domain.document import DocumentReading, FieldName, FieldReading
from kyc_service.domain.measurements import Finding, NotAssessed, Region
from kyc_service.domain.reasons import Reason
from tests.documents.samples import picture_of

FRONT, BACK = frozenset({CaptureKind.DOCUMENT_FRONT}), frozenset({CaptureKind.DOCUMENT_BACK})
CARD = DocumentType.CN_RESIDENT_IDENTITY_CARD


TD1 = DocumentReading(
    DocumentType.IDENTITY_CARD,
    "UTO",
    (FieldReading(FieldName.DOCUMENT_NUMBER, CaptureKind.DOCUMENT_BACK, "D23145890", 0.9, 0.9),),
    mrz_lines=(
        "I<UTOD231458907<<<<<<<<<<<<<<<",
        "7408122F1204159UTO<<<<<<<<<<<6",
        "ERIKSSON<<ANNA<MARIA<<<<<<<<<<",
    ),
)
PASSPORT = DocumentReading(
    DocumentType.PASSPORT,
    "UTO",
    (FieldReading(FieldName.MRZ, CaptureKind.DOCUMENT_BACK, "P<UTO", 0.9, 0.9),),
    mrz_lines=("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10"),
)
AREA = Region(CaptureKind.DOCUMENT_FRONT, ((0.0, 0.0), (9.0, 0.0), (9.0, 9.0), (0.0, 9.0)), "portrait_area")
CORNERS = np.array([(50, 40), (450, 40), (450, 290), (50, 290)], np.float32)


def card_front(*findings: Finding | NotAssessed, printed: tuple[str, ...], has_outline: bool = True) -> DocumentStage:
    """A located front on which no family was recognised."""
    picture = picture_of(np.full((400, 500, 3), 128, np.uint8))
    kind = CaptureKind.DOCUMENT_FRONT
    located = lay_flat(picture, kind, CORNERS) if has_outline else whole_picture(picture, kind)
    return DocumentStage(None, findings, located, {}, printed)


def stage(reading: DocumentReading | None, *findings: Finding, printed: tuple[str, ...] = ()) -> DocumentStage:
    return DocumentStage(reading, findings, None, {"recognise": 1.0}, printed)


def test_the_back_fills_what_the_front_does_not_hold() -> None:
    front = stage(DocumentReading(CARD, "CHN", (), full_name="陆青禾"))
    back = stage(DocumentReading(CARD, "CHN", (), valid_from=date(2016, 5, 4), valid_until=date(2036, 5, 4)))
    joined = join([front, back])
    assert joined.reading is not None
    assert (joined.reading.full_name, joined.reading.valid_until) == ("陆青禾", date(2036, 5, 4))
    assert joined.timings_ms == {"recognise": 2.0}


def test_sides_of_different_documents_are_not_mixed() -> None:
    front = stage(DocumentReading(CARD, "CHN", (), full_name="陆青禾"))
    back = stage(DocumentReading(DocumentType.PASSPORT, "UTO", (), valid_until=date(2036, 5, 4)))
    joined = join([front, back])
    assert joined.reading is not None
    assert joined.reading.valid_until is None


def test_a_front_without_zone_is_excused_by_the_zone_on_the_back() -> None:
    unknown = Finding(CheckName.SUPPORTED_DOCUMENT, (Reason.DOCUMENT_UNSUPPORTED,), FRONT)
    joined = join([stage(None, unknown, printed=("ERIKSSON",)), stage(TD1)])
    (supported,) = joined.measurements
    assert isinstance(supported, Finding)
    assert (supported.check, supported.reasons) == (CheckName.SUPPORTED_DOCUMENT, ())
    assert joined.reading is not None
    assert joined.reading.printed_lines == ("ERIKSSON",)


def test_an_unreadable_back_of_a_card_stays_a_reason() -> None:
    blurred = Finding(CheckName.CAPTURE_QUALITY, (Reason.DOCUMENT_BLURRED,), BACK)
    joined = join([stage(DocumentReading(CARD, "CHN", (), full_name="陆青禾")), stage(None, blurred)])
    assert blurred in joined.measurements


@pytest.mark.parametrize("printed", [("Eriksson", "No.D23145890"), ("NameERIKSSON", "D23145890")])
def test_the_outline_of_a_front_that_says_whose_it_is_holds_the_portrait(printed: tuple[str, ...]) -> None:
    area = join([card_front(printed=printed), stage(TD1)]).portrait_area
    assert area is not None
    assert (area.capture, area.label) == (CaptureKind.DOCUMENT_FRONT, "portrait_area")
    assert area.points[0] == (50.0, 40.0)


@pytest.mark.parametrize(
    ("printed", "has_outline"),
    [
        (("MUSTERMANN", "D23145890"), True),
        (("ERIKSSON",), True),
        (("No.D23145890",), True),
        ((), True),
        (("ERIKSSON", "D23145890"), False),
    ],
)
def test_a_front_that_is_not_tied_to_the_zone_holds_no_portrait(*, printed: tuple[str, ...], has_outline: bool) -> None:
    assert join([card_front(printed=printed, has_outline=has_outline), stage(TD1)]).portrait_area is None


def test_a_selfie_is_not_excused_as_the_front_of_a_passport() -> None:
    missing = Finding(CheckName.CAPTURE_QUALITY, (Reason.DOCUMENT_NOT_FOUND,), FRONT)
    family = NotAssessed(CheckName.SUPPORTED_DOCUMENT, Reason.CAPTURE_UNUSABLE, "nothing was read", FRONT)
    joined = join([card_front(missing, family, printed=("ERIKSSON",)), stage(PASSPORT)])
    assert joined.measurements == (missing, family)
    assert joined.portrait_area is None
    assert joined.reading is not None
    assert joined.reading.printed_lines == ()


def test_the_cover_of_a_passport_is_excused_as_its_back() -> None:
    missing = Finding(CheckName.CAPTURE_QUALITY, (Reason.DOCUMENT_NOT_FOUND,), BACK)
    front = DocumentStage(PASSPORT, (), None, {}, (), AREA)
    joined = join([front, stage(None, missing)])
    assert missing not in joined.measurements
    assert joined.portrait_area == AREA


def test_the_wrong_side_is_not_excused_by_a_zone() -> None:
    wrong = Finding(CheckName.CAPTURE_QUALITY, (Reason.DOCUMENT_WRONG_SIDE,), FRONT)
    assert wrong in join([card_front(wrong, printed=()), stage(TD1)]).measurements


@pytest.mark.parametrize(
    "reason", [Reason.DOCUMENT_SCREENSHOT, Reason.DOCUMENT_SEVERAL, Reason.DOCUMENT_COVERED, Reason.DOCUMENT_BLURRED]
)
def test_a_zone_on_the_back_excuses_no_fault_of_the_capture_that_holds_the_portrait(reason: Reason) -> None:
    fault = Finding(CheckName.CAPTURE_QUALITY, (reason,), FRONT)
    assert fault in join([card_front(fault, printed=("ERIKSSON", "D23145890")), stage(TD1)]).measurements


def test_a_note_laid_down_as_the_back_confirms_nothing() -> None:
    front = stage(replace(PASSPORT, printed_lines=("L898902C4",)), printed=("L898902C4",))
    joined = join([front, stage(None, printed=("L898902C3",))])
    assert joined.reading is not None
    assert joined.reading.printed_lines == ("L898902C4",)


@pytest.mark.parametrize(
    "back",
    [
        DocumentReading(CARD, "CHN", (), valid_until=date(2036, 5, 4)),
        replace(PASSPORT, mrz_lines=("P<UTOSMITH<<JOHN<<", "X")),
        replace(PASSPORT, mrz_lines=(), barcode="@ANSI"),
    ],
)
def test_sides_of_different_documents_are_told_and_kept_apart(back: DocumentReading) -> None:
    joined = join([stage(PASSPORT), stage(back)])
    assert joined.reading == PASSPORT
    apart = [m for m in joined.measurements if m.check is CheckName.FRONT_BACK_CONSISTENCY]
    assert [m.reasons for m in apart if isinstance(m, Finding)] == [(Reason.SIDES_OF_DIFFERENT_DOCUMENTS,)]
