"""The repository of one-time codes: counted in windows, tried a bounded number of times, confirmed once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

import sqlalchemy
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from kyc_service.storage.records import PhoneCodeDelivery, PhoneCodeRecord
from kyc_service.storage.tables import PhoneCodeRow

# Beside the locks of submissions, which are space 1 of the two-number advisory locks.
_COUNTING_LOCKS: Final = 2


class CountedBy(StrEnum):
    """By what codes are counted; the column of that name."""

    NUMBER = "phone"
    VERIFICATION = "verification_id"
    CLIENT = "client"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class PhoneCodes:
    """Reads and writes inside one transaction."""

    session: Session

    def hold_count(self, names: Iterable[bytes]) -> None:
        """Keep everybody else from counting any of ``names`` until this transaction ends.

        Taken in one order by all, so that two never wait for each other.
        """
        numbers = sorted({int.from_bytes(name[:4], "big", signed=True) for name in names})
        for number in numbers:
            self.session.execute(
                text("SELECT pg_advisory_xact_lock(:space, :number)"), {"space": _COUNTING_LOCKS, "number": number}
            )

    def nth_latest(
        self, by: CountedBy, value: str | bytes, n: int, *, of: str | None = None, with_failed: bool
    ) -> datetime | None:
        """When the ``n``-th code before now was made (the first is the latest), if there were so many.

        ``of`` counts those of one verification only; without ``with_failed`` codes that were certainly not sent
        do not count.
        """
        column = PhoneCodeRow.__table__.c[by.value]
        statement = select(PhoneCodeRow.created_at).where(column == value)
        if of is not None:
            statement = statement.where(PhoneCodeRow.verification_id == of)
        if not with_failed:
            statement = statement.where(PhoneCodeRow.delivery != PhoneCodeDelivery.FAILED.value)
        return self.session.scalar(statement.order_by(PhoneCodeRow.created_at.desc()).offset(n - 1).limit(1))

    def add(self, record: PhoneCodeRecord) -> None:
        """Write a new code, and end the verification's earlier ones."""
        self._end(PhoneCodeRow.verification_id == record.verification_id)
        self.session.add(PhoneCodeRow(**asdict(record)))
        self.session.flush()

    def find(self, code_id: str) -> PhoneCodeRecord | None:
        """One code."""
        row = self.session.get(PhoneCodeRow, code_id, populate_existing=True)
        return None if row is None else _record(row)

    def current(self, verification_id: str) -> PhoneCodeRecord | None:
        """The one code of a verification that was not ended by a newer one or a failure, whatever the clock did."""
        statement = select(PhoneCodeRow).where(
            PhoneCodeRow.verification_id == verification_id, PhoneCodeRow.expires_at > PhoneCodeRow.created_at
        )
        row = self.session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
        return None if row is None else _record(row)

    def burn_try(self, code_id: str, most: int) -> int | None:
        """Count one try, before anything is compared; how many were made, or ``None`` where all are used up.

        One statement on one row: however many try at once, no more than ``most`` get a number.
        """
        statement = sqlalchemy.update(PhoneCodeRow).where(PhoneCodeRow.id == code_id, PhoneCodeRow.tries < most)
        counted = statement.values(tries=PhoneCodeRow.tries + 1).returning(PhoneCodeRow.tries)
        return self.session.execute(counted).scalar_one_or_none()

    def confirm(self, code_id: str, at: datetime) -> None:
        """Write down that the code was repeated."""
        statement = sqlalchemy.update(PhoneCodeRow).where(PhoneCodeRow.id == code_id)
        self.session.execute(statement.values(confirmed_at=at))

    def confirmed_at(self, verification_id: str, phone: bytes) -> datetime | None:
        """When a code for ``phone`` was last repeated in this verification."""
        statement = select(sqlalchemy.func.max(PhoneCodeRow.confirmed_at)).where(
            PhoneCodeRow.verification_id == verification_id, PhoneCodeRow.phone == phone
        )
        return self.session.scalar(statement)

    def note_delivery(self, code_id: str, delivery: PhoneCodeDelivery, tries: int, error: str | None) -> None:
        """Write down what came of sending; what was certainly not sent is ended."""
        statement = sqlalchemy.update(PhoneCodeRow).where(PhoneCodeRow.id == code_id)
        self.session.execute(
            statement.values(delivery=delivery.value, delivery_tries=tries, delivery_error=error),
        )
        if delivery is PhoneCodeDelivery.FAILED:
            self._end(PhoneCodeRow.id == code_id)

    def _end(self, which: sqlalchemy.ColumnElement[bool]) -> None:
        # Without a single moment of life it is nobody's current code, also on a clock that was set back.
        self.session.execute(sqlalchemy.update(PhoneCodeRow).where(which).values(expires_at=PhoneCodeRow.created_at))


def _record(row: PhoneCodeRow) -> PhoneCodeRecord:
    return PhoneCodeRecord(
        id=row.id,
        verification_id=row.verification_id,
        phone=row.phone,
        digest=row.digest,
        client=row.client,
        address=row.address,
        created_at=row.created_at,
        expires_at=row.expires_at,
        tries=row.tries,
        confirmed_at=row.confirmed_at,
        delivery=PhoneCodeDelivery(row.delivery),
        delivery_tries=row.delivery_tries,
        delivery_error=row.delivery_error,
    )
