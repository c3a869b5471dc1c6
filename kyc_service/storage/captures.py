"""The repository of captures: one per kind and attempt; the latest attempt's counts."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from kyc_service.domain.captures import CaptureKind
from kyc_service.storage.blobs import BlobKey
from kyc_service.storage.records import CaptureRecord
from kyc_service.storage.tables import CaptureRow


@dataclass(frozen=True, slots=True)
class Captures:
    """Reads and writes inside one transaction."""

    session: Session

    def replace(self, record: CaptureRecord) -> BlobKey | None:
        """Write a capture in the place of the same attempt's earlier one, whose blob is answered."""
        of_same_attempt = delete(CaptureRow).where(
            CaptureRow.verification_id == record.verification_id,
            CaptureRow.kind == record.kind.value,
            CaptureRow.attempt == record.attempt,
        )
        replaced = self.session.execute(of_same_attempt.returning(CaptureRow.blob_key)).scalar_one_or_none()
        self.session.add(CaptureRow(**asdict(record)))
        self.session.flush()
        return None if replaced is None else BlobKey(replaced)

    def latest(self, verification_id: str) -> dict[CaptureKind, CaptureRecord]:
        """What the next submission would use: of each kind, the capture of the latest attempt."""
        statement = (
            select(CaptureRow)
            .where(CaptureRow.verification_id == verification_id)
            .order_by(CaptureRow.attempt, CaptureRow.kind)
        )
        return {CaptureKind(row.kind): _record(row) for row in self.session.scalars(statement)}


def _record(row: CaptureRow) -> CaptureRecord:
    return CaptureRecord(
        id=row.id,
        verification_id=row.verification_id,
        kind=CaptureKind(row.kind),
        attempt=row.attempt,
        sha256=row.sha256,
        media_type=row.media_type,
        width=row.width,
        height=row.height,
        byte_size=row.byte_size,
        blob_key=BlobKey(row.blob_key),
        created_at=row.created_at,
    )
