"""Every sample applicant, with the real models: verdicts, reasons, what was read, and that nobody is let in.

Portrait and selfie of a sample come from one photograph: this shows that the parts work
together and that attacks are told from genuine ones here, not how well faces are told apart.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
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
from kyc_service.verification.claims_document import claims_from_json
from kyc_service.verification.pipeline import Pipeline
from kyc_service.verification.submission import Submission

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
    return Submission("ver_1", captures, claims, UseCase.ONBOARDING, "standard", 1, MANIFEST.now.astimezone(UTC))


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


def test_nobody_is_let_in_and_the_genuine_are_not_turned_away() -> None:
    for case in CASES.values():
        assert case.expect.verdict != Verdict.APPROVE
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
