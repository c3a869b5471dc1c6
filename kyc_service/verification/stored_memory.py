"""Memory backed by the database: other verifications' faces, captures and failed attempts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.claims import Claims
from kyc_service.domain.history import History
from kyc_service.faces.search import nearest_first
from kyc_service.inference.engines import Embedding
from kyc_service.liveness.integrity.earlier import EarlierCaptures
from kyc_service.liveness.integrity.fingerprint import BITS
from kyc_service.storage.database import Database, Transaction
from kyc_service.storage.keys import MasterKey
from kyc_service.storage.records import TraceKind
from kyc_service.verification.history import Attempt, note_and_look_back
from kyc_service.verification.known_traces import TEMPLATE_TYPE, Gallery, Mark, opened
from kyc_service.verification.lockout import FAILURES, WITHIN, compact_number, paused_until, subjects_of
from kyc_service.verification.memory import FacesKnown, KnownFace, Seen
from kyc_service.verification.subjects import subjects_of_attempt


@dataclass(frozen=True, slots=True)
class StoredMemory:
    """What one verification may ask of its client's others.

    ``master_key`` makes the client's own digests, ``known`` is its gallery. ``now`` is the time of the submission,
    ``attempt`` its number.
    """

    database: Database
    master_key: MasterKey
    known: Gallery
    verification_id: str
    claims: Claims
    now: datetime
    attempt: int = 1

    def faces_like(self, template: Embedding, number: str | None) -> FacesKnown:
        """The nearest face under another identity, and the nearest on the blocklist."""
        identity = None if number is None else identity_digest(number, self.master_key)
        with self.database.transaction() as tx:
            marks, templates = self.known.faces.refreshed(tx, self.master_key)
            if not marks:
                return FacesKnown(None, None, 0)
            blocked = tx.traces.blocked()
            on_list = np.array([at for at, mark in enumerate(marks) if mark.verification_id in blocked], dtype=np.int64)
            everyone = nearest_first(templates, template)
            elsewhere = (hit for hit in everyone if identity is None or marks[hit[0]].digest != identity)
            return FacesKnown(
                self._first(tx, marks, elsewhere),
                self._first(tx, marks, nearest_first(templates, template, on_list)),
                len(marks),
            )

    def captures_like(self, kind: CaptureKind, sha256: str, fingerprint: bytes) -> EarlierCaptures:
        """The same file in another verification, and the capture that looks most alike."""
        trace = TraceKind(kind.value)
        with self.database.transaction() as tx:
            has_same = tx.traces.has_digest(trace, file_digest(sha256, self.master_key), self.verification_id)
            marks, looks = self.known.captures[kind].refreshed(tx, self.master_key)
            nearest: tuple[bytes, ...] = ()
            if marks:
                differing = np.bitwise_count(looks ^ np.frombuffer(fingerprint, dtype=np.uint8))
                for at in np.argsort(differing.sum(axis=1, dtype=np.int64), kind="stable"):
                    mark = marks[at]
                    if mark.verification_id != self.verification_id and tx.traces.is_kept(mark.sequence):
                        nearest = tuple(part.tobytes() for part in looks[at].reshape(-1, BITS // 8))
                        break
        return EarlierCaptures(frozenset({sha256}) if has_same else frozenset(), nearest)

    def is_paused(self, numbers: Sequence[str], template: Embedding | None, at_least: float) -> bool:
        """Whether a number, the phone, the device or the face failed too often of late."""
        with self.database.transaction() as tx:
            subjects = subjects_of(self.claims, numbers, self.master_key)
            if paused_until(tx, subjects, self.now) is not None:
                return True
            if template is None:
                return False
            failed = tx.liveness_failures.faces(self.now - WITHIN, self.known.faces.made_by, self.known.faces.client_id)
            faces = [opened(face, TraceKind.FACE, TEMPLATE_TYPE, self.master_key) for face in failed]
            return sum(float(face @ template) >= at_least for face in faces) >= FAILURES

    def history(self, seen: Seen) -> History:
        """What was seen earlier of everyone and everything in this attempt, which is noted for later ones."""
        subjects = subjects_of_attempt(seen.document, self.claims, seen.phone, self.master_key)
        faces = None if seen.template is None else self._verifications_with(seen.template, seen.alike)
        attempt = Attempt(self.verification_id, self.attempt, self.now)
        with self.database.transaction() as tx:
            return note_and_look_back(tx, attempt, subjects, faces, self.master_key)

    def _verifications_with(self, template: Embedding, alike: float) -> frozenset[str]:
        with self.database.transaction() as tx:
            marks, templates = self.known.faces.refreshed(tx, self.master_key)
        if not marks:
            return frozenset()
        return frozenset(marks[at].verification_id for at in np.flatnonzero(templates @ template >= alike))

    def _first(self, tx: Transaction, marks: Sequence[Mark], hits: Iterable[tuple[int, float]]) -> KnownFace | None:
        for at, similarity in hits:
            mark = marks[at]
            if mark.verification_id != self.verification_id and tx.traces.is_kept(mark.sequence):
                return KnownFace(mark.verification_id, similarity)
        return None


def identity_digest(number: str, master_key: MasterKey) -> bytes:
    """A keyed digest of a document's number, by which two verifications of one person are known as such."""
    return master_key.digest(f"identity|{compact_number(number)}".encode())


def file_digest(sha256: str, master_key: MasterKey) -> bytes:
    """A keyed digest of a file's own."""
    return master_key.digest(f"file|{sha256}".encode())
