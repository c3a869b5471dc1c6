"""Cases: one for each submission under review, with its queue and its reasons."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from kyc_service.decision.verdict import Check, RaisedReason
from kyc_service.domain.case import CaseQueue, CaseStatus
from kyc_service.domain.checks import CheckName
from kyc_service.domain.outcome import Action, Outcome, Verdict
from kyc_service.domain.reasons import Reason
from kyc_service.storage.cases import CaseNotFound, CaseRecord
from kyc_service.storage.records import EventType, VerificationRecord
from kyc_service.verification.cases import list_cases, open_case, read_case
from kyc_service.verification.service import VerificationService
from tests.conftest import CALLER, OTHER_CLIENT
from tests.verification.decided import NOW, decided, report_of

pytestmark = pytest.mark.integration

OTHER = replace(CALLER, client_id=OTHER_CLIENT)


def check(name: CheckName, outcome: Outcome, *reasons: Reason) -> Check:
    return Check(
        name, outcome, is_required=True, reasons=tuple(RaisedReason(r, Action.REVIEW) for r in reasons), judged=()
    )


MATCH = check(CheckName.FACE_MATCH, Outcome.REJECTED, Reason.FACE_MISMATCH)
NAME = check(CheckName.NAME_COMPARISON, Outcome.CONSIDER, Reason.NAME_MISMATCH)
REASONS = (Reason.NAME_MISMATCH, Reason.FACE_MISMATCH)


def reviewed(
    service: VerificationService, *, client_id: str = CALLER.client_id, after_s: int = 0
) -> VerificationRecord:
    with service.database.transaction() as tx:
        return decided(service, tx, Verdict.REVIEW, client_id=client_id, at=NOW + timedelta(seconds=after_s))


def opened(service: VerificationService, record: VerificationRecord, *checks: Check) -> CaseRecord | None:
    report = report_of(record, Verdict.REVIEW, checks=checks or (MATCH, NAME), reasons=REASONS)
    with service.database.transaction() as tx:
        return open_case(service, tx, record, report, record.created_at)


def test_a_case_says_where_to_look_and_why(service: VerificationService) -> None:
    record = reviewed(service)
    case = opened(service, record)
    assert case is not None
    assert (case.status, case.queue, case.reasons) == (
        CaseStatus.OPEN,
        CaseQueue.FACES,
        ("name_mismatch", "face_mismatch"),
    )
    assert read_case(service, case.id, CALLER) == case
    with service.database.transaction() as tx:
        (event,) = tx.events.of(record.id)
    assert (event.type, event.to_status) == (EventType.CASE_OPENED, None)
    assert event.payload == {"case_id": case.id, "attempt": 1, "queue": "faces"}


def test_only_what_led_to_the_verdict_says_the_queue(service: VerificationService) -> None:
    beside = check(CheckName.AUTHORITY_SANCTIONS, Outcome.REJECTED, Reason.SANCTIONS_POSSIBLE_HIT)
    case = opened(service, reviewed(service), beside, NAME)
    assert case is not None
    assert case.queue is CaseQueue.DOCUMENTS


def test_a_submission_has_one_case_whoever_opens_it_how_often(service: VerificationService) -> None:
    record = reviewed(service)
    with ThreadPoolExecutor(4) as several:
        cases = list(several.map(lambda _: opened(service, record), range(8)))
    (only,) = [case for case in cases if case is not None]
    assert list_cases(service, CALLER, limit=9) == ([only], False)
    with service.database.transaction() as tx:
        assert len(tx.events.of(record.id)) == 1


def test_cases_of_another_client_are_not_there(service: VerificationService) -> None:
    case = opened(service, reviewed(service, client_id=OTHER_CLIENT))
    assert case is not None
    assert read_case(service, case.id, OTHER) == case
    assert list_cases(service, CALLER, limit=9) == ([], False)
    for use in (
        lambda: read_case(service, case.id, CALLER),
        lambda: list_cases(service, CALLER, limit=9, starting_after=case.id),
    ):
        with pytest.raises(CaseNotFound):
            use()


def test_pages_come_newest_first_and_can_be_narrowed(service: VerificationService) -> None:
    first, second, third = (opened(service, reviewed(service, after_s=at)) for at in range(3))
    fourth = opened(service, reviewed(service, after_s=3), NAME)
    assert third is not None
    assert list_cases(service, CALLER, limit=2) == ([fourth, third], True)
    assert list_cases(service, CALLER, limit=2, starting_after=third.id) == ([second, first], False)
    assert list_cases(service, CALLER, limit=9, queue=CaseQueue.DOCUMENTS) == ([fourth], False)
    assert list_cases(service, CALLER, limit=1, queue=CaseQueue.FACES, status=CaseStatus.OPEN) == ([third], True)
