"""The report's JSON form: everything is in it, nothing a machine cannot read, stable for years."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from kyc_service.decision.report import SCHEMA_VERSION, CaptureRecord, Report, plain, report_to_json
from kyc_service.decision.verdict import decide
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.checks import CheckName
from kyc_service.domain.claims import Claims, DocumentType
from kyc_service.domain.document import DocumentReading, FieldName, FieldReading
from kyc_service.domain.facts import Facts
from kyc_service.domain.measurements import Evidence, Finding, Region, Score
from kyc_service.domain.outcome import Verdict
from kyc_service.domain.reasons import Reason
from tests.decision.policies import FRONT, POLICY, finding, line, match, question, unassessed

GOLDEN = Path(__file__).with_name("report_v2.json")


def sample() -> Report:
    frame = Region(CaptureKind.DOCUMENT_FRONT, ((0.0, 0.0), (10.0, 0.0), (10.0, 5.0), (0.0, 5.0)), "id_number")
    measurements = [
        match(1 / 3),
        line("voip"),
        unassessed(CheckName.AGE, Reason.NOT_PROVIDED),
        Finding(CheckName.ID_NUMBER, (), FRONT, Evidence((frame,), {"length": 18})),
        finding(CheckName.COUNTRY_ALLOWED, values={"country": "CHN"}),
    ]
    reading = DocumentReading(
        DocumentType.CN_RESIDENT_IDENTITY_CARD,
        "CHN",
        (FieldReading(FieldName.ID_NUMBER, CaptureKind.DOCUMENT_FRONT, "11010119900307002X", 0.99, 0.97, frame),),
        date_of_birth=date(1990, 3, 7),
    )
    return Report(
        id="rep_1",
        verification_id="ver_1",
        created_at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        service_version="0",
        question=question(),
        decision=decide(measurements, POLICY, question()),
        policy=POLICY,
        captures=(CaptureRecord(CaptureKind.DOCUMENT_FRONT, "a" * 64, "image/jpeg", 4, 3, 99, {"make": "x"}),),
        claims=Claims(full_name="样本"),
        document=reading,
        facts=Facts(),
        models={"sface": "b" * 64, "a_first": "c" * 64},
        timings_ms={"decode": 1.26, "all": 2.0},
    )


def test_the_json_form_of_schema_2_does_not_change() -> None:
    # Members and checks may be added. To change or take away: raise SCHEMA_VERSION, keep reading
    # the old one, write a new golden file.
    assert SCHEMA_VERSION == "2"
    assert json.loads(json.dumps(report_to_json(sample()))) == json.loads(GOLDEN.read_text())


def test_the_report_answers_for_itself() -> None:
    report = sample()
    assert (report.verdict, report.policy_version, report.schema_version) == (Verdict.REVIEW, "1", SCHEMA_VERSION)
    body = report_to_json(report)
    names = [check["name"] for check in body["checks"]]  # type: ignore[index, union-attr, call-overload]
    assert names == [name.value for name in CheckName]


def test_a_threshold_stands_with_the_measurement_behind_it() -> None:
    checks = {c["name"]: c for c in report_to_json(sample())["checks"]}  # type: ignore[union-attr, index, misc, call-overload]
    threshold = checks["face.match"]["measurements"][0]["thresholds"][0]
    assert threshold["operating_point"]["kind"] == "fmr"
    assert threshold["operating_point"]["n"] == 100_000


@pytest.mark.parametrize(
    ("value", "json_value"),
    [
        (date(2026, 2, 28), "2026-02-28"),
        (datetime(2026, 2, 28, tzinfo=UTC), "2026-02-28T00:00:00Z"),
        (frozenset({CaptureKind.SELFIE, CaptureKind.DOCUMENT_FRONT}), ["document_front", "selfie"]),
        ((1, None, True), [1, None, True]),
        ({"latitude": float("nan")}, {"latitude": "nan"}),
    ],
)
def test_plain_values(value: object, json_value: object) -> None:
    assert plain(value) == json_value


def test_what_is_no_data_is_refused() -> None:
    with pytest.raises(TypeError, match="cannot hold object"):
        plain(object())


def test_a_score_must_be_finite() -> None:
    with pytest.raises(ValueError, match="not finite"):
        Score(CheckName.FACE_MATCH, "cosine_similarity", float("nan"), 0.0, "sface")
