"""Records: what the repositories give and take. Plain frozen values, no SQL in sight."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.challenge import ChallengeKind
from kyc_service.domain.history import Subject
from kyc_service.domain.outcome import Verdict
from kyc_service.domain.verification import UseCase, VerificationStatus
from kyc_service.storage.blobs import BlobKey


@dataclass(frozen=True, slots=True)
class VerificationRecord:
    """One verification of one client. ``claims`` is ciphertext; ``last_error`` holds codes only.

    ``version`` counts changes. ``reference`` is the client's own, opaque name for the applicant.
    """

    id: str
    client_id: str
    version: int
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
    consent: Mapping[str, Any] | None = None
    expires_at: datetime | None = None
    person_id: str | None = None
    reference: str | None = None


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
    CONSENT_GIVEN = "consent_given"
    CLAIMS_CHANGED = "claims_changed"
    CAPTURE_UPLOADED = "capture_uploaded"
    CHALLENGE_ISSUED = "challenge_issued"
    PHONE_CODE_SENT = "phone_code_sent"
    PHONE_CODE_FAILED = "phone_code_failed"
    PHONE_CONFIRMED = "phone_confirmed"
    FACE_BLOCKED = "face_blocked"
    FACE_UNBLOCKED = "face_unblocked"
    VERIFICATION_SUBMITTED = "verification_submitted"
    VERIFICATION_COMPLETED = "verification_completed"
    SUBMISSION_FAILED = "submission_failed"
    VERIFICATION_CANCELED = "verification_canceled"
    VERIFICATION_EXPIRED = "verification_expired"
    CASE_OPENED = "case_opened"
    ENROLMENT_MADE = "enrolment_made"
    ENROLMENT_ENDED = "enrolment_ended"
    PERSON_DELETED = "person_deleted"


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
    verification_id: str | None
    response: bytes | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ChallengeRecord:
    """A liveness challenge; ``steps`` are plain objects: what, ``from_ms``, ``until_ms``.

    ``answered_by`` is the id of the capture that answered it.
    """

    id: str
    verification_id: str
    kind: ChallengeKind
    steps: list[dict[str, Any]]
    issued_at: datetime
    expires_at: datetime
    answered_by: str | None


class TraceKind(StrEnum):
    """What a trace is of."""

    FACE = "face"
    DOCUMENT_FRONT = "document_front"
    DOCUMENT_BACK = "document_back"
    SELFIE = "selfie"
    LIVENESS = "liveness"
    POSITION = "position"


@dataclass(frozen=True, slots=True)
class TraceRecord:
    """What a submission is known again by. ``made_by`` is the model or method, ``digest`` a keyed digest beside it."""

    verification_id: str
    attempt: int
    kind: TraceKind
    made_by: str
    sealed: bytes
    digest: bytes | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class SealedTrace:
    """A kept trace with the wrapped key that opens it; ``sequence`` numbers traces in the order they came."""

    sequence: int
    verification_id: str
    attempt: int
    sealed: bytes
    digest: bytes | None
    wrapped_key: bytes


@dataclass(frozen=True, slots=True)
class FaceBlockRecord:
    """A verification whose face is on the blocklist, who put it there, and why."""

    verification_id: str
    reason: str
    actor: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SightingRecord:
    """That a subject was part of a submission; ``digest`` and ``identity`` are keyed."""

    verification_id: str
    attempt: int
    subject: Subject
    digest: bytes
    identity: bytes | None
    at: datetime


@dataclass(frozen=True, slots=True)
class LivenessFailureRecord:
    """A failed liveness attempt of one ``subject``, a keyed digest."""

    verification_id: str
    attempt: int
    subject: bytes
    at: datetime


class PhoneCodeDelivery(StrEnum):
    """What is known of a code on its way: ``uncertain`` may have been sent, ``failed`` certainly was not."""

    PENDING = "pending"
    SENT = "sent"
    UNCERTAIN = "uncertain"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class PhoneCodeRecord:
    """A one-time code. ``phone``, ``digest`` and ``address`` are keyed digests; ``delivery_error`` is a code."""

    id: str
    verification_id: str
    phone: bytes
    digest: bytes
    client: str
    address: bytes | None
    created_at: datetime
    expires_at: datetime
    tries: int
    confirmed_at: datetime | None
    delivery: PhoneCodeDelivery
    delivery_tries: int
    delivery_error: str | None
