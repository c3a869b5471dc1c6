"""Memory backed by the database: other verifications' faces, captures and failed attempts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.claims import Claims
from kyc_service.inference.engines import Embedding
from kyc_service.liveness.integrity.earlier import EarlierCaptures
from kyc_service.liveness.integrity.fingerprint import BITS
from kyc_service.storage.database import Database, Transaction
from kyc_service.storage.keys import MasterKey
from kyc_service.storage.records import TraceKind
from kyc_service.verification.known_traces import TEMPLATE_TYPE, KnownTraces, Mark, opened
from kyc_service.verification.lockout import FAILURES, WITHIN, compact_number, paused_until, subjects_of
from kyc_service.verification.memory import FacesKnown, KnownFace

_FIRST: Final = 32


@dataclass(frozen=True, slots=True)
class StoredMemory:
    """What one verification may ask of the others. ``now`` is the time of its submission."""

    database: Database
    master_key: MasterKey
    known: KnownTraces
    verification_id: str
    claims: Claims
    now: datetime

    def faces_like(self, template: Embedding, number: str | None) -> FacesKnown:
        """The nearest face under another identity, and the nearest on the blocklist."""
        identity = None if number is None else identity_digest(number, self.master_key)
        with self.database.transaction() as tx:
            marks, templates = self.known.faces.refreshed(tx, self.master_key)
            if not marks:
                return FacesKnown(None, None, 0)
            similarities = templates @ template.astype(np.float32)
            blocked = tx.traces.blocked()
            is_blocked = [at for at, mark in enumerate(marks) if mark.verification_id in blocked] if blocked else []
            everyone = _nearest_first(similarities, np.arange(len(marks)))
            elsewhere = (at for at in everyone if identity is None or marks[at].digest != identity)
            on_list = _nearest_first(similarities, np.array(is_blocked, dtype=np.int64))
            return FacesKnown(
                self._first(tx, marks, similarities, elsewhere),
                self._first(tx, marks, similarities, on_list),
                len(marks),
            )

    def captures_like(self, kind: CaptureKind, sha256: str, fingerprint: bytes) -> EarlierCaptures:
        """The same file in another verification, and the capture that looks most alike."""
        trace = TraceKind(kind.value)
        with self.database.transaction() as tx:
            has_same = tx.traces.has_digest(trace, file_digest(sha256, self.master_key), self.verification_id)
            marks, looks = self.known.captures[kind].refreshed(tx, self.master_key)
            others = [at for at, mark in enumerate(marks) if mark.verification_id != self.verification_id]
            nearest: tuple[bytes, ...] = ()
            if others:
                differing = np.bitwise_count(looks[others] ^ np.frombuffer(fingerprint, dtype=np.uint8))
                found = looks[others[int(differing.sum(axis=1, dtype=np.int64).argmin())]]
                nearest = tuple(part.tobytes() for part in found.reshape(-1, BITS // 8))
        return EarlierCaptures(frozenset({sha256}) if has_same else frozenset(), nearest)

    def is_paused(self, numbers: Sequence[str], template: Embedding | None, at_least: float) -> bool:
        """Whether a number, the phone, the device or the face failed too often of late."""
        with self.database.transaction() as tx:
            subjects = subjects_of(self.claims, numbers, self.master_key)
            if paused_until(tx, subjects, self.now) is not None:
                return True
            if template is None:
                return False
            failed = tx.liveness_failures.faces(self.now - WITHIN, self.known.faces.made_by)
            faces = [opened(face, TraceKind.FACE, TEMPLATE_TYPE, self.master_key) for face in failed]
            return sum(float(face @ template) >= at_least for face in faces) >= FAILURES

    def _first(
        self, tx: Transaction, marks: Sequence[Mark], similarities: NDArray[np.float32], places: Iterator[int]
    ) -> KnownFace | None:
        for at in places:
            mark = marks[at]
            if mark.verification_id != self.verification_id and tx.traces.is_kept(mark.sequence):
                return KnownFace(mark.verification_id, float(similarities[at]))
        return None


def identity_digest(number: str, master_key: MasterKey) -> bytes:
    """A keyed digest of a document's number, by which two verifications of one person are known as such."""
    return master_key.digest(f"identity|{compact_number(number)}".encode())


def file_digest(sha256: str, master_key: MasterKey) -> bytes:
    """A keyed digest of a file's own."""
    return master_key.digest(f"file|{sha256}".encode())


def _nearest_first(similarities: NDArray[np.float32], places: NDArray[np.int64]) -> Iterator[int]:
    """``places``, the most alike first; few are ever asked for, so not all of them are sorted at once."""
    found = similarities[places]
    first = min(_FIRST, len(places))
    if first < len(places):
        front = np.argpartition(-found, first - 1)[:first]
        yield from places[front[np.argsort(-found[front], kind="stable")]].tolist()
    yield from places[np.argsort(-found, kind="stable")][first if first < len(places) else 0 :].tolist()
