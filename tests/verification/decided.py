"""Verifications and reports as the completing transaction has them, without a pipeline."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from kyc_service.decision.report import Report, Traces
from kyc_service.decision.verdict import Check, Decision
from kyc_service.domain.claims import Claims
from kyc_service.domain.clients import FIRST_CLIENT
from kyc_service.domain.outcome import Verdict
from kyc_service.domain.reasons import Reason
from kyc_service.domain.verification import UseCase, next_status
from kyc_service.storage.database import Transaction
from kyc_service.storage.ids import new_id
from kyc_service.storage.records import VerificationRecord
from kyc_service.verification.persons import enrol
from kyc_service.verification.service import VerificationService
from kyc_service.verification.submission import Submission
from tests.conftest import NullPipeline

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
FACE = b"\x00\x00\x80\x3f" * 4
CONSENT = {
    "text_version": "2026-01",
    "locale": "zh-CN",
    "purposes": ["enrolment", "verification"],
    "said_by": "client",
    "received_at": "2026-11-24T12:00:00Z",
}


def decided(
    service: VerificationService,
    tx: Transaction,
    verdict: Verdict,
    *,
    client_id: str = FIRST_CLIENT,
    consent: dict[str, Any] | None = None,
    at: datetime = NOW,
) -> VerificationRecord:
    """A new verification, as it stands after ``verdict``."""
    record = VerificationRecord(
        id=new_id("ver"),
        client_id=client_id,
        version=2,
        status=next_status(verdict),
        use_case=UseCase.ONBOARDING,
        tier="standard",
        attempt=1,
        policy_version="2026-01",
        claims=None,
        last_error=None,
        created_at=at,
        updated_at=at,
        redacted_at=None,
        consent=consent,
    )
    _, wrapped = service.master_key.new_data_key(record.id)
    tx.verifications.add(record, wrapped)
    return record


def report_of(
    record: VerificationRecord,
    verdict: Verdict,
    *,
    number: str | None = "11010519491231002X",
    face: bytes | None = FACE,
    checks: tuple[Check, ...] = (),
    reasons: tuple[Reason, ...] = (),
) -> Report:
    """The report of the first submission of ``record``."""
    pipeline = NullPipeline(verdict, traces=Traces(face, "null_embedder", number))
    submission = Submission(record.id, {}, Claims(), record.use_case, record.tier, 1, NOW)
    return replace(pipeline.run(submission), decision=Decision(verdict, checks, frozenset(), reasons))


def approved(
    service: VerificationService, *, number: str = "11010519491231002X", at: datetime = NOW, **more: Any
) -> tuple[VerificationRecord, str | None]:
    """A verification that was approved just now, and the person it belongs to."""
    with service.database.transaction() as tx:
        record = decided(service, tx, Verdict.APPROVE, at=at, **more)
        person_id = enrol(service, tx, record, report_of(record, Verdict.APPROVE, number=number), at)
        record = replace(record, person_id=person_id)
        tx.verifications.save(record)
    return record, person_id
