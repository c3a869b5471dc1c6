"""What is wrong with a policy is said with its line, all of it at once, and what would be right."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kyc_service.decision.signals import AtLeast, Combination
from kyc_service.domain.checks import CheckName
from kyc_service.domain.outcome import Action
from kyc_service.domain.reasons import CATALOGUE, Reason
from kyc_service.domain.verification import UseCase
from kyc_service.policies.calibration import Calibrations, read_calibrations
from kyc_service.policies.lines import MAX_BYTES, MAX_DEPTH
from kyc_service.policies.load import PolicyInvalid, PolicyProblem, parse_policy
from kyc_service.verification.models_in_use import models_in_use

ROOT = Path(__file__).parents[2]
NO_CALIBRATIONS = Calibrations((), "0" * 64)
SMALL = """\
name: small
version: "1"
time_zone: Asia/Shanghai
max_attempts: 9
tiers:
  - use_cases: [onboarding]
    name: standard
    always: [liveness.challenge]
    cross_checks: {at_least: 2, of: [authority.carrier, authority.tax]}
scores:
  - check: geolocation.distance_ip
    score: distance_km
    direction: lower_is_better
    unit: km
    consider: {limit: 800, reason: far_from_ip}
values:
  - check: phone.line_type
    value: line_type
    listed: {mobile: accepted}
    otherwise: phone_line_unusual
  - check: geolocation.country_allowed
    value: country
    listed: {CHN: accepted}
    otherwise: country_not_allowed
actions:
  far_from_ip: none
combinations:
  - name: far_in_every_way
    because: Nothing says that the person is where the device says it is.
    action: review
    all:
      - far_from_ip
      - any: [phone.region_consistency, phone_region_differs]
      - at_least: {count: 2, of: [time_zone_differs, ip_country_differs, device_clock_wrong]}
