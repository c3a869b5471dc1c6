"""Whether the phone came with other identities before, and the person with another phone."""

from __future__ import annotations

from typing import Final

from kyc_service.consistency.scales import MOST_IDENTITIES, mapped
from kyc_service.domain.checks import CheckName
from kyc_service.domain.history import History, Subject
from kyc_service.domain.measurements import Finding, Measurement, NotAssessed, Score
from kyc_service.domain.reasons import Reason

_CHECK: Final = CheckName.PHONE_REUSE


def measure(history: History | None) -> tuple[Measurement, ...]:
    """``phone.reuse``: how many other identities, and whether the person's phone has changed."""
    if history is None:
        return (NotAssessed(_CHECK, Reason.NOT_MEASURED, "no history is kept"),)
    return (_others(history), *_change(history))


def _others(history: History) -> Score | NotAssessed:
    if Subject.PHONE not in history.subjects:
        return NotAssessed(_CHECK, Reason.NOT_MEASURED, "the phone was not looked for")
    count = float(history.phone_other_identities)
    return Score(_CHECK, "other_identities", count, mapped(count, MOST_IDENTITIES), "counting")


def _change(history: History) -> tuple[Finding, ...]:
    """Nothing where neither the person nor the phone could be looked for: nobody can say that it is the same."""
    if history.person_had_other_phone:
        return (Finding(_CHECK, (Reason.PHONE_CHANGED,)),)
    was_looked_for = {Subject.PERSON, Subject.PHONE} <= history.subjects
    return (Finding(_CHECK),) if was_looked_for else ()
