"""The forms of requests and answers."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.challenge import Action, ChallengeKind, FlashColour
from kyc_service.domain.reasons import CATALOGUE, Reason
from kyc_service.domain.verification import UseCase, VerificationStatus
from kyc_service.storage.records import CaptureRecord, ChallengeRecord, EventRecord, EventType, VerificationRecord
from kyc_service.verification.claims_document import ClaimsDocument
from kyc_service.verification.consent_document import ConsentDocument, KeptConsent
from kyc_service.verification.use_cases import REQUIRED_CAPTURES

ReasonCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
Reference = Annotated[str, StringConstraints(pattern=r"^[\x21-\x7e]{1,64}$")]
TierName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]


class CreateVerification(BaseModel):
    """What a verification starts from."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    use_case: UseCase = UseCase.ONBOARDING
    tier: TierName = "standard"
    claims: ClaimsDocument = ClaimsDocument()
    reference: Reference | None = Field(
        default=None, description="Your own name for the applicant, for your lists; never a number or a name of theirs"
    )
    consent: ConsentDocument | None = Field(
        default=None, description="What the applicant agreed to, as PUT .../consent takes it; it can be put later, too"
    )


class WantToken(BaseModel):
    """For how long an applicant's browser is to be let in."""

    model_config = ConfigDict(extra="forbid")

    lifetime_min: int = Field(default=60, ge=1, le=1440, description="minutes")


class ClientTokenText(BaseModel):
    """A token for the applicant's browser; send it to nobody else."""

    token: str
    expires_at: datetime


class DrawChallenge(BaseModel):
    """What kind of challenge is wanted."""

    model_config = ConfigDict(extra="forbid")

    kind: ChallengeKind = ChallengeKind.ACTIONS


class BlockFace(BaseModel):
    """Why a face is to be looked for from now on."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    reason: ReasonCode = Field(description="A code of your own, such as confirmed_fraud; never a person's name")


class ChallengeStep(BaseModel):
    """One thing to do or to show; times are milliseconds since the first frame. Left and right are the applicant's."""

    action: Action | None = Field(default=None, description="what to do, in a challenge of actions")
    colour: FlashColour | None = Field(default=None, description="what the screen shows, in a challenge of flashes")
    from_ms: int = Field(description="when it is asked; not before")
    until_ms: int = Field(description="by when it must have been done")


class Challenge(BaseModel):
    """A liveness challenge: to be answered once, by a clip sent before ``expires_at``."""

    id: str
    kind: ChallengeKind
    steps: list[ChallengeStep]
    issued_at: datetime
    expires_at: datetime


class Capture(BaseModel):
    """One upload, a picture or a clip: ``width`` and ``height`` upright, ``attempt`` the submission it was uploaded for."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    kind: CaptureKind
    attempt: int
    sha256: str
    media_type: str
    width: int
    height: int
    byte_size: int
    created_at: datetime


class RetakeReason(BaseModel):
    """Why a capture is to be taken again, in words for the applicant: English and Chinese."""

    code: Reason
    message: str | None
    message_zh: str | None


class LastError(BaseModel):
    """Why the latest submission led to no decision: ``retake_required`` or ``submission_failed``."""

    code: str
    captures: list[CaptureKind]
    reasons: list[RetakeReason]


class Verification(BaseModel):
    """One verification. ``attempt`` counts its submissions, ``version`` its changes."""

    id: str
    version: int
    reference: str | None
    status: VerificationStatus
    use_case: UseCase
    tier: str
    attempt: int
    required_captures: list[CaptureKind]
    policy_version: str | None
    last_error: LastError | None
    created_at: datetime
    updated_at: datetime
    expires_at: datetime | None
    redacted_at: datetime | None
    person_id: str | None
    consent: KeptConsent | None


class VerificationDetail(Verification):
    """One verification with its latest captures and its latest report."""

    client_token: ClientTokenText | None = Field(
        default=None, description="For the applicant's browser; in the answer that opens a verification"
    )

    challenge: Challenge | None = Field(description="What a liveness clip would answer now; null when there is none")
    captures: list[Capture]
    report: dict[str, Any] | None = Field(description="The report, as GET .../report answers it")


class VerificationPage(BaseModel):
    """A page of verifications, newest first; the next one starts after the last one's id."""

    items: list[Verification]
    has_more: bool


class Event(BaseModel):
    """One thing that happened."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    type: EventType
    from_status: VerificationStatus | None
    to_status: VerificationStatus | None
    at: datetime
    actor: str
    payload: dict[str, Any]


class EventList(BaseModel):
    """Everything that happened to a verification, oldest first."""

    items: list[Event]


def verification_of(record: VerificationRecord) -> Verification:
    """``record`` as it is answered."""
    return Verification(
        id=record.id,
        version=record.version,
        reference=record.reference,
        status=record.status,
        use_case=record.use_case,
        tier=record.tier,
        attempt=record.attempt,
        required_captures=sorted(REQUIRED_CAPTURES),
        policy_version=record.policy_version,
        last_error=None if record.last_error is None else _last_error(dict(record.last_error)),
        created_at=record.created_at,
        updated_at=record.updated_at,
        expires_at=record.expires_at,
        redacted_at=record.redacted_at,
        person_id=record.person_id,
        consent=None if record.consent is None else KeptConsent.model_validate(record.consent),
    )


def challenge_of(record: ChallengeRecord) -> Challenge:
    """``record`` as it is answered."""
    return Challenge(
        id=record.id,
        kind=record.kind,
        steps=[ChallengeStep(**step) for step in record.steps],
        issued_at=record.issued_at,
        expires_at=record.expires_at,
    )


def capture_of(record: CaptureRecord) -> Capture:
    """``record`` as it is answered."""
    return Capture.model_validate(record)


def event_of(record: EventRecord) -> Event:
    """``record`` as it is answered."""
    return Event.model_validate(record)


def _last_error(stored: dict[str, Any]) -> LastError:
    reasons = [Reason(code) for code in stored["reasons"]]
    return LastError(
        code=stored["code"],
        captures=stored["captures"],
        reasons=[_retake_reason(reason) for reason in reasons],
    )


def _retake_reason(reason: Reason) -> RetakeReason:
    entry = CATALOGUE[reason]
    return RetakeReason(code=reason, message=entry.applicant, message_zh=entry.applicant_zh)
