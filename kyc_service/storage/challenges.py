"""The repository of liveness challenges: drawn, answered at most once."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

import sqlalchemy
from sqlalchemy import select
from sqlalchemy.orm import Session

from kyc_service.domain.challenge import ChallengeKind
from kyc_service.storage.records import ChallengeRecord
from kyc_service.storage.tables import ChallengeRow


@dataclass(frozen=True, slots=True)
class Challenges:
    """Reads and writes inside one transaction."""

    session: Session

    def add(self, record: ChallengeRecord) -> None:
        """Write a new challenge."""
        self.session.add(ChallengeRow(**asdict(record)))
        self.session.flush()

    def latest(self, verification_id: str) -> ChallengeRecord | None:
        """The one drawn last: the only one that can be answered."""
        statement = (
            select(ChallengeRow)
            .where(ChallengeRow.verification_id == verification_id)
            .order_by(ChallengeRow.issued_at.desc(), ChallengeRow.id.desc())
            .limit(1)
        )
        row = self.session.scalars(statement).one_or_none()
        return None if row is None else _record(row)

    def issued(self, verification_id: str, since: datetime) -> list[datetime]:
        """When challenges of a verification were drawn, from ``since`` on, oldest first."""
        statement = (
            select(ChallengeRow.issued_at)
            .where(ChallengeRow.verification_id == verification_id, ChallengeRow.issued_at >= since)
            .order_by(ChallengeRow.issued_at)
        )
        return list(self.session.scalars(statement))

    def answer(self, challenge_id: str, capture_id: str) -> bool:
        """Note that its clip has come; false where another one came first."""
        statement = sqlalchemy.update(ChallengeRow).where(
            ChallengeRow.id == challenge_id, ChallengeRow.answered_by.is_(None)
        )
        done = self.session.execute(statement.values(answered_by=capture_id).returning(ChallengeRow.id))
        return done.scalar_one_or_none() is not None

    def answered_by(self, capture_id: str) -> ChallengeRecord | None:
        """The challenge that a capture answered."""
        row = self.session.scalars(select(ChallengeRow).where(ChallengeRow.answered_by == capture_id)).one_or_none()
        return None if row is None else _record(row)


def _record(row: ChallengeRow) -> ChallengeRecord:
    return ChallengeRecord(
        id=row.id,
        verification_id=row.verification_id,
        kind=ChallengeKind(row.kind),
        steps=row.steps,
        issued_at=row.issued_at,
        expires_at=row.expires_at,
        answered_by=row.answered_by,
    )
