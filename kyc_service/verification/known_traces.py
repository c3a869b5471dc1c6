"""Known traces: faces and looks of captures that were kept, opened once and held in memory to be compared.

Rows are sealed one by one under the key of their verification; a process opens those it
has not seen yet before each search. A hit is looked up again, so that a trace whose row
or key is gone is never reported, whatever is still held.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kyc_service.domain.captures import CaptureKind
from kyc_service.liveness.integrity.fingerprint import METHOD
from kyc_service.storage.database import Transaction
from kyc_service.storage.keys import MasterKey
from kyc_service.storage.records import SealedTrace, TraceKind

TEMPLATE_TYPE: Final = np.dtype("<f4")
_OVERLAP: Final = 1000
"""Numbers are given before a transaction ends, so a row may appear below the highest one seen."""
_FIRST_ROWS: Final = 64


@dataclass(frozen=True, slots=True)
class Mark:
    """Whose a held trace is; ``digest`` is the keyed one that came with it."""

    sequence: int
    verification_id: str
    digest: bytes | None


@dataclass(slots=True)
class HeldTraces:
    """All traces of one client, kind and make, one row of ``numbers`` each; safe for several threads."""

    client_id: str
    kind: TraceKind
    made_by: str
    numbers: np.dtype[Any]
    _marks: list[Mark] = field(default_factory=list)
    _rows: NDArray[Any] | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def refreshed(self, tx: Transaction, master_key: MasterKey) -> tuple[list[Mark], NDArray[Any]]:
        """Every trace that is kept: whose it is, and its numbers (N x D), newest last."""
        with self._lock:
            highest = max((mark.sequence for mark in self._marks[-_OVERLAP:]), default=0)
            floor = max(0, highest - _OVERLAP)
            recent = {mark.sequence for mark in self._marks[-2 * _OVERLAP :] if mark.sequence > floor}
            for sealed in tx.traces.after(floor, self.kind, self.made_by, recent, self.client_id):
                self._hold(sealed, opened(sealed, self.kind, self.numbers, master_key))
            count = len(self._marks)
            rows = np.zeros((0, 0), dtype=self.numbers) if self._rows is None else self._rows[:count]
            return self._marks[:count], rows

    def _hold(self, sealed: SealedTrace, numbers: NDArray[Any]) -> None:
        count = len(self._marks)
        if self._rows is None:
            self._rows = np.zeros((_FIRST_ROWS, len(numbers)), dtype=self.numbers)
        elif count == len(self._rows):
            self._rows = np.concatenate([self._rows, np.zeros_like(self._rows)])
        self._rows[count] = numbers
        self._marks.append(Mark(sealed.sequence, sealed.verification_id, sealed.digest))


@dataclass(frozen=True, slots=True)
class Gallery:
    """What one process holds of one client's verifications."""

    faces: HeldTraces
    captures: Mapping[CaptureKind, HeldTraces]


@dataclass(frozen=True, slots=True)
class KnownTraces:
    """What one process holds, of each client apart: galleries never cross clients."""

    face_model_id: str
    _galleries: dict[str, Gallery] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def of(cls, face_model_id: str) -> KnownTraces:
        """Nothing held yet; faces are compared by ``face_model_id``."""
        return cls(face_model_id)

    def of_client(self, client_id: str) -> Gallery:
        """What is held of a client."""
        with self._lock:
            if client_id not in self._galleries:
                looks = {
                    kind: HeldTraces(client_id, TraceKind(kind.value), METHOD, np.dtype(np.uint8))
                    for kind in CaptureKind
                }
                faces = HeldTraces(client_id, TraceKind.FACE, self.face_model_id, TEMPLATE_TYPE)
                self._galleries[client_id] = Gallery(faces, looks)
            return self._galleries[client_id]


def opened(sealed: SealedTrace, kind: TraceKind, numbers: np.dtype[Any], master_key: MasterKey) -> NDArray[Any]:
    """The numbers of a trace.

    Raises:
        SealBroken: it was changed, or its key is another's.
    """
    key = master_key.unwrap(sealed.verification_id, sealed.wrapped_key)
    return np.frombuffer(key.open(sealed.sealed, trace_purpose(kind, sealed.attempt)), numbers)


def trace_purpose(kind: TraceKind, attempt: int) -> str:
    """What a trace is sealed for."""
    return f"trace:{kind}:{attempt}"
