"""Every sample applicant, with the real models: verdicts, reasons, what was read, and that nobody is let in.

Portrait and selfie of most samples come from one photograph, and of two from a rendered head: this shows that the
parts work together and that attacks are told from genuine ones here, not how well faces are told apart.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from kyc_service.cli.applicants import INVALID_INPUT, Case, read_manifest
from kyc_service.decision.report import Report, report_to_json
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.checks import CheckName
from kyc_service.domain.measurements import Score
from kyc_service.domain.outcome import Verdict
from kyc_service.domain.reasons import Reason
from kyc_service.domain.verification import UseCase
from kyc_service.imaging.refusals import ImageRefused
from kyc_service.verification.challenge_document import challenge_from_json
from kyc_service.verification.claims_document import claims_from_json
from kyc_service.verification.pipeline import Pipeline
from kyc_service.verification.submission import ChallengeAnswer, Submission

pytestmark = pytest.mark.models

FOLDER = Path(__file__).parents[2] / "fixtures" / "applicants"
MANIFEST = read_manifest(FOLDER)
CASES = {case.id: case for case in MANIFEST.cases}
TRUTH: dict[str, dict[str, Any]] = {
    case["id"]: case["truth"] for case in yaml.safe_load((FOLDER / "manifest.yaml").read_text("utf-8"))["cases"]
}
REPORTS: dict[str, Report] = {}


def submission(case: Case) -> Submission:
    captures = {kind: (FOLDER / case.files[kind]).read_bytes() for kind in CaptureKind if kind.value in case.files}
    claims = claims_from_json((FOLDER / case.files["claims"]).read_bytes())
    now = MANIFEST.now.astimezone(UTC)
    challenge = (FOLDER / case.files["challenge"]).read_bytes() if "challenge" in case.files else None
    answer = None if challenge is None else ChallengeAnswer(challenge_from_json(challenge), now)
    return Submission("ver_1", captures, claims, UseCase.ONBOARDING, "standard", 1, now, answer)


def report(real_pipeline: Pipeline, case: str) -> Report:
    """The case's report, made once."""
    if case not in REPORTS:
        REPORTS[case] = real_pipeline.run(submission(CASES[case]))
    return REPORTS[case]


def score(real_pipeline: Pipeline, case: str, check: CheckName, name: str) -> float:
    checks = report(real_pipeline, case).decision.checks
    found = [j.measurement for c in checks if c.name is check for j in c.judged]
    return next(m.native for m in found if isinstance(m, Score) and m.name == name)


@pytest.mark.parametrize("case", CASES)
def test_the_verdict_and_its_reasons_are_the_expected_ones(real_pipeline: Pipeline, case: str) -> None:
    wanted = CASES[case].expect
    if wanted.verdict == INVALID_INPUT:
        with pytest.raises(ImageRefused) as refusal:
            report(real_pipeline, case)
        assert {refusal.value.code} == wanted.reasons
    else:
        got = report(real_pipeline, case)
        assert (got.verdict.value, {r.value for r in got.decision.reasons}) == (wanted.verdict, set(wanted.reasons))


def test_only_who_answers_the_challenge_is_let_in_and_the_genuine_are_not_turned_away() -> None:
    assert {case.id for case in CASES.values() if case.expect.verdict == Verdict.APPROVE} == {"challenge_answered"}
    for case in CASES.values():
        if case.id.startswith("genuine"):
            assert case.expect.verdict != Verdict.DECLINE


READABLE = sorted(set(CASES) - {"blurred_card", "no_card", "not_an_image"})
PRINTED = ("full_name", "sex", "ethnicity", "address", "id_number", "authority")


@pytest.mark.parametrize("case", [case for case in READABLE if "mrz_lines" not in TRUTH[case]])
def test_every_field_of_a_card_is_read_as_it_is_printed_or_not_called_certain(
    real_pipeline: Pipeline, case: str
) -> None:
    document, truth = report(real_pipeline, case).document, TRUTH[case]
    assert document is not None
    fields = {field.name.value: field for field in document.fields}
    for name in PRINTED:
        is_as_printed = fields[name].text == truth[name]
        assert is_as_printed or not fields[name].is_certain, name
    assert document.id_number == truth["id_number"]
    for name in ("date_of_birth", "valid_from", "valid_until"):
        assert str(getattr(document, name)) == truth[name]


@pytest.mark.parametrize("case", [case for case in READABLE if "mrz_lines" in TRUTH[case]])
def test_a_machine_readable_zone_is_read_as_it_is_printed(real_pipeline: Pipeline, case: str) -> None:
    document, truth = report(real_pipeline, case).document, TRUTH[case]
    assert document is not None
    assert list(document.mrz_lines) == truth["mrz_lines"]
    assert (str(document.date_of_birth), str(document.valid_until)) == (truth["date_of_birth"], truth["valid_until"])


