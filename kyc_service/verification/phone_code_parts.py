"""What the use cases of one-time codes work with beside the service's other parts."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Protocol

from kyc_service.domain.claims import Claims
from kyc_service.domain.facts import LineType, PhoneFact
from kyc_service.notifications.code_limits import CodeLimits
from kyc_service.notifications.phone_code import PhoneCodeSender
from kyc_service.outbound.retries import RetryPlan
from kyc_service.verification.capacity import Capacity

CODE_DIGITS: Final = 6
_MOST_S: Final = 10.0
_SENDABLE: Final = frozenset({LineType.MOBILE, LineType.FIXED_LINE_OR_MOBILE, LineType.VOIP})


class LookUpPhone(Protocol):
    """Asks the numbering plans."""

    def __call__(self, claims: Claims) -> PhoneFact | None:
        """What is known of the claimed number, read as the checks read it; ``None`` where none is claimed."""
        ...


def draw_code() -> str:
    """Six digits that nobody can foresee."""
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"


@dataclass(frozen=True, slots=True)
class PhoneCodeParts:
    """``sender`` is ``None`` where codes are switched off; ``countries`` (alpha-3) those written to, ``None`` for all.

    ``sending`` bounds how many threads wait for the gateway at once.
    """

    sender: PhoneCodeSender | None
    look_up: LookUpPhone
    sending: Capacity
    limits: CodeLimits
    countries: frozenset[str] | None
    plan: RetryPlan = field(default_factory=lambda: RetryPlan(total_s=_MOST_S))
    draw: Callable[[], str] = draw_code

    def may_be_sent_to(self, fact: PhoneFact) -> bool:
        """Whether a code may be sent there: a line that takes messages at the usual price, in a country written to."""
        is_written_to = fact.country is not None and (self.countries is None or fact.country in self.countries)
        return fact.is_valid and fact.e164 is not None and fact.line_type in _SENDABLE and is_written_to
