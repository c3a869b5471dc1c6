"""Cases: opened in the transaction that brings the verdict, read by the client whose they are.

Deciding is for named staff: no function here changes a case.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from kyc_service.decision.report import Report
from kyc_service.domain.case import CaseQueue, CaseStatus, queue_of
from kyc_service.domain.checks import CheckName
from kyc_service.domain.clients import Caller
from kyc_service.domain.outcome import Outcome
from kyc_service.storage.cases import CaseRecord
from kyc_service.storage.database import Transaction
from kyc_service.storage.ids import new_id
from kyc_service.storage.records import EventType, VerificationRecord
from kyc_service.verification.service import VerificationService
from kyc_service.verification.steps import append_event

WORKER = "worker"


def open_case(
    service: VerificationService, tx: Transaction, record: VerificationRecord, report: Report, at: datetime
) -> CaseRecord | None:
    """Open the one case of a submission whose verdict is review; ``None`` where it has one already.

    ``record`` is the verification as it stands after the verdict.
    """
    del service  # every step of the completing transaction is called the same way
    case = CaseRecord(
        id=new_id("case"),
        client_id=record.client_id,
        verification_id=record.id,
        attempt=report.question.attempt,
        status=CaseStatus.OPEN,
        queue=queue_of(_leading(report)),
        reasons=tuple(reason.value for reason in report.decision.reasons),
        version=1,
        created_at=at,
        updated_at=at,
    )
    if not tx.cases.add(case):
        return None
    payload = {"case_id": case.id, "attempt": case.attempt, "queue": case.queue.value}
    append_event(tx, EventType.CASE_OPENED, record, WORKER, at=at, payload=payload)
    return case


def read_case(service: VerificationService, case_id: str, caller: Caller) -> CaseRecord:
    """One case.

    Raises:
        CaseNotFound: the caller's client has none of that id.
    """
    with service.database.transaction() as tx:
        return tx.cases.get(caller.client_id, case_id)


def list_cases(
    service: VerificationService,
    caller: Caller,
    *,
    limit: int,
    starting_after: str | None = None,
    status: CaseStatus | None = None,
    queue: CaseQueue | None = None,
) -> tuple[list[CaseRecord], bool]:
    """Up to ``limit`` of the client's cases, newest first, and whether there are more.

    Raises:
        CaseNotFound: ``starting_after`` names none of them.
    """
    with service.database.transaction() as tx:
        found = tx.cases.newest(
            caller.client_id, limit=limit + 1, starting_after=starting_after, status=status, queue=queue
        )
    return found[:limit], len(found) > limit


def _leading(report: Report) -> Iterator[tuple[CheckName, Outcome]]:
    """The checks that raised a reason that led to the verdict."""
    leading = frozenset(report.decision.reasons)
    for check in report.decision.checks:
        if any(reason.code in leading for reason in check.reasons):
            yield check.name, check.outcome
