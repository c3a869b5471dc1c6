"""A policy's parts -> the policy: every name looked up, every threshold a number.

Refused here is what fails open or cannot be meant: a tier without an active liveness
challenge, a rejecting reason that is ignored, a looked-up value that no list judges, an
operating point that nobody measured, thresholds in the wrong order. Each part is looked at
though others are wrong, so that an author sees all that is wrong at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from kyc_service.decision.policy import (
    CrossChecks,
    Policy,
    ScoreRule,
    SecondOpinionRule,
    Threshold,
    Tier,
    ValueRule,
)
from kyc_service.decision.signals import AtLeast, Combination, Signal
from kyc_service.domain.checks import CheckName
from kyc_service.domain.outcome import Action, Outcome
from kyc_service.domain.reasons import CATALOGUE, Reason
from kyc_service.domain.verification import UseCase
from kyc_service.policies.calibration import CalibrationMissing, Calibrations
from kyc_service.policies.document import (
    CombinationPart,
    CrossChecksPart,
    GroupPart,
    LimitPart,
    PolicyDocument,
    RaisingLimitPart,
    ScorePart,
    SecondOpinionPart,
    SignalPart,
    TierPart,
    ValuesPart,
)
from kyc_service.policies.form import well_formed
from kyc_service.policies.lines import Lines
from kyc_service.policies.problems import Path, PolicyProblem

_LOOKED_UP: Final = frozenset({CheckName.COUNTRY_ALLOWED, CheckName.PHONE_LINE_TYPE})


class Resolver:
    """Makes rules of parts; what is wrong gathers in ``problems``, and then the rules are of no use."""

    def __init__(self, lines: Lines, calibrations: Calibrations) -> None:
        self.problems: list[PolicyProblem] = []
        self._lines = lines
        self._calibrations = calibrations
        self._data: Mapping[str, object] = lines.data if isinstance(lines.data, dict) else {}

    def tiers(self) -> dict[tuple[UseCase, str], Tier]:
        """Every tier, by use case and name."""
        resolved: dict[tuple[UseCase, str], Tier] = {}
        for place, part in well_formed(TierPart, self._data.get("tiers")):
            path: Path = ("tiers", place)
            if CheckName.LIVENESS_CHALLENGE not in part.always:
                message = "nothing is approved from stills: every tier requires liveness.challenge, always"
                self._complain((*path, "always"), message)
            by_document = {kind: frozenset(checks) for kind, checks in part.by_document.items()}
            tier = Tier(frozenset(part.always), by_document, self._cross_checks(part.cross_checks, path))
            for use_case in part.use_cases:
                if (use_case, part.name) in resolved:
                    self._complain((*path, "name"), f"tier {part.name} of {use_case} stands twice")
                resolved[use_case, part.name] = tier
        return resolved

    def _cross_checks(self, part: CrossChecksPart | None, path: Path) -> CrossChecks | None:
        if part is None:
            return None
        inner = (*path, "cross_checks")
        self._complain_of_repeats(part.of, (*inner, "of"))
        if part.at_least > len(part.of):
            self._complain((*inner, "at_least"), f"{part.at_least} of {len(part.of)} can never be clear")
        return CrossChecks(part.at_least, tuple(part.of))

    def scores(self) -> tuple[ScoreRule, ...]:
        """What each score means."""
        return tuple(
            self._score(part, ("scores", place)) for place, part in well_formed(ScorePart, self._data.get("scores"))
        )

    def _score(self, part: ScorePart, path: Path) -> ScoreRule:
        def threshold(limit: RaisingLimitPart | None, name: str) -> Threshold | None:
            return None if limit is None else self._threshold(part, limit, (*path, name))

        rule = ScoreRule(
            check=part.check,
            score=part.score,
            consider=threshold(part.consider, "consider"),
            consider_reason=part.consider.reason if part.consider else None,
            reject=threshold(part.reject, "reject"),
            reject_reason=part.reject.reason if part.reject else None,
        )
        if part.consider is None and part.reject is None:
            self._complain(path, f"{part.check}/{part.score} has no threshold: give consider, reject or both")
        if rule.consider and rule.reject and not rule.reject.is_met_by(rule.consider.value):
            self._complain((*path, "reject"), f"{part.check}/{part.score} rejects before it considers")
        return rule

    def _threshold(self, score: ScorePart, limit: LimitPart, path: Path) -> Threshold | None:
        if len(limit.rates) + (limit.limit is not None) != 1:
            self._complain(path, "give either a limit or one error rate")
            return None
        if limit.limit is not None:
            return Threshold(limit.limit, score.direction, score.unit)
        ((kind, rate),) = limit.rates.items()
        try:
            point = self._calibrations.point(score.check, score.calibrated_as or score.score, kind, rate)
        except CalibrationMissing as error:
            measured = self._calibrations.measured(score.check, score.calibrated_as or score.score)
            self._complain((*path, kind.partition("_at_")[0]), error.message, measured)
            return None
        if point.direction is not score.direction:
            message = f"{score.check}/{score.score}: calibrated {point.direction}, the policy says otherwise"
            self._complain((*path[:2], "direction"), message, (point.direction.value,))
        return Threshold(point.threshold, score.direction, score.unit, point.operating_point)

    def values(self) -> tuple[ValueRule, ...]:
        """What each looked-up value means."""
        given = self._data.get("values", [])
        parts = well_formed(ValuesPart, given)
        unjudged = sorted(_LOOKED_UP - {part.check for _, part in parts})
        if unjudged and isinstance(given, list) and len(parts) == len(given):
            # A value that no list judges would count as clear.
            self._complain(("values",), "no list of values for: " + ", ".join(unjudged), tuple(unjudged))
        return tuple(ValueRule(part.check, part.value, dict(part.listed), part.otherwise) for _, part in parts)

    def second_opinions(self) -> tuple[SecondOpinionRule, ...]:
        """Which scores want another beside them."""
        scores = [part for _, part in well_formed(ScorePart, self._data.get("scores"))]
        resolved = [
            self._second_opinion(part, scores, ("second_opinions", place))
            for place, part in well_formed(SecondOpinionPart, self._data.get("second_opinions"))
        ]
        return tuple(rule for rule in resolved if rule is not None)

    def _second_opinion(self, part: SecondOpinionPart, scores: list[ScorePart], path: Path) -> SecondOpinionRule | None:
        mine = {score.score: score for score in scores if score.check is part.check}
        for key, name in (("score", part.score), ("needs", part.needs)):
            if name not in mine:
                message = f"second opinion on {part.check}: both scores need a rule, and {name} has none"
                self._complain((*path, key), message, tuple(sorted(mine)))
        first = mine.get(part.score)
        until = None if first is None else self._threshold(first, part.until, (*path, "until"))
        return None if until is None else SecondOpinionRule(part.check, part.score, until, part.needs)

    def actions(self) -> dict[Reason, Action]:
        """What each reason asks of the verdict, where the policy says so."""
        given = self._data.get("actions", {})
        words = given.items() if isinstance(given, dict) else ()
        said = {Reason(r): Action(a) for r, a in words if r in set(Reason) and a in set(Action)}
        for reason, action in said.items():
            entry, path = CATALOGUE[reason], ("actions", reason.value)
            if entry.retake:
                message = "retake reasons open the capture gate and take no action: " + reason
                self._complain(path, message, at_key=True)
            elif entry.outcome is Outcome.REJECTED and action is Action.NONE:
                allowed = tuple(a.value for a in Action if a is not Action.NONE)
                self._complain(path, f"reasons that reject a check need an action: {reason}", allowed)
        return said

    def combinations(self) -> tuple[Combination, ...]:
        """Signals together, in the policy's order."""
        resolved: dict[str, Combination] = {}
        for place, part in well_formed(CombinationPart, self._data.get("combinations")):
            path: Path = ("combinations", place)
            when = self._group(part, path)
            if part.name in resolved:
                self._complain((*path, "name"), f"combination {part.name} stands twice")
            if when is not None:
                resolved[part.name] = Combination(part.name, part.because, part.action, when)
        return tuple(resolved.values())

    def _group(self, part: GroupPart, path: Path) -> Signal | None:
        lists = {"all": part.all, "any": part.any, "at_least": part.at_least}
        given = [key for key, value in lists.items() if value is not None]
        if len(given) != 1:
            self._complain(path, "give exactly one of: all, any, at_least", tuple(lists))
            return None
        if part.at_least is not None:
            return self._at_least(part.at_least.count, part.at_least.of, (*path, "at_least", "of"))
        parts = part.all or part.any or []
        return self._at_least(len(parts) if part.all else 1, parts, (*path, given[0]))

    def _at_least(self, count: int, parts: list[SignalPart], path: Path) -> Signal | None:
        self._complain_of_repeats(parts, path)
        if count > len(parts):
            self._complain((*path[:-1], "count"), f"{count} of {len(parts)} signals can never be")
            return None
        signals = [
            self._group(part, (*path, place)) if isinstance(part, GroupPart) else part
            for place, part in enumerate(parts)
        ]
        known = tuple(signal for signal in signals if signal is not None)
        return AtLeast(count, known) if len(known) == len(parts) else None

    def _complain_of_repeats(self, words: Iterable[object], path: Path) -> None:
        seen: list[object] = []
        for place, word in enumerate(words):
            if word in seen:
                self._complain((*path, place), f"{word} stands twice" if isinstance(word, str) else "stands twice")
            seen.append(word)

    def _complain(self, path: Path, message: str, allowed: tuple[str, ...] = (), *, at_key: bool = False) -> None:
        self.problems.append(self._lines.problem(path, message, allowed, at_key=at_key))


def resolved(
    document: PolicyDocument | None, lines: Lines, calibrations: Calibrations, sha256: str
) -> tuple[Policy | None, list[PolicyProblem]]:
    """The policy of ``document``, whose ``lines`` say where all is; or what does not fit together in it.

    Without a document, those of its parts that have their form are looked at.
    """
    resolver = Resolver(lines, calibrations)
    tiers, scores, values = resolver.tiers(), resolver.scores(), resolver.values()
    opinions, actions, combinations = resolver.second_opinions(), resolver.actions(), resolver.combinations()
    if document is None or resolver.problems:
        return None, resolver.problems
    policy = Policy(
        name=document.name,
        version=document.version,
        time_zone=document.time_zone,
        sha256=sha256,
        max_attempts=document.max_attempts,
        tiers=tiers,
        scores=scores,
        values=values,
        second_opinions=opinions,
        actions=actions,
        combinations=combinations,
    )
    return policy, []