@pytest.mark.parametrize("case", sorted(set(CASES) - set(READABLE) - {"not_an_image"}))
def test_nothing_is_read_where_nothing_can_be(real_pipeline: Pipeline, case: str) -> None:
    document = report(real_pipeline, case).document
    assert not any(f.capture is CaptureKind.DOCUMENT_FRONT for f in (document.fields if document else ()))


def test_the_genuine_outscore_the_impostors(real_pipeline: Pipeline) -> None:
    def similarity(case: str) -> float:
        return score(real_pipeline, case, CheckName.FACE_MATCH, "cosine_similarity")

    genuine = min(similarity(case) for case in ("genuine_cn_card", "genuine_td3_passport"))
    impostor = max(similarity(case) for case in ("impostor_selfie", "portrait_swapped"))
    assert genuine - impostor > 0.3


def test_a_selfie_outscores_a_photographed_portrait(real_pipeline: Pipeline) -> None:
    live = score(real_pipeline, "genuine_cn_card", CheckName.LIVENESS_PASSIVE, "pad_score")
    attack = score(real_pipeline, "portrait_photographed", CheckName.LIVENESS_PASSIVE, "pad_score")
    assert live > attack


def answered() -> Submission:
    return submission(CASES["challenge_answered"])


def reasons_of(real_pipeline: Pipeline, given: Submission) -> tuple[Verdict, set[Reason]]:
    decision = real_pipeline.run(given).decision
    return decision.verdict, set(decision.reasons)


def test_without_its_clip_the_answered_challenge_is_missed(real_pipeline: Pipeline) -> None:
    given = answered()
    without = {kind: data for kind, data in given.captures.items() if kind is not CaptureKind.LIVENESS}
    found = reasons_of(real_pipeline, replace(given, captures=without, answer=None))
    assert found == (Verdict.REVIEW, {Reason.CHALLENGE_NOT_ANSWERED})


def test_an_answer_to_another_challenge_is_none(real_pipeline: Pipeline) -> None:
    given = answered()
    assert given.answer is not None
    steps = given.answer.challenge.actions
    turned = tuple(
        replace(step, action=other.action) for step, other in zip(steps, (*steps[1:], steps[0]), strict=True)
    )
    other = replace(given.answer, challenge=replace(given.answer.challenge, actions=turned))
    verdict, reasons = reasons_of(real_pipeline, replace(given, answer=other))
    assert verdict is Verdict.RETAKE
    assert reasons & {Reason.CHALLENGE_WRONG_ORDER, Reason.CHALLENGE_ACTION_MISSING, Reason.CHALLENGE_OUT_OF_TIME}


def test_a_late_answer_is_none(real_pipeline: Pipeline) -> None:
    given = answered()
    assert given.answer is not None
    late = replace(given.answer, received_at=given.answer.challenge.expires_at + timedelta(seconds=1))
    assert reasons_of(real_pipeline, replace(given, answer=late)) == (Verdict.RETAKE, {Reason.CHALLENGE_EXPIRED})


def test_somebody_else_cannot_answer_for_the_selfie(real_pipeline: Pipeline) -> None:
    other = (FOLDER / CASES["genuine_cn_card"].files["selfie"]).read_bytes()
    given = answered()
    report_ = real_pipeline.run(replace(given, captures={**given.captures, CaptureKind.SELFIE: other}))
    challenge = next(c for c in report_.decision.checks if c.name is CheckName.LIVENESS_CHALLENGE)
    assert Reason.CHALLENGE_NOT_THE_SELFIE in {reason.code for reason in challenge.reasons}
    assert report_.verdict is not Verdict.APPROVE


@pytest.mark.parametrize(
    ("now", "reason"),
    [
        ("2016-05-03T15:59:00Z", Reason.DOCUMENT_NOT_YET_VALID),
        ("2016-05-03T16:00:00Z", None),
        ("2036-05-04T15:59:00Z", None),
        ("2036-05-04T16:00:00Z", Reason.DOCUMENT_EXPIRED),
    ],
)
def test_a_card_is_valid_by_the_calendar_of_the_policy(
    real_pipeline: Pipeline, now: str, reason: Reason | None
) -> None:
    given = replace(submission(CASES["genuine_cn_card"]), now=datetime.fromisoformat(now))
    checks = real_pipeline.run(given).decision.checks
    expiration = next(check for check in checks if check.name is CheckName.DOCUMENT_EXPIRATION)
    assert [raised.code for raised in expiration.reasons] == ([] if reason is None else [reason])


def test_runs_side_by_side_give_the_same_report_but_for_ids_and_times(real_pipeline: Pipeline) -> None:
    given = submission(CASES["genuine_cn_card"])
    with ThreadPoolExecutor(2) as workers:
        bodies = [report_to_json(r) for r in workers.map(real_pipeline.run, [given] * 4)]
    for body in bodies:
        del body["id"], body["timings_ms"]
    assert all(body == bodies[0] for body in bodies)
