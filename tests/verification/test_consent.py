"""Consent: kept with who said it and when, asked for before a submission, the applicant's own word or the client's."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from kyc_service.domain.claims import ClaimSource
from kyc_service.domain.clients import FIRST_CLIENT, Caller, ClientMode
from kyc_service.domain.consent import Consent, ConsentPurpose
from kyc_service.domain.verification import UseCase
from kyc_service.storage.records import EventType
from kyc_service.storage.verifications import VerificationNotFound
from kyc_service.verification.canceling import cancel_verification
from kyc_service.verification.consent import ConsentMissing, check_consent, consent_of, put_consent
from kyc_service.verification.consent_document import ConsentDocument, consent_from_json, consent_to_json
from kyc_service.verification.service import VerificationService
from kyc_service.verification.steps import InputNotExpected
from kyc_service.verification.submissions import submit
from kyc_service.verification.use_cases import list_events, put_capture, read_verification
from kyc_service.verification.versions import VersionMismatch
from tests.conftest import CALLER, OTHER_CLIENT, picture_bytes
from tests.verification.opened import AGREED, REQUIRED, opened

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
OTHERS = Caller(OTHER_CLIENT, ClientMode.LIVE, "key:other")


def _consent(*purposes: ConsentPurpose) -> Consent:
    return Consent("v1", "en", frozenset(purposes), ClaimSource.CLIENT, NOW)


@pytest.mark.parametrize(
    ("use_case", "purpose", "is_allowed"),
    [
        (UseCase.ONBOARDING, ConsentPurpose.VERIFICATION, True),
        (UseCase.ONBOARDING, ConsentPurpose.REVERIFICATION, False),
        (UseCase.ONBOARDING, ConsentPurpose.ENROLMENT, False),
        (UseCase.REVERIFICATION, ConsentPurpose.VERIFICATION, True),
        (UseCase.REVERIFICATION, ConsentPurpose.REVERIFICATION, True),
        (UseCase.REVERIFICATION, ConsentPurpose.ENROLMENT, False),
        (UseCase.AUTHENTICATION, ConsentPurpose.REVERIFICATION, False),
    ],
)
def test_a_purpose_allows_what_it_names(use_case: UseCase, purpose: ConsentPurpose, *, is_allowed: bool) -> None:
    assert _consent(purpose).allows(use_case) is is_allowed


@pytest.mark.parametrize("given_at", [None, NOW])
def test_what_is_kept_is_what_was_given(given_at: datetime | None) -> None:
    consent = replace(_consent(*ConsentPurpose), given_at=given_at)
    assert consent_from_json(consent_to_json(consent)) == consent


@pytest.mark.parametrize(
    "wrong",
    [
        {"purposes": []},
        {"purposes": ["marketing"]},
        {"purposes": ["verification"] * 4},
        {"text_version": "I, Zhang Wei, agree"},
        {"text_version": ""},
        {"locale": "Chinese (simplified)"},
        {"given_at": "2026-11-24"},
        {"given_at": "2026-11-24T08:00:00"},
        {"signature": "x"},
    ],
)
def test_free_words_and_unknown_purposes_are_refused(wrong: dict[str, Any]) -> None:
    right = {"text_version": "v1", "locale": "zh-Hans-CN", "purposes": ["verification"]}
    ConsentDocument.model_validate(right)
    with pytest.raises(ValidationError):
        ConsentDocument.model_validate(right | wrong)


@pytest.mark.integration
class TestOnRecord:
    def test_consent_is_kept_by_the_services_clock_and_is_an_event(self, service: VerificationService) -> None:
        at_noon = replace(service, now=lambda: NOW)
        verification_id = opened(service)
        view = put_consent(at_noon, verification_id, AGREED, CALLER)
        consent = consent_of(view.record)
        assert consent is not None
        assert (consent.said_by, consent.received_at, consent.given_at) == (ClaimSource.CLIENT, NOW, None)
        assert view.record.version == 2
        last = list_events(service, verification_id, CALLER)[-1]
        assert (last.type, last.actor, last.at) == (EventType.CONSENT_GIVEN, CALLER.actor, NOW)
        assert consent_from_json(last.payload) == consent

    def test_an_applicant_says_so_itself(self, service: VerificationService) -> None:
        verification_id = opened(service)
        applicant = Caller(FIRST_CLIENT, ClientMode.LIVE, f"applicant:{verification_id}", verification_id)
        consent = consent_of(put_consent(service, verification_id, AGREED, applicant).record)
        assert consent is not None
        assert consent.said_by is ClaimSource.APPLICANT

    def test_a_later_consent_takes_its_place_and_the_earlier_one_stays_an_event(
        self, service: VerificationService
    ) -> None:
        verification_id = opened(service, consent=AGREED)
        wider = AGREED.model_copy(update={"purposes": [ConsentPurpose.VERIFICATION, ConsentPurpose.ENROLMENT]})
        consent = consent_of(put_consent(service, verification_id, wider, CALLER).record)
        assert consent is not None
        assert consent.covers(ConsentPurpose.ENROLMENT)
        given = [e for e in list_events(service, verification_id, CALLER) if e.type is EventType.CONSENT_GIVEN]
        assert [len(event.payload["purposes"]) for event in given] == [1, 2]

    def test_nobody_elses_and_none_of_a_version_that_has_passed(self, service: VerificationService) -> None:
        verification_id = opened(service)
        with pytest.raises(VerificationNotFound):
            put_consent(service, verification_id, AGREED, OTHERS)
        with pytest.raises(VersionMismatch):
            put_consent(service, verification_id, AGREED, CALLER, frozenset({2}))
        put_consent(service, verification_id, AGREED, CALLER, frozenset({1}))

    def test_not_once_it_is_over(self, service: VerificationService) -> None:
        verification_id = opened(service)
        cancel_verification(service, verification_id, CALLER)
        with pytest.raises(InputNotExpected):
            put_consent(service, verification_id, AGREED, CALLER)

    def test_nothing_is_decided_without(self, service: VerificationService) -> None:
        strict = replace(service, consent_required=True)
        verification_id = opened(strict)
        for kind in REQUIRED:
            put_capture(strict, verification_id, kind, picture_bytes(), CALLER)
        with pytest.raises(ConsentMissing):
            submit(strict, verification_id, CALLER)
        put_consent(strict, verification_id, AGREED, CALLER)
        submit(strict, verification_id, CALLER)

    def test_where_it_is_not_required_it_is_not_asked_for(self, service: VerificationService) -> None:
        record = read_verification(service, opened(service), CALLER).record
        check_consent(record, required=False)
        with pytest.raises(ConsentMissing):
            check_consent(record, required=True)
