"""An author is told what has no effect, what is left open, and what declines on too little."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kyc_service.decision.known_scores import KNOWN_SCORES
from kyc_service.decision.policy import Policy, ScoreRule, Threshold
from kyc_service.decision.signals import AtLeast, Combination, Signal
from kyc_service.documents.authenticity.measure import SCORES
from kyc_service.domain.checks import CheckName
from kyc_service.domain.outcome import Action
from kyc_service.domain.reasons import Reason
from kyc_service.faces.compare import COSINE_SIMILARITY, DLIB_DISTANCE
from kyc_service.faces.quality.components import COMPONENTS
from kyc_service.faces.reuse import SAME_PICTURE
from kyc_service.liveness.passive.assess import PAD_SCORE
from kyc_service.policies.advice import policy_warnings
from kyc_service.verification.known import NEAREST_BLOCKED, NEAREST_ELSEWHERE
from tests.decision.policies import LOWER, POLICY

FAR, IP, PHONE = Reason.FAR_FROM_DOCUMENT_REGION, Reason.FAR_FROM_IP, Reason.PHONE_REGION_DIFFERS


def told(policy: Policy) -> list[str]:
    return [str(warning) for warning in policy_warnings(policy)]


def combined(when: Signal, action: Action = Action.REVIEW) -> Policy:
    return replace(POLICY, combinations=(Combination("test", "Because.", action, when),))


def about_combinations(policy: Policy) -> list[str]:
    return [warning for warning in told(policy) if warning.startswith("combinations")]


def test_reasons_left_to_the_catalogue_are_listed() -> None:
    assert not any("left to the catalogue" in warning for warning in told(POLICY))
    silent = replace(POLICY, actions={r: a for r, a in POLICY.actions.items() if r is not Reason.FACE_MISMATCH})
    assert any("left to the catalogue: face_mismatch (" in warning for warning in told(silent))


def test_an_action_for_combined_signals_has_no_effect() -> None:
    assert any(warning.startswith("actions.signals_combined: has no effect") for warning in told(POLICY))
    without = {r: a for r, a in POLICY.actions.items() if r is not Reason.SIGNALS_COMBINED}
    assert not any("signals_combined" in warning for warning in told(replace(POLICY, actions=without)))


def test_a_weak_signal_that_declines_alone_is_told() -> None:
    declining = replace(POLICY, actions={**POLICY.actions, FAR: Action.DECLINE})
    assert any(warning.startswith(f"actions.{FAR}: declines alone") for warning in told(declining))
    assert not any("declines alone" in warning for warning in told(POLICY))


@pytest.mark.parametrize(
    ("check", "score", "said"),
    [
        (CheckName.FACE_MATCH, "cosine_similarty", "did you mean cosine_similarity"),
        (CheckName.PHONE_VALID, "anything", "this check has none"),
    ],
)
def test_a_rule_for_a_score_that_nobody_makes_is_told(check: CheckName, score: str, said: str) -> None:
    rule = ScoreRule(check, score, Threshold(1, LOWER, "km"), FAR)
    (warning,) = (w for w in told(replace(POLICY, scores=(rule,))) if "no stage makes" in w)
    assert said in warning


def test_a_typed_limit_counts_for_models_only() -> None:
    typed = [w for w in told(POLICY) if "is typed in" in w]
    assert [w.partition(":")[0] for w in typed] == [
        "scores, face.match/dlib_distance",
        "scores, face.quality/inter_eye_px",
    ]


def test_a_graver_reason_that_asks_for_less_is_told() -> None:
    turned = {**POLICY.actions, Reason.FACE_MATCH_UNCERTAIN: Action.DECLINE, Reason.FACE_MISMATCH: Action.REVIEW}
    assert any("face_mismatch asks for less than" in w for w in told(replace(POLICY, actions=turned)))
    assert not any("asks for less" in w for w in told(POLICY))


@pytest.mark.parametrize(
    ("when", "action", "has_effect"),
    [
        (AtLeast(2, (FAR, IP)), Action.REVIEW, False),
        (AtLeast(1, (FAR, IP)), Action.REVIEW, True),
        (AtLeast(2, (FAR, IP)), Action.DECLINE, True),
        (AtLeast(2, (FAR, CheckName.PHONE_REUSE)), Action.REVIEW, True),
        (AtLeast(2, (FAR, Reason.NOT_PROVIDED)), Action.REVIEW, True),
        (AtLeast(2, (FAR, CheckName.PHONE_REUSE)), Action.NONE, False),
    ],
)
def test_a_combination_that_changes_nothing_is_told(when: Signal, action: Action, *, has_effect: bool) -> None:
    assert any("changes no verdict" in w for w in about_combinations(combined(when, action))) is not has_effect


def test_one_signal_is_no_combination() -> None:
    nested = AtLeast(2, (FAR, AtLeast(1, (IP, PHONE))))
    assert not any("one signal" in w for w in about_combinations(combined(nested, Action.DECLINE)))
    assert any("one signal" in w for w in about_combinations(combined(AtLeast(1, (FAR, nested)), Action.DECLINE)))


def test_the_known_scores_are_those_the_stages_make() -> None:
    assert KNOWN_SCORES[CheckName.FACE_QUALITY] == {component.name for component in COMPONENTS}
    authenticity = [CheckName.ORIGINAL_DOCUMENT_PRESENT, CheckName.DIGITAL_TAMPERING, CheckName.PORTRAIT_INTEGRITY]
    assert {name for check in authenticity for name in KNOWN_SCORES[check]} == set(SCORES)
    assert KNOWN_SCORES[CheckName.FACE_MATCH] == {COSINE_SIMILARITY, DLIB_DISTANCE}
    assert KNOWN_SCORES[CheckName.PORTRAIT_REUSED] == {SAME_PICTURE}
    assert KNOWN_SCORES[CheckName.LIVENESS_PASSIVE] == {PAD_SCORE}
    assert KNOWN_SCORES[CheckName.KNOWN_FACES] == {NEAREST_ELSEWHERE, NEAREST_BLOCKED}
