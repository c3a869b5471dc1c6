"""``kyc demo``: every sample applicant through the pipeline, against what its manifest expects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Final

import typer
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from rich.table import Table

from kyc_service.bootstrap import loaded_pipeline
from kyc_service.cli.output import OUT, coloured, working, write_private
from kyc_service.decision.report import report_to_json
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.outcome import Verdict
from kyc_service.domain.verification import UseCase
from kyc_service.errors import InvalidInput
from kyc_service.imaging.refusals import ImageRefused
from kyc_service.reports.index import render_index
from kyc_service.reports.page import render_html
from kyc_service.reports.thumbnails import thumbnails_of
from kyc_service.settings import Settings
from kyc_service.storage.ids import new_id
from kyc_service.verification.claims_document import claims_from_json
from kyc_service.verification.pipeline import Pipeline
from kyc_service.verification.submission import Submission

APPLICANTS: Final = Path("fixtures/applicants")
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


def demo(
    applicants: Annotated[Path, typer.Option(help="Folder with manifest.yaml.")] = APPLICANTS,
    out: Annotated[Path, typer.Option(help="Where the HTML reports go.")] = Path("out/demo"),
) -> None:
    """Verify every sample applicant. Exit code 1 when a verdict is not the expected one."""
    manifest = read_manifest(applicants)
    with working("Loading models"):
        handle = loaded_pipeline(Settings())
    results: list[Result] = []
    with handle as pipeline:
        for result in run_cases(manifest, applicants, out, pipeline):
            OUT.print(f"[{len(results) + 1:2}/{len(manifest.cases)}] {result.case.id}: {coloured(result.verdict)}")
            results.append(result)
    write_private(out / "index.html", render_index(results_to_json(results)))
    OUT.print(_table(results))
    OUT.print(f"Reports: {out / 'index.html'}")
    wrong = [result.case.id for result in results if not result.is_as_expected]
    if wrong:
        OUT.print(f"[red]Not as expected:[/red] {', '.join(wrong)}")
        raise typer.Exit(1)
    OUT.print(f"[green]All {len(results)} verdicts and their reasons are the expected ones.[/green]")


def read_manifest(applicants: Path) -> Manifest:
    """The manifest of a folder of sample applicants.

    Raises:
        ManifestUnusable: missing or malformed.
    """
    try:
        return Manifest.model_validate(yaml.safe_load((applicants / "manifest.yaml").read_text(encoding="utf-8")))
    except (OSError, yaml.YAMLError, ValidationError) as error:
        raise ManifestUnusable(f"{applicants / 'manifest.yaml'}: {error}") from error


def run_cases(manifest: Manifest, applicants: Path, out: Path, pipeline: Pipeline) -> Iterator[Result]:
    """Verify each case in turn and write its page."""
    for case in manifest.cases:
        captures = {
            kind: (applicants / case.files[kind]).read_bytes() for kind in CaptureKind if kind.value in case.files
        }
        claims = claims_from_json((applicants / case.files["claims"]).read_bytes())
        now = manifest.now.astimezone(UTC)
        submission = Submission(new_id("ver"), captures, claims, UseCase.ONBOARDING, "standard", 1, now)
        yield _run(case, submission, out, pipeline)


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


def _table(results: list[Result]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for column, justify in (("", "left"), ("applicant", "left"), ("verdict", "left"), ("expected", "left")):
        table.add_column(column, justify="left" if justify == "left" else "right", no_wrap=True)
    table.add_column("ms", justify="right")
    table.add_column("reasons that led to it", overflow="fold")
    for result in results:
        mark = "[green]✓[/]" if result.is_as_expected else "[red]✗[/]"
        ms = f"{result.total_ms:.0f}" if result.verdict in set(Verdict) else ""
        expected = result.case.expect.verdict
        table.add_row(mark, result.case.id, coloured(result.verdict), expected, ms, ", ".join(result.reasons))
    return table
