from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from itertools import product

import pytest

from kyc_service.consistency import assess, not_applicable
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.checks import CheckName
from kyc_service.domain.claims import Claims, DocumentType
from kyc_service.domain.document import DocumentReading
from kyc_service.domain.facts import Facts
from kyc_service.domain.measurements import Finding, NotAssessed, Score
from kyc_service.domain.reasons import Reason

BRANCHES = ("document.data_validation", "document.data_consistency", "document.data_comparison", "phone", "geolocation")
OWN = frozenset(check for check in CheckName if check.parent in BRANCHES)


def test_a_genuine_card_with_true_claims_raises_nothing(
    card: DocumentReading, claims: Claims, facts: Facts, now: datetime
) -> None:
    found = assess(card, claims, facts, now)
    assert all(isinstance(m, Score) or (isinstance(m, Finding) and not m.reasons) for m in found)


def test_every_applicable_check_is_answered_and_no_other(
    card: DocumentReading,
    passport: DocumentReading,
    licence: DocumentReading,
    claims: Claims,
    facts: Facts,
    now: datetime,
) -> None:
    identity_card = replace(passport, document_type=DocumentType.IDENTITY_CARD, id_number="ZE184226B")
    foreign_card = replace(
        card, document_type=DocumentType.CN_FOREIGN_PERMANENT_RESIDENT_CARD, id_number="911124198108030024"
    )
    aamva_card = replace(licence, document_type=DocumentType.IDENTITY_CARD)
    bare_licence = replace(licence, barcode=None, fields=())
    kinds = (card, passport, identity_card, foreign_card, licence, aamva_card, bare_licence)
    for document, said, known in product(kinds, (claims, Claims()), (facts, Facts())):
        answered = {m.check for m in assess(document, said, known, now)}
        assert answered == OWN - not_applicable(document)


def test_without_a_document_its_checks_are_unusable_and_the_others_stand(
    claims: Claims, facts: Facts, now: datetime
) -> None:
    found = assess(None, claims, facts, now)
    assert {m.check for m in found} == OWN
    unusable = [m for m in found if isinstance(m, NotAssessed)]
    assert {m.reason for m in unusable} == {Reason.DOCUMENT_NOT_READ}
    assert {m.captures for m in unusable} == {frozenset({CaptureKind.DOCUMENT_FRONT})}
    assert {m.check for m in found} - {m.check for m in unusable} == {
        CheckName.PHONE_VALID,
        CheckName.PHONE_LINE_TYPE,
        CheckName.POSITION_PLAUSIBLE,
        CheckName.COUNTRY_ALLOWED,
        CheckName.DISTANCE_PHONE_REGION,
        CheckName.TIME_ZONE,
    }


def test_an_uncertain_reading_neither_clears_nor_rejects_any_check_of_the_document(
    card: DocumentReading,
    passport: DocumentReading,
    licence: DocumentReading,
    claims: Claims,
    facts: Facts,
    now: datetime,
) -> None:
    for document in (card, passport, licence):
        unsure = replace(document, fields=tuple(replace(f, is_certain=False) for f in document.fields))
        by_field = {CheckName.DOCUMENT_TYPE_COMPARISON, CheckName.ISSUING_COUNTRY_COMPARISON}
        for found in assess(unsure, claims, facts, now):
            if found.check.parent.startswith("document.") and found.check not in by_field:
                assert isinstance(found, NotAssessed) or (
                    isinstance(found, Finding) and found.reasons == (Reason.FIELD_UNCERTAIN,)
                )


@pytest.mark.parametrize(
    ("now", "is_expired"),
    [
        (datetime(2040, 5, 6, 23, 59, tzinfo=UTC), False),
        (datetime(2040, 5, 7, 0, 0, tzinfo=UTC), True),
        (datetime(2040, 5, 7, 0, 0, tzinfo=timezone(timedelta(hours=8))), True),
    ],
)
def test_the_day_goes_by_the_clock_that_was_given(
    card: DocumentReading, claims: Claims, facts: Facts, now: datetime, *, is_expired: bool
) -> None:
    (found,) = (m for m in assess(card, claims, facts, now) if m.check is CheckName.DOCUMENT_EXPIRATION)
    assert isinstance(found, Finding)
    assert (Reason.DOCUMENT_EXPIRED in found.reasons) is is_expired


def test_the_same_input_gives_the_same_measurements(
    card: DocumentReading, claims: Claims, facts: Facts, now: datetime
) -> None:
    assert assess(card, claims, facts, now) == assess(card, claims, facts, now)
