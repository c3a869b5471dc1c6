from __future__ import annotations

from datetime import date

from kyc_service.documents.stage import DocumentStage, join
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.checks import CheckName
from kyc_service.domain.claims import DocumentType
from kyc_service.domain.document import DocumentReading
from kyc_service.domain.measurements import Finding
from kyc_service.domain.reasons import Reason

FRONT, BACK = frozenset({CaptureKind.DOCUMENT_FRONT}), frozenset({CaptureKind.DOCUMENT_BACK})
CARD = DocumentType.CN_RESIDENT_IDENTITY_CARD


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
    zone = DocumentReading(DocumentType.IDENTITY_CARD, "UTO", (), mrz_lines=("I<UTO",))
    joined = join([stage(None, unknown, printed=("ERIKSSON",)), stage(zone)])
    (supported,) = joined.measurements
    assert isinstance(supported, Finding)
    assert (supported.check, supported.reasons) == (CheckName.SUPPORTED_DOCUMENT, ())
    assert joined.reading is not None
    assert joined.reading.printed_lines == ("ERIKSSON",)


def test_an_unreadable_back_of_a_card_stays_a_reason() -> None:
    blurred = Finding(CheckName.CAPTURE_QUALITY, (Reason.DOCUMENT_BLURRED,), BACK)
    joined = join([stage(DocumentReading(CARD, "CHN", (), full_name="陆青禾")), stage(None, blurred)])
    assert blurred in joined.measurements
