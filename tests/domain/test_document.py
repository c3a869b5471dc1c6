from __future__ import annotations

from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.claims import Claims, ClaimSource, DocumentType
from kyc_service.domain.document import DocumentReading, FieldName, FieldReading
from kyc_service.domain.facts import Facts


def test_a_field_is_found_by_its_name() -> None:
    name = FieldReading(FieldName.FULL_NAME, CaptureKind.DOCUMENT_FRONT, "张三", 0.99, 0.97)
    document = DocumentReading(DocumentType.CN_RESIDENT_IDENTITY_CARD, "CHN", (name,))
    assert document.field(FieldName.FULL_NAME) is name
    assert document.field(FieldName.SEX) is None


def test_a_reading_is_uncertain_until_said_otherwise() -> None:
    assert not FieldReading(FieldName.SEX, CaptureKind.DOCUMENT_FRONT, "男", 1.0, 1.0).is_certain


def test_a_document_expires_until_said_otherwise() -> None:
    assert not DocumentReading(DocumentType.PASSPORT, None, ()).valid_until_is_open


def test_nothing_is_claimed_or_known_by_default_and_claims_come_from_the_applicant() -> None:
    claims, facts = Claims(), Facts()
    assert claims.source is ClaimSource.APPLICANT
    assert all(getattr(claims, field) is None for field in Claims.__slots__ if not field.startswith("source"))
    assert not claims.sources
    assert not any(getattr(facts, field) for field in Facts.__slots__)
