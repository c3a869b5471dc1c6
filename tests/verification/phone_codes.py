"""What the tests of one-time codes share: a sender that keeps what it was given, and a clock that is set."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from kyc_service.bootstrap import phone_look_up
from kyc_service.domain.claims import Claims
from kyc_service.domain.clients import Caller
from kyc_service.domain.verification import UseCase
from kyc_service.notifications.code_limits import CodeLimits, countries_of, windows_of
from kyc_service.notifications.phone_code import PhoneCodeMessage
from kyc_service.outbound.failures import OutboundFailed
from kyc_service.outbound.retries import RetryPlan
from kyc_service.places import PlaceBook
from kyc_service.verification.capacity import Capacity
from kyc_service.verification.phone_code_parts import PhoneCodeParts
from kyc_service.verification.service import VerificationService
from kyc_service.verification.steps import NewVerification
from kyc_service.verification.use_cases import create_verification
from tests.conftest import CALLER

PHONE = "+8613800138000"
OTHER = "+8613912345678"
ANY_NUMBER_OF = windows_of("1000000/day")
LIMITS = CodeLimits(
    per_number=windows_of("1/minute, 5/hour, 10/day"),
    per_verification=windows_of("3/minute, 10/hour, 20/day"),
    per_address=windows_of("10/minute, 60/hour, 200/day"),
    per_client=windows_of("120/minute, 2000/hour, 20000/day"),
)

UNLIMITED = CodeLimits(ANY_NUMBER_OF, ANY_NUMBER_OF, ANY_NUMBER_OF, ANY_NUMBER_OF)
LOOK_UP = phone_look_up(PlaceBook())


@dataclass(slots=True)
class NullSender:
    """Keeps every message, or fails with ``failures`` in turn; ``work`` happens while it sends."""

    sent: list[PhoneCodeMessage] = field(default_factory=list)
    failures: list[OutboundFailed] = field(default_factory=list)
    calls: int = 0
    work: Callable[[], None] = lambda: None

    def send(self, message: PhoneCodeMessage) -> None:
        self.calls += 1
        self.work()
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append(message)

    @property
    def code(self) -> str:
        """The latest code."""
        return self.sent[-1].code

    @property
    def wrong(self) -> str:
        """A code that was not sent."""
        return f"{(int(self.code) + 1) % 1_000_000:06d}"


@dataclass(slots=True)
class Clock:
    at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __call__(self) -> datetime:
        return self.at

    def pass_by(self, **span: float) -> None:
        self.at += timedelta(**span)


def with_codes(
    service: VerificationService, sender: NullSender | None, clock: Clock, limits: CodeLimits = LIMITS
) -> VerificationService:
    parts = PhoneCodeParts(
        sender=sender,
        look_up=LOOK_UP,
        sending=Capacity(at_work=8, waiting=0, retry_after_s=7),
        limits=limits,
        countries=countries_of("CHN, HKG, MAC, TWN"),
        plan=RetryPlan(waits_s=(0.0, 0.0)),
    )
    return replace(service, phone_codes=parts, now=clock)


def opened(service: VerificationService, phone: str | None = PHONE, caller: Caller = CALLER, **more: object) -> str:
    claims = Claims(phone_number=phone, **more)  # type: ignore[arg-type]
    return create_verification(service, NewVerification(UseCase.ONBOARDING, "standard", claims, caller)).record.id
