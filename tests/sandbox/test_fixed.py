from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from fixtures.sandbox import APPLICANTS
from kyc_service.decision.report import Report
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.claims import Claims
from kyc_service.domain.history import PhonePossession
from kyc_service.domain.outcome import Verdict
from kyc_service.domain.verification import UseCase
from kyc_service.sandbox.fixed import sandboxed
from kyc_service.sandbox.samples import load_samples
from kyc_service.verification.memory import Memory
from kyc_service.verification.pipeline import Pipeline
from kyc_service.verification.submission import Submission

SAMPLES = load_samples()
BY_NAME = {sample.name: sample for sample in SAMPLES.values()}
TODAY = datetime(2031, 5, 6, 7, 8, 9, tzinfo=UTC)


class _Unasked(Memory):
    """Fails the test that asks it."""

    def __getattribute__(self, name: str) -> Any:
        raise AssertionError(name)


def sent(name: str, **others: bytes) -> Submission:
    """What a client sends years later: the sample's files, and claims of its own."""
    captures = {kind: path.read_bytes() for kind in CaptureKind for path in (APPLICANTS / name).glob(f"{kind}.*")}
    captures |= {CaptureKind(kind): data for kind, data in others.items()}
    own = Claims(full_name="Somebody Else", received_at=TODAY)
    return Submission("ver_1", captures, own, UseCase.ONBOARDING, "standard", 1, TODAY, memory=_Unasked())


def test_a_sample_is_decided_at_its_own_time_about_its_own_claims() -> None:
    sample, got = BY_NAME["challenge_answered"], sandboxed(sent("challenge_answered"), SAMPLES)
    assert (got.now, got.claims, got.memory, got.asks_registers) == (sample.now, sample.claims, None, False)
    assert got.answer is not None
    assert (got.answer.challenge, got.answer.received_at) == (sample.challenge, sample.now)
    assert (got.verification_id, got.attempt, got.tier) == ("ver_1", 1, "standard")


def test_without_its_clip_a_sample_answers_no_challenge() -> None:
    submission = sent("challenge_answered")
    stills = {kind: data for kind, data in submission.captures.items() if kind is not CaptureKind.LIVENESS}
    got = sandboxed(replace(submission, captures=stills), SAMPLES)
    assert (got.answer, got.now) == (None, BY_NAME["challenge_answered"].now)


def test_a_code_repeated_in_the_sandbox_was_repeated_at_the_samples_time() -> None:
    possession = PhonePossession("+8613805150000", TODAY - timedelta(minutes=1))
    got = sandboxed(replace(sent("challenge_answered"), possession=possession), SAMPLES)
    assert got.possession == PhonePossession("+8613805150000", got.now)


@pytest.mark.parametrize(
    ("kind", "data"), [("document_front", b"a card of somebody's own"), ("liveness", b"a clip of somebody's own")]
)
def test_anything_else_is_decided_as_for_anybody(kind: str, data: bytes) -> None:
    submission = sent("challenge_answered", **{kind: data})
    assert sandboxed(submission, SAMPLES) is submission


@pytest.mark.models
@pytest.mark.parametrize("name", ["challenge_answered", "challenge_photograph", "expired_document", "other_continent"])
def test_the_outcome_is_the_manifests_whenever_it_is_asked_for(real_pipeline: Pipeline, name: str) -> None:
    sample, report = BY_NAME[name], decided(real_pipeline, name)
    assert (report.verdict, set(report.decision.reasons)) == (sample.verdict, sample.reasons)


@pytest.mark.models
def test_outside_a_sandbox_the_same_files_are_not_approved(real_pipeline: Pipeline) -> None:
    live = replace(sent("challenge_answered"), memory=None)
    assert real_pipeline.run(live).verdict is not Verdict.APPROVE


def decided(real_pipeline: Pipeline, name: str) -> Report:
    return real_pipeline.run(sandboxed(sent(name), SAMPLES))
