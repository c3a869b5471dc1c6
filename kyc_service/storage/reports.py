"""The repository of reports: written once, never changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from sqlalchemy import func, select, true
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.orm import Session

from kyc_service.domain.outcome import Verdict
from kyc_service.errors import Conflict, NotFound
from kyc_service.storage.records import ReportRecord
from kyc_service.storage.tables import DataKeyRow, ReportRow, VerificationRow


class ReportAlreadyWritten(Conflict):
    """This submission has its report already."""

    code = "report_already_written"


class ReportNotFound(NotFound):
    """The verification has no report yet."""

    code = "report_not_found"


def report_purpose(attempt: int) -> str:
    """What the report of one submission is sealed for."""
    return f"report:{attempt}"


@dataclass(frozen=True, slots=True)
class SealedReport:
    """A report as it lies in the database, with the wrapped key that opens it unless that was destroyed."""

    verification_id: str
    attempt: int
    ciphertext: bytes
    wrapped_key: bytes | None


@dataclass(frozen=True, slots=True)
class Reports:
    """Reads and writes inside one transaction."""

    session: Session

    def add(self, record: ReportRecord) -> None:
        """Write the one report of a submission.

        Raises:
            ReportAlreadyWritten: there is one.
        """
        statement = insert(ReportRow).values(**asdict(record)).on_conflict_do_nothing().returning(ReportRow.id)
        if self.session.execute(statement).scalar_one_or_none() is None:
            raise ReportAlreadyWritten

    def each_latest(self, batch: int = 64) -> Iterator[SealedReport]:
        """The report of the latest submission of every verification that has one, read ``batch`` at a time."""
        statement = (
            select(ReportRow.verification_id, ReportRow.attempt, ReportRow.ciphertext, DataKeyRow.wrapped)
            .join(DataKeyRow, DataKeyRow.verification_id == ReportRow.verification_id, isouter=True)
            .ext(distinct_on(ReportRow.verification_id))
            .order_by(ReportRow.verification_id, ReportRow.attempt.desc())
        )
        for row in self.session.execute(statement.execution_options(yield_per=batch)):
            yield SealedReport(*row)

    def newest_of(self, client_id: str, limit: int) -> list[SealedReport]:
        """The latest report of each of a client's ``limit`` newest verifications that have one."""
        latest = (
            select(ReportRow.attempt, ReportRow.ciphertext)
            .where(ReportRow.verification_id == VerificationRow.id)
            .order_by(ReportRow.attempt.desc())
            .limit(1)
            .lateral()
        )
        statement = (
            select(VerificationRow.id, latest.c.attempt, latest.c.ciphertext, DataKeyRow.wrapped)
            .select_from(VerificationRow)
            .join(latest, true())
            .join(DataKeyRow, DataKeyRow.verification_id == VerificationRow.id, isouter=True)
            .where(VerificationRow.client_id == client_id)
            .order_by(VerificationRow.created_at.desc(), VerificationRow.id.desc())
        )
        return [SealedReport(*row) for row in self.session.execute(statement.limit(limit))]

    def count_verifications(self) -> int:
        """How many verifications have a report."""
        return self.session.execute(select(func.count(ReportRow.verification_id.distinct()))).scalar_one()

    def latest(self, verification_id: str) -> ReportRecord:
        """The report of the latest submission.

        Raises:
            ReportNotFound: nothing was submitted, or nothing came of it yet.
        """
        found = self.find_latest(verification_id)
        if found is None:
            raise ReportNotFound
        return found

    def find_latest(self, verification_id: str) -> ReportRecord | None:
        """The report of the latest submission, if there is any."""
        statement = (
            select(ReportRow).where(ReportRow.verification_id == verification_id).order_by(ReportRow.attempt.desc())
        )
        row = self.session.scalars(statement.limit(1)).one_or_none()
        return None if row is None else _record(row)


def _record(row: ReportRow) -> ReportRecord:
    return ReportRecord(
        verification_id=row.verification_id,
        attempt=row.attempt,
        id=row.id,
        verdict=Verdict(row.verdict),
        schema_version=row.schema_version,
        ciphertext=row.ciphertext,
        created_at=row.created_at,
    )
