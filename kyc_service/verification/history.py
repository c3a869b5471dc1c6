"""History of an attempt: noted and looked up in one short transaction.

An attempt is noted before the others are counted, under a lock for each of its subjects:
of two submissions of one subject at the same moment, the second sees the first. What is
noted counts as an attempt even if the service dies before it is decided; taken up again,
it is the same attempt still.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from kyc_service.domain.history import WINDOWS, Count, EarlierPosition, History, Subject
from kyc_service.storage.database import Transaction
from kyc_service.storage.keys import MasterKey
from kyc_service.storage.records import SightingRecord
from kyc_service.verification.positions import position_from_sealed
from kyc_service.verification.subjects import NOBODY, Subjects, face_digest

POSITIONS_WITHIN: Final = timedelta(days=7)
POSITIONS_AT_MOST: Final = 50
"""Of each subject, the latest are looked at."""
_EVER: Final = timedelta(days=36500)


@dataclass(frozen=True, slots=True)
class Attempt:
    """The attempt whose history is asked for; ``now`` is the time of its submission."""

    verification_id: str
    number: int
    now: datetime


def note(tx: Transaction, attempt: Attempt, subjects: Subjects, digests: Collection[tuple[Subject, bytes]]) -> None:
    """Write down that ``digests`` were part of the attempt; a second time changes nothing."""
    tx.sightings.add(
        [
            SightingRecord(attempt.verification_id, attempt.number, subject, digest, subjects.identity, attempt.now)
            for subject, digest in digests
        ]
    )


def note_and_look_back(
    tx: Transaction,
    attempt: Attempt,
    subjects: Subjects,
    faces: Collection[str] | None,
    master_key: MasterKey,
) -> History:
    """Note the attempt and count the others; ``faces`` are verifications with the same face, if there was one to compare."""
    noted = tuple(subjects.noted())
    tx.sightings.lock([digest for _, digest in noted])
    note(tx, attempt, subjects, noted)
    looked_for = dict(subjects.digests)
    if faces is not None:
        looked_for[Subject.FACE] = frozenset(face_digest(face, master_key) for face in faces)
    sighted = [(subject, digest) for subject, digests in looked_for.items() for digest in sorted(digests)]
    itself = _same_person(tx, attempt, subjects)
    phone = [(Subject.PHONE, digest) for digest in looked_for.get(Subject.PHONE, NOBODY)]
    ever = tx.sightings.other_identities(phone, attempt.verification_id, itself, [attempt.now - _EVER])
    return History(
        subjects=frozenset(looked_for),
        counts=_counts(tx, attempt, looked_for, sighted, itself),
        positions=_positions(tx, attempt, sighted, master_key),
        phone_other_identities=ever.get(Subject.PHONE, (0,))[0],
        person_had_other_phone=_had_other(tx, attempt, subjects, Subject.PHONE),
        person_had_other_device=_had_other(tx, attempt, subjects, Subject.DEVICE),
    )


def _same_person(tx: Transaction, attempt: Attempt, subjects: Subjects) -> frozenset[bytes]:
    """The identities that are this attempt's own.

    Earlier attempts without a number are the same person's by name and birth date. So is
    any of that name where this one has no number itself.
    """
    itself = subjects.names | ({subjects.identity} if subjects.identity else NOBODY)
    if subjects.identity is None or subjects.identity not in subjects.names:
        return itself
    named = [(Subject.PERSON, name) for name in subjects.names]
    return itself | tx.sightings.identities(named, attempt.verification_id)


def _counts(
    tx: Transaction,
    attempt: Attempt,
    looked_for: Mapping[Subject, Collection[bytes]],
    sighted: Sequence[tuple[Subject, bytes]],
    itself: Collection[bytes],
) -> tuple[Count, ...]:
    since = [attempt.now - length for _, length in WINDOWS]
    attempts = tx.sightings.attempts(sighted, attempt.verification_id, since)
    identities = tx.sightings.other_identities(sighted, attempt.verification_id, itself, since)
    none = (0,) * len(WINDOWS)
    return tuple(
        Count(subject, window, attempts.get(subject, none)[at], identities.get(subject, none)[at])
        for subject in Subject
        if subject in looked_for
        for at, (window, _) in enumerate(WINDOWS)
    )


def _positions(
    tx: Transaction, attempt: Attempt, sighted: Sequence[tuple[Subject, bytes]], master_key: MasterKey
) -> tuple[EarlierPosition, ...]:
    since = attempt.now - POSITIONS_WITHIN
    found = tx.sightings.positions(sighted, attempt.verification_id, since, POSITIONS_AT_MOST)
    return tuple(position_from_sealed(subject, sealed, master_key) for subject, sealed in found)


def _had_other(tx: Transaction, attempt: Attempt, subjects: Subjects, subject: Subject) -> bool:
    digests = subjects.digests.get(subject)
    if not digests or not subjects.person:
        return False
    last = tx.sightings.last_came_with(subjects.person, subject, attempt.verification_id)
    return last is not None and last not in digests
