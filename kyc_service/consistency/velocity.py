"""How often the person, document, phone, device and face of an attempt were seen of late, and with how many identities."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kyc_service.consistency.scales import MOST_ATTEMPTS, MOST_IDENTITIES, mapped
from kyc_service.domain.checks import CheckName
from kyc_service.domain.history import WINDOWS, Count, History, Subject
from kyc_service.domain.measurements import Finding, Measurement, NotAssessed, Score
from kyc_service.domain.reasons import Reason

_CHECKS: Final[dict[Subject, CheckName]] = {
    Subject.PERSON: CheckName.VELOCITY_PERSON,
    Subject.DOCUMENT: CheckName.VELOCITY_DOCUMENT,
    Subject.PHONE: CheckName.VELOCITY_PHONE,
    Subject.DEVICE: CheckName.VELOCITY_DEVICE,
    Subject.FACE: CheckName.VELOCITY_FACE,
}


def measure(history: History | None) -> tuple[Measurement, ...]:
    """``velocity``: all five checks; a subject that could be looked for and was not found was seen zero times."""
    if history is None:
        return tuple(NotAssessed(check, Reason.NOT_MEASURED, "no history is kept") for check in _CHECKS.values())
    counted = (m for subject in Subject for m in _counts(subject, history))
    return (*counted, *_device_change(history))


def _counts(subject: Subject, history: History) -> Iterator[Measurement]:
    check = _CHECKS[subject]
    if subject not in history.subjects:
        yield NotAssessed(check, Reason.NOT_PROVIDED, f"there is no {subject} to look for")
        return
    for window, _ in WINDOWS:
        counts = [count for count in history.counts if (count.subject, count.window) == (subject, window)]
        yield _score(check, f"attempts_{window}", max(map(_attempts, counts), default=0), MOST_ATTEMPTS)
        # Other identities than the person are no longer the person.
        if subject is not Subject.PERSON:
            yield _score(check, f"identities_{window}", max(map(_identities, counts), default=0), MOST_IDENTITIES)


def _attempts(count: Count) -> int:
    return count.attempts


def _identities(count: Count) -> int:
    return count.identities


def _score(check: CheckName, name: str, count: int, full_scale: float) -> Score:
    return Score(check, name, float(count), mapped(count, full_scale), "counting")


def _device_change(history: History) -> tuple[Finding, ...]:
    """Nothing where neither the person nor the device could be looked for: nobody can say that it is the same."""
    check = CheckName.VELOCITY_DEVICE
    if history.person_had_other_device:
        return (Finding(check, (Reason.DEVICE_CHANGED,)),)
    was_looked_for = {Subject.PERSON, Subject.DEVICE} <= history.subjects
    return (Finding(check),) if was_looked_for else ()
