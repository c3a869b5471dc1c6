"""The repository of sightings: that a person, document, phone, device or face was part of a submission.

Everything is asked of verifications other than one's own. Digests are keyed, so the rows
say who is the same as whom and nothing else; they go with their verification's key.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, func, select, text, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from kyc_service.domain.history import Subject
from kyc_service.storage.records import SealedTrace, SightingRecord, TraceKind
from kyc_service.storage.tables import DataKeyRow, SightingRow, TraceRow
from kyc_service.storage.traces import sealed_trace

# A space apart from that of submissions, see storage.database.
_SIGHTING_LOCKS: Final = 3
_LOCK_BYTES: Final = 4

Sighted = Collection[tuple[Subject, bytes]]
"""Subjects with their digests."""


@dataclass(frozen=True, slots=True)
class Sightings:
    """Reads and writes inside one transaction."""

    session: Session

    def lock(self, digests: Collection[bytes]) -> None:
        """Keep out, until the transaction ends, every other one that locks one of ``digests``.

        Of two submissions of one subject at the same moment the second then sees the first.
        Always taken in the same order, so that none waits for one that waits for it.
        """
        numbers = sorted({int.from_bytes(digest[:_LOCK_BYTES], "big", signed=True) for digest in digests})
        for number in numbers:
            taken = text("SELECT pg_advisory_xact_lock(:space, :number)")
            self.session.execute(taken, {"space": _SIGHTING_LOCKS, "number": number})

    def add(self, records: Collection[SightingRecord]) -> None:
        """Note what was part of a submission; a second time changes nothing."""
        if records:
            rows = [asdict(record) for record in records]
            self.session.execute(insert(SightingRow).values(rows).on_conflict_do_nothing())

    def identities(self, sighted: Sighted, other_than: str) -> frozenset[bytes]:
        """The identities under which any of ``sighted`` ever came."""
        if not sighted:
            return frozenset()
        statement = select(SightingRow.identity).where(*_others(sighted, other_than), SightingRow.identity.is_not(None))
        return frozenset(identity for identity in self.session.scalars(statement.distinct()) if identity)

    def attempts(self, sighted: Sighted, other_than: str, since: Sequence[datetime]) -> dict[Subject, tuple[int, ...]]:
        """Verifications with each subject, from each of ``since`` on (the earliest last)."""
        return self._counted(SightingRow.verification_id, _others(sighted, other_than), since) if sighted else {}

    def other_identities(
        self, sighted: Sighted, other_than: str, itself: Collection[bytes], since: Sequence[datetime]
    ) -> dict[Subject, tuple[int, ...]]:
        """Identities that came with each subject and are not among ``itself``, from each of ``since`` on."""
        if not sighted:
            return {}
        where = [*_others(sighted, other_than), SightingRow.identity.is_not(None)]
        if itself:
            where.append(SightingRow.identity.not_in(list(itself)))
        return self._counted(SightingRow.identity, where, since)

    def last_came_with(self, person: Collection[bytes], subject: Subject, other_than: str) -> bytes | None:
        """The digest of ``subject`` in the person's last attempt that had one."""
        own, beside = aliased(SightingRow), aliased(SightingRow)
        same = (beside.verification_id == own.verification_id) & (beside.attempt == own.attempt)
        statement = (
            select(beside.digest)
            .join(own, same)
            .where(own.subject == Subject.PERSON.value, own.digest.in_(list(person)))
            .where(beside.subject == subject.value, beside.verification_id != other_than)
            .order_by(beside.at.desc(), beside.verification_id, beside.attempt.desc())
        )
        return self.session.scalar(statement.limit(1))

    def positions(
        self, sighted: Sighted, other_than: str, since: datetime, at_most: int
    ) -> list[tuple[Subject, SealedTrace]]:
        """Sealed positions of attempts with any of ``sighted``, the latest first; ``at_most`` for each subject."""
        found: list[tuple[Subject, SealedTrace]] = []
        for subject in sorted({subject for subject, _ in sighted}):
            statement = self._positions([pair for pair in sighted if pair[0] is subject], other_than, since)
            rows = self.session.execute(statement.limit(at_most))
            found += [(subject, sealed_trace(row, wrapped)) for row, wrapped in rows]
        return found

    def _positions(self, sighted: Sighted, other_than: str, since: datetime) -> Select[TraceRow, bytes]:
        seen = (
            select(SightingRow.verification_id, SightingRow.attempt)
            .where(*_others(sighted, other_than), SightingRow.at >= since)
            .distinct()
            .subquery()
        )
        is_of = (TraceRow.verification_id == seen.c.verification_id) & (TraceRow.attempt == seen.c.attempt)
        return (
            select(TraceRow, DataKeyRow.wrapped)
            .join(seen, is_of)
            .join(DataKeyRow, DataKeyRow.verification_id == TraceRow.verification_id)
            .where(TraceRow.kind == TraceKind.POSITION.value)
            .order_by(TraceRow.sequence.desc())
        )

    def _counted(
        self, what: InstrumentedAttribute[Any], where: Sequence[ColumnElement[bool]], since: Sequence[datetime]
    ) -> dict[Subject, tuple[int, ...]]:
        """How many different values of the column ``what`` there are, from each of ``since`` on."""
        last = (
            select(SightingRow.subject, func.max(SightingRow.at).label("at"))
            .where(*where, SightingRow.at >= since[-1])
            .group_by(SightingRow.subject, what)
            .subquery()
        )
        counts = (func.count().filter(last.c.at >= start) for start in since)
        rows = self.session.execute(select(last.c.subject, *counts).group_by(last.c.subject))
        return {Subject(row[0]): tuple(row[1:]) for row in rows}


def _others(sighted: Sighted, other_than: str) -> list[ColumnElement[bool]]:
    pairs = tuple_(SightingRow.subject, SightingRow.digest).in_(
        [(subject.value, digest) for subject, digest in sighted]
    )
    return [pairs, SightingRow.verification_id != other_than]
