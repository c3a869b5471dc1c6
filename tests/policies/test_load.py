"""The default policy is complete; a policy that would fail open is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from kyc_service.decision.policy import Direction
from kyc_service.domain.checks import CheckName
from kyc_service.domain.claims import DocumentType
from kyc_service.domain.outcome import Action
from kyc_service.domain.reasons import Reason
from kyc_service.domain.verification import UseCase
from kyc_service.policies.calibration import CalibrationInvalid, CalibrationMissing, read_calibrations
from kyc_service.policies.load import DEFAULT_POLICY, PolicyInvalid, load_policy
from kyc_service.verification.models_in_use import models_in_use

ROOT = Path(__file__).parents[2]
MODELS = models_in_use(ROOT / "models").values()
CALIBRATIONS = read_calibrations(ROOT / "models" / "calibration", MODELS)


def edited(tmp_path: Path, change: Callable[[dict[str, Any]], object]) -> Path:
    document = yaml.safe_load(DEFAULT_POLICY.read_text(encoding="utf-8"))
    change(document)
    path = tmp_path / "policy.yaml"
    path.write_text(yaml.safe_dump(document), encoding="utf-8")
    return path


def test_the_default_policy_resolves_and_names_what_it_was_measured_on() -> None:
    policy = load_policy(DEFAULT_POLICY, CALIBRATIONS)
    tier = policy.tiers[UseCase.ONBOARDING, "standard"]
    assert CheckName.LIVENESS_CHALLENGE in tier.required(None)
    assert CheckName.ID_NUMBER in tier.required(DocumentType.CN_RESIDENT_IDENTITY_CARD)
    assert CheckName.ID_NUMBER not in tier.required(DocumentType.PASSPORT)
    match = next(rule for rule in policy.scores if rule.score == "cosine_similarity")
    assert match.consider is not None
    assert match.reject is not None
    assert match.consider.value > match.reject.value
    point = match.consider.operating_point
    assert point is not None
    assert point.n > 100_000
    assert point.ci_low <= point.rate <= 1e-3


def test_a_weak_signal_alone_never_declines() -> None:
    actions = load_policy(DEFAULT_POLICY, CALIBRATIONS).actions
    weak = (Reason.PHONE_REGION_DIFFERS, Reason.FAR_FROM_DOCUMENT_REGION, Reason.FAR_FROM_PHONE_REGION)
    liveness = (Reason.PRESENTATION_ATTACK_LIKELY, Reason.FACE_SECOND_OPINION_DISAGREES)
    assert all(actions[reason] is not Action.DECLINE for reason in (*weak, *liveness))


def test_the_hash_covers_policy_and_calibrations(tmp_path: Path) -> None:
    one = load_policy(DEFAULT_POLICY, CALIBRATIONS)
    other = load_policy(edited(tmp_path, lambda d: d.update(version="2")), CALIBRATIONS)
    assert one.sha256 == load_policy(DEFAULT_POLICY, CALIBRATIONS).sha256 != other.sha256


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda d: d["actions"].pop("face_mismatch"), None),
        (lambda d: d.pop("actions"), None),
        (lambda d: d["actions"].update(face_mismatch="none"), "reject a check need an action: face_mismatch"),
        (lambda d: d["actions"].update(face_blurred="decline"), "take no action: face_blurred"),
        (lambda d: d["tiers"][0]["always"].remove("liveness.challenge"), "nothing is approved from stills"),
        (lambda d: d["tiers"][0].update(always=["face.match"]), "nothing is approved from stills"),
        (lambda d: d.update(values=[]), "no list of values for: geolocation.country_allowed, phone.line_type"),
        (lambda d: d.update(time_zone="Asia/Nowhere"), "no IANA time zone"),
        (lambda d: d["tiers"].append(d["tiers"][0]), "stands twice"),
        (lambda d: d["scores"][0]["consider"].update(limit=0.4), "either a limit or one error rate"),
        (lambda d: d["scores"][0]["consider"].update(fmr=0.0123), "no calibration of"),
        (lambda d: d["scores"][0].update(direction="lower_is_better"), "the policy says otherwise"),
        (lambda d: d["scores"][0]["consider"].update(fmr=0.1), None),
        (lambda d: d["scores"][0].update(consider={"fmr": 0.1, "reason": "face_mismatch"}), None),
        (
            lambda d: d["scores"][0].update(
                consider={"fmr": 0.1, "reason": "face_mismatch"}, reject={"fmr": 1e-4, "reason": "face_mismatch"}
            ),
            "rejects before it considers",
        ),
        (lambda d: (d["scores"][0].pop("consider"), d["scores"][0].pop("reject")), "has no threshold"),
        (lambda d: d["second_opinions"][0].update(needs="unheard_of"), "both scores need a rule"),
        (lambda d: d["values"][0]["listed"].update(voip="no_such_reason"), r"values\[0\]\.listed\.voip"),
        (lambda d: d.update(surprise=1), "surprise"),
        (lambda d: d.update(max_attempts=0), "max_attempts"),
    ],
)
def test_what_would_fail_open_is_refused(
    tmp_path: Path, change: Callable[[dict[str, Any]], object], complaint: str | None
) -> None:
    path = edited(tmp_path, change)
    if complaint is None:
        load_policy(path, CALIBRATIONS)
    else:
        with pytest.raises(PolicyInvalid, match=complaint):
            load_policy(path, CALIBRATIONS)


@pytest.mark.parametrize("text", ["", "- a\n- b\n", "a: [", "\x00"])
def test_what_is_no_policy_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "policy.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PolicyInvalid):
        load_policy(path, CALIBRATIONS)
    with pytest.raises(PolicyInvalid):
        load_policy(tmp_path / "absent.yaml", CALIBRATIONS)


def test_a_calibration_counts_only_for_its_own_model(tmp_path: Path) -> None:
    with pytest.raises(CalibrationInvalid, match="another model"):
        read_calibrations(ROOT / "models" / "calibration", {"0" * 64})
    (tmp_path / "broken.json").write_text("{}")
    with pytest.raises(CalibrationInvalid, match=r"broken\.json"):
        read_calibrations(tmp_path, MODELS)


def test_an_unmeasured_operating_point_is_missing() -> None:
    with pytest.raises(CalibrationMissing):
        CALIBRATIONS.point(CheckName.FACE_MATCH, "cosine_similarity", "fmr", 1e-9)


def test_calibration_files_hold_no_paths_names_or_faces() -> None:
    for path in (ROOT / "models" / "calibration").glob("*.json"):
        text = path.read_text(encoding="utf-8")
        assert ".jpg" not in text
        assert "/" not in json.loads(text)["data_set"]["title"]


def test_both_directions_are_told_apart() -> None:
    assert {rule.direction for rule in _thresholds()} == set(Direction)


def _thresholds() -> list[Any]:
    policy = load_policy(DEFAULT_POLICY, CALIBRATIONS)
    return [t for rule in policy.scores for t in (rule.consider, rule.reject) if t is not None]


def test_a_search_has_operating_points_of_its_own(tmp_path: Path) -> None:
    policy = load_policy(DEFAULT_POLICY, CALIBRATIONS)
    searched = {rule.score: rule.consider for rule in policy.scores if rule.check is CheckName.KNOWN_FACES}
    (match,) = (rule.consider for rule in policy.scores if rule.score == "cosine_similarity")
    assert match is not None
    for name in ("nearest_elsewhere", "nearest_blocked"):
        threshold = searched[name]
        assert threshold is not None
        assert threshold.value > match.value
        assert threshold.is_met_by(match.value)
        assert threshold.operating_point is not None
        assert threshold.operating_point.kind.startswith("fpir_at_")

    def among_a_million(document: dict[str, Any]) -> None:
        (rule,) = (r for r in document["scores"] if r["score"] == "nearest_elsewhere")
        rule["consider"]["fpir"]["gallery"] = 1_000_000

    with pytest.raises(PolicyInvalid, match="fpir_at_1000000"):
        load_policy(edited(tmp_path, among_a_million), CALIBRATIONS)