"""


def problems_of(text: str | bytes, calibrations: Calibrations = NO_CALIBRATIONS) -> list[PolicyProblem]:
    with pytest.raises(PolicyInvalid) as refused:
        parse_policy(text.encode() if isinstance(text, str) else text, "small.yaml", calibrations)
    assert all(str(problem) in refused.value.message for problem in refused.value.problems)
    return list(refused.value.problems)


def test_a_small_policy_is_read_whole() -> None:
    policy = parse_policy(SMALL.encode(), "small.yaml", NO_CALIBRATIONS)
    tier = policy.tiers[UseCase.ONBOARDING, "standard"]
    assert tier.cross_checks is not None
    assert (tier.cross_checks.at_least, len(tier.cross_checks.of)) == (2, 2)
    far = AtLeast(1, (CheckName.PHONE_REGION_CONSISTENCY, Reason.PHONE_REGION_DIFFERS))
    clocks = AtLeast(2, (Reason.TIME_ZONE_DIFFERS, Reason.IP_COUNTRY_DIFFERS, Reason.DEVICE_CLOCK_WRONG))
    because = "Nothing says that the person is where the device says it is."
    when = AtLeast(3, (Reason.FAR_FROM_IP, far, clocks))
    assert policy.combinations == (Combination("far_in_every_way", because, Action.REVIEW, when),)
    assert policy.action_of(Reason.FAR_FROM_IP) is Action.NONE
    assert policy.action_of(Reason.FACE_MISMATCH) is CATALOGUE[Reason.FACE_MISMATCH].default_action


def test_a_misspelt_reason_is_named_with_its_place_and_the_nearest() -> None:
    (problem,) = problems_of(SMALL.replace("  far_from_ip: none", "  far_form_ip: none"))
    assert (problem.line, problem.column, problem.path) == (26, 3, "actions.far_form_ip")
    assert "did you mean far_from_ip" in problem.message
    assert set(problem.allowed) == {reason.value for reason in Reason}


def test_a_misspelt_check_in_a_tier_is_refused_at_its_line() -> None:
    (problem,) = problems_of(SMALL.replace("[liveness.challenge]", "[liveness.challenge, face.mach]"))
    assert (problem.line, problem.column, problem.path) == (8, 34, "tiers[0].always[1]")
    assert "did you mean face.match" in problem.message


def test_every_problem_is_told_at_once_in_the_order_of_lines() -> None:
    text = (
        SMALL.replace("Asia/Shanghai", "Asia/Nowhere")
        .replace("[liveness.challenge]", "[face.match]")
        .replace("unit: km", "units: km")
        .replace("far_from_ip: none", "face_blurred: review\n  face_mismatch: none\n  far_from_ip: never")
        .replace("count: 2, of: [time", "count: 4, of: [time")
    )
    told = [(problem.line, problem.path) for problem in problems_of(text)]
    assert told == [
        (3, "time_zone"),
        (8, "tiers[0].always"),
        (11, "scores[0].unit"),
        (14, "scores[0].units"),
        (26, "actions.face_blurred"),
        (27, "actions.face_mismatch"),
        (28, "actions.far_from_ip"),
        (36, "combinations[0].all[2].at_least.count"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "path", "said"),
    [
        ("  - name: far", "  - nam: far", "combinations[0].nam", "did you mean name"),
        ("max_attempts: 9", "max_attempts: many", "max_attempts", "whole number"),
        ('version: "1"', "version: 2026-11-23", "version", "put it in quotes"),
        ('version: "1"', "version: 2026-13-45", "version", "put it in quotes"),
        ("  far_from_ip: none", "  - far_from_ip", "actions", "mapping"),
        ("    always: [liveness.challenge]", "    always: liveness.challenge", "tiers[0].always", "list"),
        ("[authority.carrier, authority.tax]", "[authority.carrier]", "tiers[0].cross_checks.at_least", "can never be"),
        ("authority.tax]", "authority.carrier]", "tiers[0].cross_checks.of[1]", "stands twice"),
        ("authority.tax]", "authority.sanctions]", "tiers[0].cross_checks.of[1]", "not known here"),
        ("[liveness.challenge]", "[liveness.challenge, policy.cross_checks]", "tiers[0].always[1]", "not known here"),
        ("      - far_from_ip", "      - face_blurred", "combinations[0].all[0]", "not known here"),
        ("      - far_from_ip", "      - signals_combined", "combinations[0].all[0]", "not known here"),
        ("      - far_from_ip", "      - 7", "combinations[0].all[0]", "7 is not known here"),
        ("      - far_from_ip", "      - not: far_from_ip", "combinations[0].all[0].not", "all, any, at_least"),
        ("      - far_from_ip", "      - {}", "combinations[0].all[0]", "exactly one of"),
        ("    all:", "    any: [far_from_ip]\n    all:", "combinations[0]", "exactly one of"),
        (", phone_region_differs]", ", phone.region_consistency]", "combinations[0].all[1].any[1]", "stands twice"),
        ("{limit: 800, ", "{", "scores[0].consider", "either a limit or one error rate"),
        ("limit: 800", "limit: .nan", "scores[0].consider.limit", "finite"),
        ("limit: 800", "fmr: 0.001", "scores[0].consider.fmr", "no calibration"),
        ("  far_from_ip: none", "  far_from_ip: none\n  far_from_ip: review", "actions.far_from_ip", "stands twice"),
        ("  far_from_ip: none", "  <<: {far_from_ip: none}", "actions.<<", "merged mappings"),
        ("  far_from_ip: none", "  [a, b]: none", "actions", "a key is one word"),
    ],
)
def test_each_problem_has_its_path(old: str, new: str, path: str, said: str) -> None:
    assert old in SMALL
    found = {problem.path: problem.message for problem in problems_of(SMALL.replace(old, new))}
    assert said in found.get(path, ""), found


def test_a_combination_stands_once() -> None:
    twice = SMALL + "  - {name: far_in_every_way, because: Again., action: none, any: [far_from_ip, phone_changed]}\n"
    (problem,) = problems_of(twice)
    assert (problem.line, problem.path) == (35, "combinations[1].name")


def test_an_unmeasured_rate_names_the_measured_ones() -> None:
    measured = read_calibrations(ROOT / "models" / "calibration", models_in_use(ROOT / "models").values())
    score = "scores:\n  - {check: face.match, score: cosine_similarity, direction: higher_is_better, unit: x,"
    score += " consider: {fmr: 0.0002, reason: face_match_uncertain}}\n"
    (problem,) = problems_of(SMALL.replace("scores:\n", score), measured)
    assert problem.path == "scores[0].consider.fmr"
    assert "fmr 0.0001" in problem.allowed


def bomb() -> str:
    levels = [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 9)]
    return "a0: &a0 [x]\n" + "\n".join(levels)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (lambda: "", 1, "empty"),
        (lambda: "# nothing\n", 1, "empty"),
        (lambda: "a: 1\nb: [\n", 3, "no YAML"),
        (lambda: "a: 1\n\x00", 2, "no text"),
        (lambda: b"a: \xff\xfe", 1, "no text"),
        (lambda: "a: 1\n--- \nb: 2\n", 2, "no YAML"),
        (lambda: "a: !!python/object:os.system x\n", 1, "no YAML"),
        (lambda: "a: " + "[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1), 1, "nested deeper"),
        (lambda: "a: &a [*a]\n", 1, "what it stands in"),
        (bomb, 1, "with its aliases"),
        (lambda: "x" * (MAX_BYTES + 1), 1, "larger than"),
        (lambda: "- a\n- b\n", 1, "mapping"),
    ],
)
def test_what_is_no_policy_at_all_is_told_with_its_line(text: Callable[[], str | bytes], line: int, said: str) -> None:
    problems = problems_of(text())
    assert any(said in problem.message and problem.line == line for problem in problems), problems
