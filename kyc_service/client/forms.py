"""The forms of answers: frozen, and tolerant. What a newer service adds is kept out, and never an error.

Words that a newer service may add to (``status``, codes) are plain strings here; compare
them with what you know, for example ``verification.status == "verified"``.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

Item = TypeVar("Item")

WAITING_FOR_INPUT = "requires_input"
AT_WORK = "processing"


class Tolerant(BaseModel):
    """What every form has in common."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class ChallengeStep(Tolerant):
    """One thing to do or to show; times are milliseconds since the first frame. Left and right are the applicant's."""

    from_ms: int
    until_ms: int
    action: str | None = None
    colour: str | None = None


class Challenge(Tolerant):
    """A liveness challenge: to be answered once, by a clip sent before ``expires_at``."""

    id: str
    kind: str
    steps: tuple[ChallengeStep, ...]
    issued_at: datetime
    expires_at: datetime


class Capture(Tolerant):
    """One upload."""

    id: str
    kind: str
    attempt: int
    sha256: str
    media_type: str
    width: int
    height: int
    byte_size: int
    created_at: datetime


class RetakeReason(Tolerant):
    """Why a capture is to be taken again, in words for the applicant."""

    code: str
    message: str | None = None
    message_zh: str | None = None


class LastError(Tolerant):
    """Why the latest submission led to no decision."""

    code: str
    captures: tuple[str, ...] = ()
    reasons: tuple[RetakeReason, ...] = ()


class ClientToken(Tolerant):
    """What lets the applicant's browser in, for one verification and a short while."""

    token: str = Field(repr=False)
    expires_at: datetime


class Verification(Tolerant):
    """One verification as it stands. ``attempt`` counts its submissions, ``version`` its changes."""

    id: str
    status: str
    use_case: str
    tier: str
    attempt: int
    created_at: datetime
    updated_at: datetime
    version: int = 1
    reference: str | None = None
    required_captures: tuple[str, ...] = ()
    policy_version: str | None = None
    last_error: LastError | None = None
    expires_at: datetime | None = None
    redacted_at: datetime | None = None
    person_id: str | None = None
    consent: dict[str, Any] | None = None
    client_token: ClientToken | None = None
    challenge: Challenge | None = None
    captures: tuple[Capture, ...] = ()
    report: dict[str, Any] | None = Field(default=None, repr=False)

    @property
    def is_open(self) -> bool:
        """Whether it takes input, and can be submitted."""
        return self.status == WAITING_FOR_INPUT

    @property
    def is_at_work(self) -> bool:
        """Whether a verdict is still being worked out."""
        return self.status == AT_WORK

    @property
    def is_to_be_retaken(self) -> bool:
        """Whether captures are to be taken again: ``last_error`` says which, and why."""
        return self.is_open and self.last_error is not None

    @property
    def verdict(self) -> str | None:
        """What the latest report says: approve, retake, review or decline; ``None`` without one."""
        return None if self.report is None else self.report.get("verdict")


class ApplicantResult(Tolerant):
    """What may be shown to the applicant: no scores, no reasons for staff."""

    verification_id: str
    status: str
    next_step: str
    captures: tuple[str, ...] = ()
    messages: tuple[str, ...] = ()


class PhoneCode(Tolerant):
    """A one-time code that was made; never the code itself."""

    id: str
    expires_at: datetime
    delivery: str
    tries_left: int
    resend_after_s: int


class PhoneCodeCheck(Tolerant):
    """What came of repeating a code."""

    confirmed: bool
    tries_left: int


class Event(Tolerant):
    """One thing that happened."""

    id: str
    type: str
    at: datetime
    actor: str
    from_status: str | None = None
    to_status: str | None = None
    payload: dict[str, Any] = Field(default_factory=dict)


class PersonVerification(Tolerant):
    """A verification that a person passed."""

    id: str
    status: str
    created_at: datetime


class Enrolment(Tolerant):
    """A face that is kept to be compared with later."""

    id: str
    verification_id: str
    created_at: datetime
    made_by: str | None = None
    ended_at: datetime | None = None


class Person(Tolerant):
    """One customer; verifications and enrolments where one person is read."""

    id: str
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None = None
    verifications: tuple[PersonVerification, ...] = ()
    enrolments: tuple[Enrolment, ...] = ()


class CaseReason(Tolerant):
    """Why people are to look, in words for staff."""

    code: str
    message: str = ""


class Case(Tolerant):
    """One submission that people are to look at."""

    id: str
    verification_id: str
    attempt: int
    status: str
    queue: str
    created_at: datetime
    updated_at: datetime
    version: int = 1
    reasons: tuple[CaseReason, ...] = ()


class Policy(Tolerant):
    """One version of a policy; ``text`` where one is read."""

    name: str
    version: str
    sha256: str
    created_at: datetime
    author: str = ""
    is_active: bool = False
    is_shadow: bool = False
    text: str | None = None

    @property
    def id(self) -> str:
        """What a list is continued after."""
        return f"{self.name}@{self.version}"


class Webhook(Tolerant):
    """An endpoint that is told of changes. ``secret`` is answered once, where one was made."""

    id: str
    url: str
    created_at: datetime
    event_types: tuple[str, ...] | None = None
    enabled: bool = True
    version: int = 1
    updated_at: datetime | None = None
    disabled_at: datetime | None = None
    secret: str | None = Field(default=None, repr=False)


class WebhookDelivery(Tolerant):
    """One message on its way to one endpoint."""

    id: str
    state: str
    created_at: datetime
    type: str = ""
    tries: int = 0
    message_id: str | None = None
    next_at: datetime | None = None
    last_at: datetime | None = None
    last_status: int | None = None
    last_error: str | None = None
    delivered_at: datetime | None = None


class Replayed(Tolerant):
    """How many messages are sent once more; ``next_since`` is where to go on, where there are more."""

    count: int
    next_since: datetime | None = None


class Page(Tolerant, Generic[Item]):
    """One page of a list, newest first."""

    items: tuple[Item, ...]
    has_more: bool = False

    @property
    def last_id(self) -> str | None:
        """What the next page starts after; ``None`` if there is none."""
        return str(self.items[-1].id) if self.has_more and self.items else None  # type: ignore[attr-defined]
