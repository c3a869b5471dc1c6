"""What the use cases work with: one frozen bundle, built once at start."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from kyc_service.decision.report import Report
from kyc_service.domain.challenge import Challenge, ChallengeKind
from kyc_service.domain.verification import UseCase
from kyc_service.imaging.clip import ClipFile
from kyc_service.imaging.picture import Picture
from kyc_service.observability.metrics import Metrics
from kyc_service.outbound.targets import PUBLIC_TARGETS, Targets
from kyc_service.storage.blobs import BlobStore
from kyc_service.storage.database import Database, Transaction
from kyc_service.storage.keys import DataKey, MasterKey
from kyc_service.verification.admission import Admission
from kyc_service.verification.capacity import Capacity
from kyc_service.verification.known_traces import KnownTraces
from kyc_service.verification.phone_code_parts import PhoneCodeParts
from kyc_service.verification.submission import Submission


class VerificationPipeline(Protocol):
    """Turns one submission into one report. Safe to call from several threads."""

    def run(self, submission: Submission) -> Report:
        """Look at everything and decide."""
        ...


class CheckPicture(Protocol):
    """Decodes an upload as far as is needed to know that it can be."""

    def __call__(self, data: bytes) -> Picture:
        """The picture, perhaps reduced.

        Raises:
            InvalidInput: it cannot be used, and why.
        """
        ...


class CheckClip(Protocol):
    """Decodes a clip to know that it can be."""

    def __call__(self, data: bytes) -> ClipFile:
        """The clip.

        Raises:
            InvalidInput: it cannot be used, and why.
        """
        ...


class DrawChallenge(Protocol):
    """Draws what nobody can foresee."""

    def __call__(self, kind: ChallengeKind, at: datetime) -> Challenge:
        """A new challenge of ``kind``, issued at ``at``."""
        ...


class Tiers(Protocol):
    """Says which tiers there are now."""

    def __call__(self) -> frozenset[tuple[UseCase, str]]:
        """Use case and name of each that the policy in use has.

        Raises:
            PolicyUnavailable: the policy in use cannot be read.
        """
        ...


@dataclass(frozen=True, slots=True)
class VerificationService:
    """The parts. ``tiers`` asks the policy in use; ``uploads`` bounds the checking of pictures.

    A verification waits for input for ``expires_after`` at most. ``consent_required``: without the applicant's
    consent nothing of a live client's is decided.

    Nothing here holds a model: what decides is a worker's (:mod:`kyc_service.verification.deciding`).
    """

    database: Database
    blobs: BlobStore
    master_key: MasterKey
    check_picture: CheckPicture
    check_clip: CheckClip
    draw_challenge: DrawChallenge
    known: KnownTraces
    tiers: Tiers
    admission: Admission
    uploads: Capacity
    metrics: Metrics
    now: Callable[[], datetime]
    phone_codes: PhoneCodeParts | None = None
    expires_after: timedelta = timedelta(hours=72)
    consent_required: bool = True
    webhook_targets: Targets = PUBLIC_TARGETS

    def key_of(self, transaction: Transaction, verification_id: str) -> DataKey:
        """The data key of a verification."""
        return self.master_key.unwrap(verification_id, transaction.verifications.wrapped_key(verification_id))
