"""Runs that are cut off in a stage are taken up where they were; a stage that kills its workers is set aside."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy

from kyc_service.decision.report import Report
from kyc_service.domain.checks import CheckName
from kyc_service.domain.measurements import NotAssessed
from kyc_service.domain.outcome import Outcome
from kyc_service.places import PlaceBook
from kyc_service.storage.database import Database
from kyc_service.verification.pipeline import Pipeline
from kyc_service.verification.submission import Submission
from tests.verification.checkpointed import (
    OVERRAN,
    ROOT,
    VERIFICATION,
    Ran,
    checkpoints,
    kept,
    null_submission,
    real_submission,
    said,
    with_verification,
)
from tests.verification.test_pipeline import engines, pipeline

pytestmark = pytest.mark.integration

COSTLY = {"front.read", "back.read", "selfie.face"}
"""The costly stages of pictures of nothing; where the document is, is noted and sooner seen again than kept."""


@pytest.fixture(scope="module")
def nothing_seen() -> Iterator[Pipeline]:
    with ThreadPoolExecutor(2) as branches:
        yield pipeline(engines(PlaceBook()), branches)


@pytest.fixture
def ours(database: Database) -> Database:
    return with_verification(database)


def die_in(url: str, stage: str, death: str, which: str = "null") -> int:
    command = [sys.executable, "-m", "tests.verification.checkpointed", url, which, stage, death]
    return subprocess.run(command, check=False, timeout=120, cwd=ROOT, stdout=subprocess.DEVNULL).returncode


def run(pipeline: Pipeline, given: Submission, database: Database) -> Report:
    return pipeline.run(replace(given, checkpoints=checkpoints(database)))


def wait_until_all_is_kept(database: Database) -> None:
    until = time.monotonic() + 20
    while not all(kept(database).values()):
        assert time.monotonic() < until
        time.sleep(0.02)


def cause(report: Report, name: CheckName) -> str:
    check = next(c for c in report.decision.checks if c.name is name)
    assert check.outcome is Outcome.NOT_ASSESSED
    return next(j.measurement.cause for j in check.judged if isinstance(j.measurement, NotAssessed))


@pytest.mark.e2e
@pytest.mark.parametrize("stage", sorted({*COSTLY, "front.locate"}))
def test_a_run_killed_in_a_stage_is_taken_up_where_it_was(
    nothing_seen: Pipeline, ours: Database, postgres_url: str, monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    assert die_in(postgres_url, stage, "kill") == -signal.SIGKILL
    begun = kept(ours)
    assert not begun[stage]
    finished = {name for name, is_kept in begun.items() if is_kept}
    assert finished >= {"front.locate"} - {stage}
    undisturbed = nothing_seen.run(null_submission())
    ran = Ran().watch(monkeypatch.setattr)
    assert said(run(nothing_seen, null_submission(), ours)) == said(undisturbed)
    assert set(ran.stages) & COSTLY == COSTLY - finished
    assert all(kept(ours).values())


@pytest.mark.e2e
def test_a_stage_that_kills_three_workers_is_set_aside_and_none_beside_it(
    nothing_seen: Pipeline, ours: Database, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        assert die_in(postgres_url, "front.read", "exit") == 9
    ran = Ran().watch(monkeypatch.setattr)
    report = run(nothing_seen, null_submission(), ours)
    assert "front.read" not in ran.stages
    assert cause(report, CheckName.SUPPORTED_DOCUMENT) == "front.read: crashed its worker 3 times"
    selfie = next(c for c in report.decision.checks if c.name is CheckName.FACE_QUALITY)
    assert selfie.outcome is not Outcome.NOT_ASSESSED


@pytest.mark.e2e
def test_a_stage_that_hangs_ends_its_worker_and_is_set_aside_at_once(
    nothing_seen: Pipeline, ours: Database, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert die_in(postgres_url, "front.read", "hang") == OVERRAN
    ran = Ran().watch(monkeypatch.setattr)
    report = run(nothing_seen, null_submission(), ours)
    assert "front.read" not in ran.stages
    assert cause(report, CheckName.SUPPORTED_DOCUMENT) == "front.read: no answer in 2 s"


@pytest.mark.parametrize("stolen_from", ["front.read", "back.read"])
def test_a_result_that_was_tampered_with_is_seen_again(
    nothing_seen: Pipeline, ours: Database, monkeypatch: pytest.MonkeyPatch, stolen_from: str
) -> None:
    first = run(nothing_seen, null_submission(), ours)
    wait_until_all_is_kept(ours)
    change = "set_byte(sealed, 40, (get_byte(sealed, 40) + 1) % 256)"
    other = f"(SELECT sealed FROM stage_results WHERE stage LIKE '{stolen_from}@%')"  # noqa: S608 - a constant
    with ours.engine.begin() as connection:
        new = change if stolen_from == "front.read" else other
        connection.execute(
            sqlalchemy.text(f"UPDATE stage_results SET sealed = {new} WHERE stage LIKE 'front.read@%'")  # noqa: S608
        )
    ran = Ran().watch(monkeypatch.setattr)
    assert said(run(nothing_seen, null_submission(), ours)) == said(first)
    assert set(ran.stages) & COSTLY == {"front.read"}


def test_what_another_submission_or_other_code_kept_counts_for_nothing(
    nothing_seen: Pipeline, ours: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(nothing_seen, null_submission(), ours)
    wait_until_all_is_kept(ours)
    given = null_submission()
    ran = Ran().watch(monkeypatch.setattr)
    run(nothing_seen, replace(given, now=given.now + timedelta(seconds=1)), ours)
    assert set(ran.stages) >= COSTLY
    monkeypatch.setattr("kyc_service.verification.pipeline.__version__", "another")
    ran.stages.clear()
    run(nothing_seen, given, ours)
    assert set(ran.stages) >= COSTLY


def test_what_was_kept_goes_with_the_key_or_once_the_verdict_stands(nothing_seen: Pipeline, ours: Database) -> None:
    for end in ("forget", "destroy"):
        run(nothing_seen, null_submission(), ours)
        wait_until_all_is_kept(ours)
        assert kept(ours)
        if end == "forget":
            with ours.transaction() as tx:
                tx.stages.forget(VERIFICATION, 1)
        else:
            with ours.engine.begin() as connection:
                connection.execute(sqlalchemy.text("DELETE FROM data_keys"))
        assert not kept(ours)


@pytest.mark.models
def test_every_stage_of_an_applicant_gives_what_it_saw_when_it_is_taken_up(
    real_pipeline: Pipeline, ours: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    undisturbed = run(real_pipeline, real_submission(), ours)
    wait_until_all_is_kept(ours)
    begun = set(kept(ours))
    assert begun >= {"liveness.challenge", "liveness.passive", "selfie.passive_liveness", "front.authenticity"}
    assert begun >= COSTLY | {"front.portrait", "face.template", "face.match", "face.portrait_reused"}
    assert said(undisturbed) == said(real_pipeline.run(real_submission()))
    ran = Ran().watch(monkeypatch.setattr)
    assert said(run(real_pipeline, real_submission(), ours)) == said(undisturbed)
    assert set(ran.stages) & begun == set()


@pytest.mark.models
@pytest.mark.e2e
def test_an_applicant_whose_worker_was_killed_at_the_match_is_matched_by_the_next(
    real_pipeline: Pipeline, ours: Database, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert die_in(postgres_url, "face.match", "kill", "real") == -signal.SIGKILL
    finished = {name for name, is_kept in kept(ours).items() if is_kept}
    assert finished >= {"liveness.challenge", "selfie.face", "front.locate", "front.portrait", "face.template"}
    undisturbed = real_pipeline.run(real_submission())
    ran = Ran().watch(monkeypatch.setattr)
    assert said(run(real_pipeline, real_submission(), ours)) == said(undisturbed)
    assert set(ran.stages) & finished == set()
    assert "face.match" in ran.stages
