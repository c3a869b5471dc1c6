"""A policy tried out on reports: the matrix, the reasons, what is not given again, and what cannot be read."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kyc_service.decision.policy import Policy
from kyc_service.decision.report import Report, report_to_json
from kyc_service.decision.verdict import decide
from kyc_service.domain.claims import Claims
from kyc_service.domain.facts import Facts
from kyc_service.domain.outcome import Action, Verdict
from kyc_service.domain.reasons import Reason
from kyc_service.policies.comparing import Judges, Reproduced
from kyc_service.policies.simulation import simulate, simulation_to_json
from kyc_service.policies.simulation_plot import render_simulation
from kyc_service.policies.stored_reports import ReportsNotFound, WrittenReport, written_reports
from tests.decision.policies import POLICY, line, match, question

NEW = replace(POLICY, version="2", sha256="e" * 64, actions={**POLICY.actions, Reason.PHONE_LINE_UNUSUAL: Action.NONE})


def written(label: str, similarity: float, line_type: str, policy: Policy = POLICY) -> WrittenReport:
    asked = question()
    report = Report(
        id="rep",
        verification_id=label,
        created_at=datetime(2026, 11, 23, tzinfo=UTC),
        service_version="0",
        question=asked,
        decision=decide([match(similarity), line(line_type)], policy, asked),
        policy=policy,
        captures=(),
        claims=Claims(),
        document=None,
        facts=Facts(),
        models={},
        timings_ms={},
    )
    return WrittenReport(label, json.dumps(report_to_json(report)).encode())


REPORTS = [written("a", 0.7, "mobile"), written("b", 0.7, "voip"), written("c", 0.05, "mobile")]


def test_verdicts_and_reasons_are_counted_old_by_new() -> None:
    found = simulate(REPORTS, Judges(NEW, known={POLICY.sha256: POLICY}))
    assert (found.count, found.changed) == (3, 1)
    assert dict(found.matrix) == {
        (Verdict.APPROVE, Verdict.APPROVE): 1,
        (Verdict.REVIEW, Verdict.APPROVE): 1,
        (Verdict.DECLINE, Verdict.DECLINE): 1,
    }
    assert (dict(found.appeared), dict(found.vanished)) == ({}, {"phone_line_unusual": 1})
    assert [one.id for one in found.otherwise] == ["b"]
    assert found.reproduced[Reproduced.SAME] == 3


def test_what_cannot_be_read_is_told_and_stops_nothing() -> None:
    broken = [WrittenReport("x", b"{"), WrittenReport("y", b"[]"), WrittenReport("z", b'{"schema_version": "9"}')]
    found = simulate([*broken, *REPORTS], Judges(NEW))
    assert ([one.id for one in found.refused], found.count) == (["x", "y", "z"], 3)
    assert list(found.not_at_hand.values()) == [3]


def test_a_policy_that_does_not_give_the_stored_verdict_again_is_told() -> None:
    found = simulate(REPORTS, Judges(NEW, known={POLICY.sha256: NEW}))
    assert found.different == ["b"]


def test_against_another_policy_the_stored_verdict_does_not_count() -> None:
    found = simulate(REPORTS, Judges(POLICY, against=NEW))
    assert [(one.id, one.old, one.new) for one in found.otherwise] == [("b", Verdict.APPROVE, Verdict.REVIEW)]


def test_of_many_reports_only_a_share_is_decided_by_its_own_policy_again() -> None:
    many = [written(str(number), 0.7, "voip") for number in range(60)]
    found = simulate(many, Judges(NEW, known={POLICY.sha256: POLICY}, own_again=10))
    assert found.count == 60
    assert 0 < found.reproduced[Reproduced.SAME] < 20
    assert found.reproduced[Reproduced.SAME] + found.reproduced[Reproduced.NOT_ASKED] == 60


def test_several_processes_count_the_same() -> None:
    many = [written(str(number), 0.7 if number % 3 else 0.05, "voip") for number in range(200)]
    judges = Judges(NEW, known={POLICY.sha256: POLICY})
    alone, together = (simulation_to_json(simulate(many, judges, jobs=jobs)) for jobs in (1, 2))
    assert alone == together


def test_the_page_is_self_contained_and_names_who_would_be_decided_otherwise() -> None:
    page = render_simulation(simulation_to_json(simulate(REPORTS, Judges(NEW))))
    assert "<code>b</code>" in page
    assert "http" not in page.replace('http-equiv="Content-Security-Policy"', "")
    assert "<script" not in page
    assert "None: every verdict would be the same." in render_simulation(
        simulation_to_json(simulate(REPORTS[:1], Judges(NEW)))
    )


def test_reports_are_found_in_folders_lines_and_files(tmp_path: Path) -> None:
    for report in REPORTS:
        (tmp_path / f"{report.label}.json").write_bytes(report.text)
    lines = tmp_path / "all.jsonl"
    lines.write_bytes(b"\n\n".join(report.text for report in REPORTS))
    assert [one.text for one in written_reports(tmp_path)] == [one.text for one in REPORTS]
    assert [one.label for one in written_reports(lines)] == ["all.jsonl:1", "all.jsonl:3", "all.jsonl:5"]
    assert len(list(written_reports(tmp_path / "a.json"))) == 1
    (tmp_path / "empty").mkdir()
    for nothing in (tmp_path / "empty", tmp_path / "missing.json"):
        with pytest.raises(ReportsNotFound):
            list(written_reports(nothing))
