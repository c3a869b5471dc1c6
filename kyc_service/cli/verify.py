"""``kyc verify``: files in, one explained verdict out; needs no database."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

import typer

from kyc_service.bootstrap import loaded_pipeline
from kyc_service.cli.output import print_report, working, write_private
from kyc_service.decision.report import report_to_json
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.outcome import Verdict
from kyc_service.domain.verification import UseCase
from kyc_service.errors import InvalidInput
from kyc_service.reports.page import render_html
from kyc_service.reports.thumbnails import thumbnails_of
from kyc_service.settings import Settings
from kyc_service.storage.ids import new_id
from kyc_service.verification.claims_document import claims_from_json
from kyc_service.verification.submission import Submission

EXIT_CODES: Final = {Verdict.APPROVE: 0, Verdict.REVIEW: 3, Verdict.DECLINE: 4, Verdict.RETAKE: 5}


class FileUnreadable(InvalidInput):
    """A file named on the command line cannot be read."""

    code = "file_unreadable"


def verify(
    front: Annotated[Path, typer.Option(exists=True, dir_okay=False, help="The document's front (or its data page).")],
    selfie: Annotated[Path, typer.Option(exists=True, dir_okay=False, help="The applicant's face.")],
    claims: Annotated[Path, typer.Option(exists=True, dir_okay=False, help="Claims as JSON; {} is valid.")],
    back: Annotated[Path | None, typer.Option(exists=True, dir_okay=False, help="The document's back.")] = None,
    html: Annotated[Path | None, typer.Option(help="Write the report as one HTML page.")] = None,
    tier: Annotated[str, typer.Option(help="Tier of the policy.")] = "standard",
    use_case: Annotated[UseCase, typer.Option(help="What the verification is for.")] = UseCase.ONBOARDING,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Write the report, and nothing else, to stdout.")] = False,
) -> None:
    """Verify one applicant from files. Exit code: 0 approve, 3 review, 4 decline, 5 retake, 2 unusable input."""
    captures = {CaptureKind.DOCUMENT_FRONT: _read(front), CaptureKind.SELFIE: _read(selfie)}
    if back is not None:
        captures[CaptureKind.DOCUMENT_BACK] = _read(back)
    submission = Submission(
        verification_id=new_id("ver"),
        captures=captures,
        claims=claims_from_json(_read(claims)),
        use_case=use_case,
        tier=tier,
        attempt=1,
        now=datetime.now(UTC),
    )
    with working("Loading models"):
        handle = loaded_pipeline(Settings(), warm=False)
    with handle as pipeline, working("Verifying"):
        report = pipeline.run(submission)
    body = report_to_json(report)
    if html is not None:
        write_private(html, render_html(body, thumbnails_of(captures)))
    if as_json:
        json.dump(body, sys.stdout, ensure_ascii=False, indent=2)
        sys.stdout.write("\n")
    else:
        print_report(body)
    raise typer.Exit(EXIT_CODES[report.verdict])


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise FileUnreadable(f"{path.name} cannot be read: {error.strerror}") from error
