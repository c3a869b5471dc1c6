"""What outside registers answered. Silence is never consent: a register that was not asked has not confirmed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kyc_service.domain.authority import Answer, AuthorityAnswer, AuthorityFailure, Channel
from kyc_service.domain.background import Background
from kyc_service.domain.checks import CheckName
from kyc_service.domain.measurements import Evidence, Finding, Measurement, NotAssessed
from kyc_service.domain.reasons import Reason

_CHECKS: Final[dict[Channel, CheckName]] = {
    Channel.CITIZEN_IDENTITY: CheckName.AUTHORITY_CITIZEN_IDENTITY,
    Channel.CARRIER: CheckName.AUTHORITY_CARRIER,
    Channel.BANK_CARD: CheckName.AUTHORITY_BANK_CARD,
    Channel.CREDIT_AGENCY: CheckName.AUTHORITY_CREDIT_AGENCY,
    Channel.SOCIAL_SECURITY: CheckName.AUTHORITY_SOCIAL_SECURITY,
    Channel.TAX: CheckName.AUTHORITY_TAX,
    Channel.EDUCATION: CheckName.AUTHORITY_EDUCATION,
    Channel.SANCTIONS: CheckName.AUTHORITY_SANCTIONS,
}
_OF_A_REGISTER: Final[dict[Answer, tuple[Reason, ...]]] = {
    Answer.CONFIRMED: (),
    Answer.CONTRADICTED: (Reason.AUTHORITY_CONTRADICTS,),
    Answer.NOT_ON_RECORD: (Reason.AUTHORITY_NOT_ON_RECORD,),
}
# To be on this list is the bad news: whoever it confirms is on it.
_OF_SANCTIONS: Final[dict[Answer, tuple[Reason, ...]]] = {
    Answer.NOT_ON_RECORD: (),
    Answer.POSSIBLE_HIT: (Reason.SANCTIONS_POSSIBLE_HIT,),
    Answer.CONFIRMED: (Reason.SANCTIONS_POSSIBLE_HIT,),
}


def measure(background: Background) -> tuple[Measurement, ...]:
    """``authority``: one check for each channel, in whatever order the answers came."""
    return tuple(m for channel in Channel for m in _of_channel(channel, background))


def _of_channel(channel: Channel, background: Background) -> Iterator[Measurement]:
    heard = sorted((entry for entry in background.authorities if entry.channel is channel), key=repr)
    for entry in heard:
        yield _unreached(entry) if isinstance(entry, AuthorityFailure) else _answered(entry)
    if not heard:
        yield _unasked(channel, is_configured=channel in background.channels)


def _unasked(channel: Channel, *, is_configured: bool) -> NotAssessed:
    if is_configured:
        return NotAssessed(_CHECKS[channel], Reason.NOT_MEASURED, "the register was not asked")
    return NotAssessed(_CHECKS[channel], Reason.NOT_PROVIDED, "no such register is configured")


def _unreached(failure: AuthorityFailure) -> NotAssessed:
    return NotAssessed(_CHECKS[failure.channel], Reason.AUTHORITY_UNREACHABLE, failure.cause)


def _answered(answer: AuthorityAnswer) -> Measurement:
    check = _CHECKS[answer.channel]
    meanings = _OF_SANCTIONS if answer.channel is Channel.SANCTIONS else _OF_A_REGISTER
    reasons = meanings.get(answer.answer)
    evidence = Evidence(
        values={
            "answer": answer.answer.value,
            "reference": answer.reference,
            "answered_at": answer.at.isoformat(),
        }
    )
    if reasons is None:
        cause = "the answer is none that such a register gives"
        return NotAssessed(check, Reason.FACT_UNKNOWN, cause, evidence=evidence)
    return Finding(check, reasons, evidence=evidence)
