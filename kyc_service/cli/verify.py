"""``kyc verify``: files in, one explained verdict out; needs no database, or a running service (``--server``)."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from kyc_service.cli.at_server import verify_at
from kyc_service.cli.claims_file import read_claims
from kyc_service.cli.clip_file import with_answer
from kyc_service.cli.configured import read_settings
from kyc_service.cli.output import print_report, working, write_private
from kyc_service.cli.paths import FileUnusable, read, writable_file
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.outcome import Verdict
from kyc_service.domain.verification import UseCase

if TYPE_CHECKING:
    from kyc_service.verification.submission import Submission

EXIT_CODES: Final = {Verdict.APPROVE: 0, Verdict.REVIEW: 3, Verdict.DECLINE: 4, Verdict.RETAKE: 5}


def verify(
    front: Annotated[Path, typer.Option(exists=True, dir_okay=False, help="The document's front (or its data page).")],
    selfie: Annotated[Path, typer.Option(exists=True, dir_okay=False, help="The applicant's face.")],
    claims: Annotated[Path, typer.Option(exists=True, dir_okay=False, help="Claims as JSON; {} is valid.")],
    back: Annotated[Path | None, typer.Option(exists=True, dir_okay=False, help="The document's back.")] = None,
    clip: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            help="The answer to a challenge: an MP4 or WebM video, or a folder of frames with times.json.",
        ),
    ] = None,
    challenge: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="The challenge it answers; see kyc challenge.")
    ] = None,
    html: Annotated[
        Path | None, typer.Option(callback=writable_file, help="Write the report as one HTML page to this file.")
    ] = None,
    tier: Annotated[str, typer.Option(help="Tier of the policy.")] = "standard",
    use_case: Annotated[UseCase, typer.Option(help="What the verification is for.")] = UseCase.ONBOARDING,
    server: Annotated[
        str | None, typer.Option(metavar="URL", help="Ask the service that runs there, instead of loading models here.")
    ] = None,
    key_file: Annotated[
        Path | None,
        typer.Option(
            exists=True, dir_okay=False, help="With --server: holds the client's key (else KYC_API_KEY does)."
        ),
    ] = None,
    consent: Annotated[
        str | None,
        typer.Option(metavar="VERSION@LOCALE", help="With --server: the words that were agreed to, 2026-01@zh-CN."),
    ] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Write the report, and nothing else, to stdout.")] = False,
) -> None:
    """Verify one applicant from files. Exit code: 0 approve, 3 review, 4 decline, 5 retake, 2 unusable input."""
    files = {CaptureKind.DOCUMENT_FRONT: front, CaptureKind.DOCUMENT_BACK: back, CaptureKind.SELFIE: selfie}
    paths = {kind: path for kind, path in files.items() if path is not None}
    if server is not None:
        if challenge is not None:
            raise typer.BadParameter("The service draws its challenges itself: --challenge is without --server.")
        if clip is not None:
            paths[CaptureKind.LIVENESS] = clip
        decided = verify_at(server, key_file, paths, claims, use_case, tier, consent, wants_page=html is not None)
        _tell(decided.report, as_json=as_json)
        if html is not None and decided.page is not None:
            write_private(html, decided.page)
        raise typer.Exit(EXIT_CODES[Verdict(decided.report["verdict"])])
    if key_file is not None or consent is not None:
        raise typer.BadParameter("--key-file and --consent are for --server.")
    if (clip is None) != (challenge is None):
        raise typer.BadParameter("--clip and --challenge come together.")
    submission = _submission(paths, claims, use_case, tier)
    if clip is not None and challenge is not None:
        submission = with_answer(submission, clip, challenge)
        paths[CaptureKind.LIVENESS] = clip
    body = _report(submission, paths)
    # The answer first: it is not lost should the page not be written.
    _tell(body, as_json=as_json)
    if html is not None:
        _write_page(html, body, submission)
    raise typer.Exit(EXIT_CODES[Verdict(body["verdict"])])


def _tell(body: dict[str, Any], *, as_json: bool) -> None:
    if not as_json:
        print_report(body)
        return
    json.dump(body, sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")
    sys.stdout.flush()


def _submission(paths: dict[CaptureKind, Path], claims: Path, use_case: UseCase, tier: str) -> Submission:
    from kyc_service.storage.ids import new_id
    from kyc_service.verification.submission import Submission

    now = datetime.now(UTC)
    return Submission(
        verification_id=new_id("ver"),
        captures={kind: read(path) for kind, path in paths.items()},
        claims=replace(read_claims(claims), received_at=now),
        use_case=use_case,
        tier=tier,
        attempt=1,
        now=now,
    )


def _report(submission: Submission, paths: dict[CaptureKind, Path]) -> dict[str, Any]:
    settings = read_settings()
    with working("Loading models"):
        from kyc_service.bootstrap import loaded_pipeline
        from kyc_service.decision.report import report_to_json
        from kyc_service.imaging.refusals import ImageRefused

        handle = loaded_pipeline(settings, warm=False, tier=(submission.use_case, submission.tier))
    try:
        with handle as pipeline, working("Verifying"):
            return report_to_json(pipeline.run(submission))
    except ImageRefused as refusal:
        if refusal.capture is None:
            raise
        raise FileUnusable(f"{refusal.capture} ({paths[refusal.capture]}): {refusal.message}") from refusal


def _write_page(html: Path, body: dict[str, Any], submission: Submission) -> None:
    from kyc_service.imaging.limits import DecodeLimits
    from kyc_service.reports.page import render_html
    from kyc_service.reports.thumbnails import thumbnails_of

    # What was accepted is shown, also where a setting accepts more than the default.
    accepted = DecodeLimits(max_bytes=max(map(len, submission.captures.values())))
    write_private(html, render_html(body, thumbnails_of(submission.captures, accepted)))
