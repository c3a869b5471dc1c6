"""Records: what the repositories give and take. Plain frozen values, no SQL in sight."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.outcome import Verdict
from kyc_service.domain.verification import UseCase, VerificationStatus
from kyc_service.storage.blobs import BlobKey


@dataclass(frozen=True, slots=True)
class VerificationRecord:
    """One verification. ``claims`` is ciphertext; ``last_error`` holds codes only."""

    id: str
    status: VerificationStatus
    use_case: UseCase
    tier: str
    attempt: int
    policy_version: str | None
    claims: bytes | None
    last_error: Mapping[str, Any] | None
    created_at: datetime
    updated_at: datetime
    redacted_at: datetime | None


@dataclass(frozen=True, slots=True)
class CaptureRecord:
    """One uploaded picture: ``width`` and ``height`` in upright pixels, ``sha256`` of the uploaded bytes."""

    id: str
    verification_id: str
    kind: CaptureKind
    attempt: int
    sha256: str
    media_type: str
    width: int
    height: int
    byte_size: int
    blob_key: BlobKey
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ReportRecord:
    """The report of one submission; ``ciphertext`` is its JSON, sealed."""

    verification_id: str
    attempt: int
    id: str
    verdict: Verdict
    schema_version: str
    ciphertext: bytes
    created_at: datetime


class EventType(StrEnum):
    """What can happen to a verification."""

    VERIFICATION_CREATED = "verification_created"
    CLAIMS_CHANGED = "claims_changed"
    CAPTURE_UPLOADED = "capture_uploaded"
    VERIFICATION_SUBMITTED = "verification_submitted"
    VERIFICATION_COMPLETED = "verification_completed"
    SUBMISSION_FAILED = "submission_failed"


@dataclass(frozen=True, slots=True)
class EventRecord:
    """One change of state: who, when, from, to, and plain facts without personal data."""

    id: str
    verification_id: str
    type: EventType
    from_status: VerificationStatus | None
    to_status: VerificationStatus | None
    at: datetime
    actor: str
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class IdempotencyRecord:
    """A POST that was begun; ``response`` is sealed, and absent until the answer stands."""

    key: bytes
    request: bytes
    verification_id: str
    response: bytes | None
    created_at: datetime
