"""An explanation in plain sentences, one a line, for staff."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from kyc_service.decision.explain import Cause, Explanation, Step, Way, Ways
from kyc_service.decision.otherwise import Otherwise
from kyc_service.decision.policy import Direction, OperatingPoint, Threshold
from kyc_service.domain.checks import CheckName
from kyc_service.domain.outcome import Action, Outcome, Verdict
from kyc_service.domain.reasons import CATALOGUE, Reason, is_retake

_ASKS: Final = {
    Action.DECLINE: "asks for decline",
    Action.REVIEW: "asks for review",
    Action.NONE: "asks for nothing by itself",
}
_MOST_NAMED: Final = 6


def sentences(explanation: Explanation) -> list[str]:
    """Why the verdict is what it is, then what would have to be otherwise. Indented lines belong to the one above."""
    return [
        *_why(explanation),
        *(line for ways in explanation.milder for line in _milder(ways)),
        *_graver(explanation),
    ]


def _why(explanation: Explanation) -> Iterator[str]:
    if explanation.verdict is Verdict.APPROVE:
        yield "Approve: every required check is clear, and nothing that was seen asks for more."
        return
    yield f"{explanation.verdict.value.capitalize()}, because:"
    for cause in explanation.causes:
        yield f"  - {_cause(cause)}"


def _cause(cause: Cause) -> str:
    if cause.combination:
        return f"{cause.check}: together, signals of {cause.combination}: {cause.because} ({_ASKS[cause.action]})"
    asks = "asks for a new capture" if is_retake(cause.reason) else _ASKS[cause.action]
    said = f"{cause.check}: {CATALOGUE[cause.reason].staff} ({cause.reason}, {asks})"
    missed = cause.missed
    if missed is None or missed.limit is None:
        return said
    return f"{said} {_missed(missed, missed.limit)}"


def _missed(change: Otherwise, limit: Threshold) -> str:
    return (
        f"{change.score} is {_number(change.native)}, and must be {_bound(limit)}{_rate(limit.operating_point)}: "
        f"it misses by {_number(change.missed_by)}."
    )


def _bound(limit: Threshold) -> str:
    side = "at least" if limit.direction is Direction.HIGHER_IS_BETTER else "at most"
    return f"{side} {_number(limit.value)} {limit.unit}"


def _rate(point: OperatingPoint | None) -> str:
    if point is None:
        return " (a rule of the policy)"
    return (
        f" ({point.kind} {point.rate:g}, measured {point.ci_low:.2g} to {point.ci_high:.2g}"
        f" with {point.n} samples of {point.data_set})"
    )


def _milder(ways: Ways) -> Iterator[str]:
    if not ways.ways:
        yield f"No change of what was measured would give {ways.wanted} or better."
        return
    found = "the smallest changes" if ways.is_complete else "changes, perhaps not the smallest ones"
    for number, way in enumerate(ways.ways):
        head = f"For {way.verdict}, {found} would be" if number == 0 else f"Or, for {way.verdict}"
        yield f"{head}, all of these together:" if len(way.changes) > 1 else f"{head}:"
        yield from _changes(way)


def _changes(way: Way) -> Iterator[str]:
    unanswered = [change for change in way.changes if change.score is None and _is_unanswered(change.reason)]
    for change in way.changes:
        if change not in unanswered:
            yield f"  - {_change(change)}"
    if unanswered:
        yield f"  - answered, and clear: {_names(change.check for change in unanswered)}"


def _change(change: Otherwise) -> str:
    if change.limit is not None:
        return (
            f"{change.check}: {change.score} {_bound(change.limit)} instead of {_number(change.native)}"
            f" (misses by {_number(change.missed_by)})"
        )
    return f"{change.check}: without {change.reason}"


def _is_unanswered(reason: Reason) -> bool:
    return CATALOGUE[reason].outcome is Outcome.NOT_ASSESSED and not is_retake(reason)


def _graver(explanation: Explanation) -> Iterator[str]:
    if explanation.graver is not None:
        yield _step(explanation.graver)
    if explanation.unanswered:
        names = _names(explanation.unanswered)
        yield f"Without a clear answer to any one of these it would be {explanation.unanswered_verdict}: {names}"


def _step(step: Step) -> str:
    return (
        f"Nearest to {step.verdict}: {step.check}, {step.score} is {_number(step.native)} and must stay"
        f" {_bound(step.limit)}; {_number(abs(step.native - step.limit.value))} away."
    )


def _names(checks: Iterable[CheckName]) -> str:
    names = [check.value for check in dict.fromkeys(checks)]
    rest = len(names) - _MOST_NAMED
    return ", ".join(names) if rest <= 1 else f"{', '.join(names[:_MOST_NAMED])} and {rest} more"


def _number(value: float) -> str:
    """At most four digits that matter, and never fewer than a whole number has.

    >>> _number(0.363123), _number(1500.0), _number(86400.25)
    ('0.3631', '1500', '86400')
    """
    return f"{value:.0f}" if abs(value) >= 1000 else f"{value:.4g}"  # noqa: PLR2004 - digits of a number
