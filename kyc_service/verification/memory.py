"""What is remembered of other verifications, as a pipeline may ask for it.

A pipeline without a memory (the command line) says that it could not look; it never
takes "nobody asked" for "nothing found".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.document import DocumentReading
from kyc_service.domain.history import History
from kyc_service.inference.engines import Embedding
from kyc_service.liveness.integrity.earlier import EarlierCaptures


@dataclass(frozen=True, slots=True)
class KnownFace:
    """The most alike face of another verification; ``similarity`` is a cosine, 1 the same picture."""

    verification_id: str
    similarity: float


@dataclass(frozen=True, slots=True)
class FacesKnown:
    """What a search gave.

    ``elsewhere``: the nearest face of another verification that was not of the same
    document number; ``blocked``: the nearest on the blocklist. ``None`` where there is none to compare
    with. ``searched`` is how many faces were compared.
    """

    elsewhere: KnownFace | None
    blocked: KnownFace | None
    searched: int


@dataclass(frozen=True, slots=True)
class Seen:
    """What an attempt is known again by, beside its claims.

    ``phone`` is E.164 where the number could be understood. ``template`` is the living face's
    (unit length); faces at least ``alike`` to it are taken for the same.
    """

    document: DocumentReading | None
    phone: str | None
    template: Embedding | None
    alike: float


class Memory(Protocol):
    """Asks what was seen before, within one client's verifications."""

    def faces_like(self, template: Embedding, number: str | None) -> FacesKnown:
        """The nearest faces to ``template`` (unit length); ``number`` is that of the document that came with it."""
        ...

    def captures_like(self, kind: CaptureKind, sha256: str, fingerprint: bytes) -> EarlierCaptures:
        """Of the captures of other verifications: the same file, if there is one, and the one that looks most alike.

        ``fingerprint`` is one of 32 bytes, or several behind each other for a clip.
        """
        ...

    def is_paused(self, numbers: Sequence[str], template: Embedding | None, at_least: float) -> bool:
        """Whether too many liveness attempts failed of late.

        Counted for any of ``numbers``, or for faces that are at least ``at_least`` like ``template``.
        """
        ...

    def history(self, seen: Seen) -> History:
        """What was seen earlier of everyone and everything in this attempt; from now on, others find this one too."""
        ...
