"""Why this verdict, and the smallest changes that would have given another one.

Nothing here knows how a policy decides: measurements are changed, and the policy decides
again. What is said therefore holds for combinations and required checks as for scores.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from kyc_service.decision.hitting_sets import smallest_sets
from kyc_service.decision.otherwise import LEAST_STEP, Otherwise, alternatives, measured, with_changes
from kyc_service.decision.policy import Direction, Policy, Threshold
from kyc_service.decision.rules import Judged, Origin
from kyc_service.decision.verdict import Check, Decision, Question, decide
from kyc_service.domain.checks import CheckName
from kyc_service.domain.measurements import Measurement, NotAssessed, Score
from kyc_service.domain.outcome import Action, Outcome, Verdict
from kyc_service.domain.reasons import Reason, is_retake

_JUST: Final = 2 * LEAST_STEP
_RELATIVE: Final = 1e-9
_ACTION_OF: Final = {Verdict.DECLINE: Action.DECLINE, Verdict.REVIEW: Action.REVIEW}


@dataclass(frozen=True, slots=True)
class Cause:
    """One reason behind the verdict. ``because`` is a combination's own sentence, ``missed`` the limit of a score."""

    check: CheckName
    reason: Reason
    action: Action
    combination: str = ""
    because: str = ""
    missed: Otherwise | None = None


@dataclass(frozen=True, slots=True)
class Way:
    """Changes that together lead to ``verdict``, and of which none can be left out."""

    changes: tuple[Otherwise, ...]
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Ways:
    """All smallest ways to a verdict of at most ``wanted``; unless ``is_complete``, there may be others."""

    wanted: Verdict
    ways: tuple[Way, ...]
    is_complete: bool


@dataclass(frozen=True, slots=True)
class Step:
    """The least change of one score for the worse that gives ``verdict``: ``native`` beyond ``limit``."""

    check: CheckName
    score: str
    native: float
    limit: Threshold
    verdict: Verdict

    @property
    def share(self) -> float:
        """How far the score is from its limit, as a share of the limit (or of the score, where the limit is 0)."""
        scale = abs(self.limit.value) or abs(self.native)
        return abs(self.native - self.limit.value) / scale if scale else 0.0


@dataclass(frozen=True, slots=True)
class Explanation:
    """``milder`` begins with the nearest milder verdict. ``unanswered`` gives the verdict without any one of the checks."""

    verdict: Verdict
    causes: tuple[Cause, ...]
    milder: tuple[Ways, ...]
    graver: Step | None
    unanswered: tuple[CheckName, ...]
    unanswered_verdict: Verdict


def explain(measurements: Iterable[Measurement], policy: Policy, question: Question) -> Explanation:
    """Why ``policy`` says what it says of ``measurements``, and what would have had to be otherwise.

    Raises:
        UnknownTier: the policy has no tier of that name for the use case.
    """
    decision = decide(measurements, policy, question)
    unanswered, worse = _unanswered(decision, policy, question)
    return Explanation(
        verdict=decision.verdict,
        causes=tuple(_causes(decision)),
        milder=tuple(_milder(decision, policy, question)),
        graver=_graver(decision, policy, question),
        unanswered=unanswered,
        unanswered_verdict=worse,
    )


def _causes(decision: Decision) -> Iterator[Cause]:
    for check in decision.checks:
        for raised in check.reasons:
            if raised.code in decision.reasons and _leads(raised.code, raised.action, decision.verdict):
                yield from _causes_in(check, raised.code, raised.action)


def _leads(reason: Reason, action: Action, verdict: Verdict) -> bool:
    return is_retake(reason) or action is _ACTION_OF.get(verdict)


def _causes_in(check: Check, reason: Reason, action: Action) -> Iterator[Cause]:
    for judged in check.judged:
        if reason not in judged.reasons:
            continue
        values = judged.measurement.evidence.values
        if judged.origin is Origin.POLICY and check.name is CheckName.COMBINATIONS:
            if judged.action is action:
                yield Cause(check.name, reason, action, str(values["combination"]), str(values["because"]))
        else:
            yield Cause(check.name, reason, action, missed=_missed(judged, reason))


