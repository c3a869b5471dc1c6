from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from itertools import product

import pytest

from kyc_service.consistency import assess, not_applicable
from kyc_service.domain.background import NOTHING_KNOWN, Background
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.checks import CheckName
from kyc_service.domain.claims import Claims, DocumentType
from kyc_service.domain.document import DocumentReading
from kyc_service.domain.facts import Facts
from kyc_service.domain.measurements import Finding, NotAssessed, Score
from kyc_service.domain.reasons import Reason

BRANCHES = (
    "document.data_validation",
    "document.data_consistency",
    "document.data_comparison",
    "phone",
    "geolocation",
    "velocity",
    "authority",
)
OWN = frozenset(check for check in CheckName if check.parent in BRANCHES)


def test_a_genuine_card_with_true_claims_raises_nothing(
    card: DocumentReading, claims: Claims, facts: Facts, now: datetime, background: Background
) -> None:
    found = assess(card, claims, facts, now, background)
    assert all(isinstance(m, Score) or (isinstance(m, Finding) and not m.reasons) for m in found)


def test_every_applicable_check_is_answered_and_no_other(
    card: DocumentReading,
    passport: DocumentReading,
    licence: DocumentReading,
    claims: Claims,
    facts: Facts,
    now: datetime,
    background: Background,
) -> None:
    identity_card = replace(passport, document_type=DocumentType.IDENTITY_CARD, id_number="ZE184226B")
    foreign_card = replace(
        card, document_type=DocumentType.CN_FOREIGN_PERMANENT_RESIDENT_CARD, id_number="911124198108030024"
    )
    aamva_card = replace(licence, document_type=DocumentType.IDENTITY_CARD)
    bare_licence = replace(licence, barcode=None, fields=())
    kinds = (card, passport, identity_card, foreign_card, licence, aamva_card, bare_licence)
    for document, said, known, behind in product(
        kinds, (claims, Claims()), (facts, Facts()), (background, NOTHING_KNOWN)
    ):
        answered = {m.check for m in assess(document, said, known, now, behind)}
        assert answered == OWN - not_applicable(document)


def test_without_a_document_its_checks_are_unusable_and_the_others_stand(
    claims: Claims, facts: Facts, now: datetime, background: Background
) -> None:
    found = assess(None, claims, facts, now, background)
    assert {m.check for m in found} == OWN
    unusable = [m for m in found if isinstance(m, NotAssessed)]
    assert {m.reason for m in unusable} == {Reason.DOCUMENT_NOT_READ}
    assert {m.captures for m in unusable} == {frozenset({CaptureKind.DOCUMENT_FRONT})}
    of_the_document = {
        CheckName.PHONE_REGION_CONSISTENCY,
        CheckName.DISTANCE_DOCUMENT_REGION,
        CheckName.DISTANCE_PRINTED_ADDRESS,
    }
    others = {check for check in OWN if not check.startswith("document.")} - of_the_document
    assert {m.check for m in found} - {m.check for m in unusable} == others


def test_without_anything_nothing_is_answered(now: datetime) -> None:
    found = assess(None, Claims(), Facts(), now)
    assert {m.check for m in found} == OWN
    assert all(isinstance(m, NotAssessed) for m in found)


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


def test_every_measurement_of_phone_and_place_tells_who_made_the_claim(
    card: DocumentReading, claims: Claims, facts: Facts, now: datetime, background: Background
) -> None:
    from_history = {CheckName.PHONE_REUSE}
    for found in assess(card, claims, facts, now, background):
        if found.check.parent in {"phone", "geolocation"} and found.check not in from_history:
            said_by = "client" if found.check.parent == "phone" else "applicant"
            assert found.evidence.values["source"] == said_by
