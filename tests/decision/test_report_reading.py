"""A report is decided again from its text: the same decision under the same policy."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyc_service.decision.report import Json, Report, report_to_json
from kyc_service.decision.report_reading import (
    ReportUnreadable,
    decide_again,
    measurements_from_report,
    question_from_report,
)
from kyc_service.decision.verdict import Question, UnknownTier, decide
from kyc_service.domain.checks import CheckName
from kyc_service.domain.claims import DocumentType
from kyc_service.domain.measurements import Finding, Measurement, Score
from kyc_service.domain.outcome import Verdict
from kyc_service.domain.reasons import Reason
from tests.decision.policies import FRONT, POLICY, dlib, finding, line, match, question, unassessed
from tests.decision.random_measurements import SETS
from tests.decision.test_report import sample

VERSION_1: dict[str, Any] = json.loads(Path(__file__).with_name("report_v1.json").read_text())


def written(measurements: tuple[Measurement, ...], asked: Question | None = None) -> dict[str, Any]:
    """The report's JSON as it comes back from a text."""
    asked = asked or question()
    report = replace(sample(), question=asked, decision=decide(measurements, POLICY, asked))
    read: dict[str, Any] = json.loads(json.dumps(report_to_json(report), allow_nan=False))
    return read


def decided(report: Report) -> dict[str, Json]:
    body = report_to_json(report)
    return {key: body[key] for key in ("verdict", "reasons", "unusable_captures", "checks")}


@given(SETS, st.integers(1, 4), st.sampled_from([None, *DocumentType]))
def test_a_report_decided_again_is_the_very_same(
    measurements: tuple[Measurement, ...], attempt: int, document: DocumentType | None
) -> None:
    asked = question(document, attempt)
    text = written(measurements, asked)
    again = replace(sample(), question=question_from_report(text), decision=decide_again(text, POLICY))
    assert question_from_report(text) == asked
    assert json.dumps(decided(again)) == json.dumps({key: text[key] for key in decided(again)})


def test_what_the_policy_added_can_be_taken_back() -> None:
    voip = written((match(0.9), line("voip")))
    assert voip["verdict"] == "review"
    accepting = replace(POLICY, values=(replace(POLICY.values[0], otherwise=None),))
    assert decide_again(voip, accepting).verdict is Verdict.APPROVE


def test_what_rested_on_an_unusable_capture_counts_where_the_capture_does() -> None:
    small = Score(CheckName.FACE_QUALITY, "inter_eye_px", 39.0, 0.0, "yunet", FRONT)
    text = written((match(0.0), line("mobile"), small))
    assert (text["verdict"], decide_again(text, POLICY).verdict) == ("retake", Verdict.RETAKE)
    lenient = replace(POLICY, scores=tuple(rule for rule in POLICY.scores if rule.score != "inter_eye_px"))
    assert decide_again(text, lenient).reasons == (Reason.FACE_MISMATCH,)


def test_what_nobody_measured_is_no_measurement() -> None:
    assert measurements_from_report(written(())) == ()


def test_evidence_comes_back_whole() -> None:
    (read,) = (m for m in measurements_from_report(written_sample()) if m.check is CheckName.ID_NUMBER)
    assert isinstance(read, Finding)
    assert read.captures == FRONT
    assert read.evidence.values == {"length": 18}
    assert read.evidence.regions[0].points[2] == (10.0, 5.0)


def written_sample() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(json.dumps(report_to_json(sample())))
    return read


def test_version_1_is_read_and_decided_again() -> None:
    again = decide_again(VERSION_1, POLICY)
    assert again.verdict.value == VERSION_1["verdict"]
    assert [r.value for r in again.reasons] == [r["code"] for r in VERSION_1["reasons"]]
    assert question_from_report(VERSION_1) == question()
    assert question_from_report({**VERSION_1, "document": None}).document_type is None


def in_version_1(report: dict[str, Any]) -> dict[str, Any]:
    """``report`` without what version 1 did not hold."""
    for check in report["checks"]:
        for judged in check["measurements"]:
            for key in ("own_reasons", "origin", "implied", "instead_of"):
                judged.pop(key, None)
    return {**report, "schema_version": "1"}


def test_version_1_tells_placeholders_from_what_stages_said() -> None:
    measured = measurements_from_report(in_version_1(written((line("voip"), dlib(0.7)))))
    assert {m.check for m in measured} == {CheckName.PHONE_LINE_TYPE, CheckName.FACE_MATCH}
    assert measurements_from_report(in_version_1(written(()))) == ()
    failed = unassessed(CheckName.FACE_MATCH, Reason.STAGE_FAILED)
    assert measurements_from_report(in_version_1(written((failed,)))) == (failed,)


def test_version_1_cannot_take_back_what_a_list_added() -> None:
    accepting = replace(POLICY, values=(replace(POLICY.values[0], otherwise=None),))
    assert decide_again(in_version_1(written((match(0.9), line("voip")))), accepting).verdict is Verdict.REVIEW


@pytest.mark.parametrize(
    "spoil",
    [
        lambda report: report.clear(),
        lambda report: report.update(schema_version="3"),
        lambda report: report.update(schema_version=["2"]),
        lambda report: report.update(use_case="unheard_of", checks=[{"name": "unheard.of"}]),
        lambda report: report.update(attempt="first", checks=7),
        lambda report: report.update(attempt=None, checks=[None]),
        lambda report: report.update(document_type=7, checks=["x"]),
    ],
)
def test_what_is_no_report_is_refused(spoil: Callable[[dict[str, Any]], object]) -> None:
    report = written((match(0.9), line("mobile")))
    spoil(report)
    for read in (measurements_from_report, question_from_report):
        with pytest.raises(ReportUnreadable, match="no report that can be decided again"):
            read(report)


def test_a_measurement_with_two_reasons_where_one_belongs_is_refused() -> None:
    report = written((unassessed(CheckName.AGE, Reason.NOT_PROVIDED), finding(CheckName.MRZ)))
    (check,) = (c for c in report["checks"] if c["name"] == CheckName.AGE)
    check["measurements"][0]["own_reasons"].append("not_measured")
    with pytest.raises(ReportUnreadable):
        measurements_from_report(report)


def test_a_tier_that_is_gone_is_said() -> None:
    with pytest.raises(UnknownTier):
        decide_again(written(()), replace(POLICY, tiers={}))


def test_numbers_beyond_all_bounds_are_refused() -> None:
    report = written((match(0.9), line("mobile")))
    with pytest.raises(ReportUnreadable):
        question_from_report(report | {"attempt": float("inf")})
    (check,) = (c for c in report["checks"] if c["name"] == CheckName.FACE_MATCH)
    check["measurements"][0]["native"] = 10**400
    with pytest.raises(ReportUnreadable):
        measurements_from_report(report)