def _missed(judged: Judged, reason: Reason) -> Otherwise | None:
    score = judged.measurement
    if not isinstance(score, Score):
        return None
    # A limit that raises nothing is where a second opinion is no longer wanted.
    limits = [limit.threshold for limit in judged.limits if (limit.raises or Reason.NOT_MEASURED) is reason]
    return Otherwise(score.check, reason, score.name, score.native, limits[0]) if limits else None


def _milder(decision: Decision, policy: Policy, question: Question) -> Iterator[Ways]:
    verdict = decision.verdict
    if verdict is Verdict.APPROVE:
        return
    nearest = _ways(decision, policy, question, tuple(Verdict)[verdict.rank - 1])
    yield nearest
    if any(way.verdict is not Verdict.APPROVE for way in nearest.ways):
        yield _ways(decision, policy, question, Verdict.APPROVE)


def _ways(decision: Decision, policy: Policy, question: Question, wanted: Verdict) -> Ways:
    before, items = measured(decision), alternatives(decision, policy)

    def verdict_with(changes: Iterable[Otherwise]) -> Verdict:
        return decide(with_changes(before, changes, policy), policy, question).verdict

    found = smallest_sets(items, lambda changes: verdict_with(changes).rank <= wanted.rank)
    ways = tuple(Way(tuple(item for item in items if item in one), verdict_with(one)) for one in _least(found.sets))
    return Ways(wanted, ways, found.is_complete)


def _least(sets: tuple[frozenset[Otherwise], ...]) -> list[frozenset[Otherwise]]:
    """``sets`` without those that move a score further than another one that is the same otherwise."""
    return [one for one in sets if not any(_is_less(other, one) for other in sets if other is not one)]


def _is_less(one: frozenset[Otherwise], other: frozenset[Otherwise]) -> bool:
    only, others = one - other, other - one
    if len(only) != 1 or len(others) != 1:
        return False
    (mine,), (theirs,) = only, others
    is_same_score = (mine.check, mine.score) == (theirs.check, theirs.score) and mine.score is not None
    return is_same_score and mine.missed_by < theirs.missed_by


def _graver(decision: Decision, policy: Policy, question: Question) -> Step | None:
    measurements = measured(decision)
    steps = [
        replace(step, verdict=verdict)
        for step in _steps(decision)
        if (verdict := decide(_worsened(measurements, step), policy, question).verdict).rank > decision.verdict.rank
    ]
    return min(steps, key=lambda step: step.share, default=None)


def _steps(decision: Decision) -> Iterator[Step]:
    for check in decision.checks:
        for judged in check.judged:
            score = judged.measurement
            if isinstance(score, Score):
                for limit in judged.limits:
                    if limit.raises is not None and limit.threshold.is_met_by(score.native):
                        yield Step(check.name, score.name, score.native, limit.threshold, decision.verdict)


def _worsened(measurements: Iterable[Measurement], step: Step) -> list[Measurement]:
    # Of large numbers, such as seconds, more than a report's last digit.
    little = max(_JUST, abs(step.limit.value) * _RELATIVE)
    beyond = step.limit.value + (-little if step.limit.direction is Direction.HIGHER_IS_BETTER else little)
    return [
        replace(m, native=beyond)
        if isinstance(m, Score) and (m.check, m.name, m.native) == (step.check, step.score, step.native)
        else m
        for m in measurements
    ]


def _unanswered(decision: Decision, policy: Policy, question: Question) -> tuple[tuple[CheckName, ...], Verdict]:
    """The clear checks that the verdict rests on: without the answer to any one of them it were graver."""
    measurements = measured(decision)
    found: list[CheckName] = []
    worst = decision.verdict
    for check in decision.checks:
        if check.outcome is not Outcome.CLEAR or check.name in (CheckName.CROSS_CHECKS, CheckName.COMBINATIONS):
            continue
        left = [m for m in measurements if m.check is not check.name]
        verdict = decide([*left, NotAssessed(check.name, Reason.NOT_MEASURED)], policy, question).verdict
        if verdict.rank > decision.verdict.rank:
            found.append(check.name)
            worst = max(worst, verdict, key=lambda one: one.rank)
    return tuple(found), worst
