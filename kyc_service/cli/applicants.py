"""Sample applicants: their manifest, and what the pipeline makes of each against what the manifest expects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kyc_service.cli.output import write_private
from kyc_service.decision.report import report_to_json
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.verification import UseCase
from kyc_service.errors import InvalidInput
from kyc_service.imaging.refusals import ImageRefused
from kyc_service.reports.page import render_html
from kyc_service.reports.thumbnails import thumbnails_of
from kyc_service.storage.ids import new_id
from kyc_service.verification.challenge_document import challenge_from_json
from kyc_service.verification.claims_document import claims_from_json
from kyc_service.verification.pipeline import Pipeline
from kyc_service.verification.submission import ChallengeAnswer, Submission

INVALID_INPUT: Final = "invalid_input"


class ManifestUnusable(InvalidInput):
    """The manifest of sample applicants cannot be used."""

    code = "applicants_manifest_unusable"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Expectation(_Part):
    """``verdict`` is a verdict or ``invalid_input``; ``reasons`` are exactly those that lead to it."""

    verdict: str
    reasons: frozenset[str] = frozenset()


class Case(_Part):
    """One sample applicant."""

    id: str
    title: str
    files: dict[str, str]
    expect: Expectation


class Manifest(_Part):
    """``now`` is the time the samples live in, so that their dates keep their meaning."""

    now: datetime
    cases: list[Case] = Field(min_length=1)

    def only(self, names: list[str]) -> Manifest:
        """The same with the cases of these names alone; with all of them for none.

        Raises:
            ManifestUnusable: there is no case of a name; lists those that there are.
        """
        known = [case.id for case in self.cases]
        if unknown := sorted(set(names) - set(known)):
            raise ManifestUnusable(f"There is no case {', '.join(unknown)}; there are: {', '.join(known)}.")
        return self.model_copy(update={"cases": [case for case in self.cases if case.id in names or not names]})


@dataclass(frozen=True, slots=True)
class Result:
    """What one case came to."""

    case: Case
    verdict: str
    reasons: tuple[str, ...]
    total_ms: float
    page: str | None

    @property
    def is_as_expected(self) -> bool:
        """Whether verdict and leading reasons are the manifest's."""
        wanted = self.case.expect
        return self.verdict == wanted.verdict and frozenset(self.reasons) == wanted.reasons


def read_manifest(applicants: Path) -> Manifest:
    """The manifest of a folder of sample applicants.

    Raises:
        ManifestUnusable: missing or malformed.
    """
    path = applicants / "manifest.yaml"
    try:
        return Manifest.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except OSError as error:
        said = f"{path.absolute()} cannot be read: {error.strerror}; --applicants names another folder."
        raise ManifestUnusable(said) from error
    except (yaml.YAMLError, ValidationError) as error:
        raise ManifestUnusable(f"{path.absolute()}: {error}") from error


def run_cases(manifest: Manifest, applicants: Path, out: Path, pipeline: Pipeline) -> Iterator[Result]:
    """Verify each case in turn and write its page."""
    for case in manifest.cases:
        captures = {
            kind: (applicants / case.files[kind]).read_bytes() for kind in CaptureKind if kind.value in case.files
        }
        now = manifest.now.astimezone(UTC)
        claims = replace(claims_from_json((applicants / case.files["claims"]).read_bytes()), received_at=now)
        answer = _answer(applicants / case.files["challenge"], now) if "challenge" in case.files else None
        submission = Submission(new_id("ver"), captures, claims, UseCase.ONBOARDING, "standard", 1, now, answer)
        yield _run(case, submission, out, pipeline)


def _answer(challenge: Path, now: datetime) -> ChallengeAnswer:
    """The clip came when the sample is verified: samples live in a time of their own."""
    return ChallengeAnswer(challenge_from_json(challenge.read_bytes()), now)


def _run(case: Case, submission: Submission, out: Path, pipeline: Pipeline) -> Result:
    try:
        body: Any = report_to_json(pipeline.run(submission))
    except ImageRefused as refusal:
        return Result(case, INVALID_INPUT, (refusal.code,), 0.0, None)
    page = f"{case.id}.html"
    write_private(out / page, render_html(body, thumbnails_of(submission.captures)))
    reasons = tuple(reason["code"] for reason in body["reasons"])
    return Result(case, body["verdict"], reasons, body["timings_ms"]["total"], page)


def results_to_json(results: list[Result]) -> list[Mapping[str, Any]]:
    """What the index page shows."""
    return [
        {
            "id": result.case.id,
            "title": result.case.title,
            "verdict": result.verdict,
            "expected": result.case.expect.verdict,
            "reasons": result.reasons,
            "ms": round(result.total_ms),
            "page": result.page,
            "is_as_expected": result.is_as_expected,
        }
        for result in results
    ]
