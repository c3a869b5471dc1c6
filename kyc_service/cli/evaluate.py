"""``kyc evaluate``: measure the service on pictures whose truth is known."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.progress import Progress

from kyc_service.cli.configured import read_settings
from kyc_service.cli.evaluate_faces import faces
from kyc_service.cli.evaluate_pad import pad
from kyc_service.cli.evaluation_table import print_evaluation
from kyc_service.cli.output import ERR, OUT, write_private
from kyc_service.cli.paths import writable_file
from kyc_service.evaluation.documents.cases import Case, cases_of
from kyc_service.evaluation.documents.certainty_limits import certainty_limits, write_limits
from kyc_service.evaluation.documents.evaluation import Run, evaluation_to_json
from kyc_service.evaluation.documents.manifest import read_manifest
from kyc_service.evaluation.documents.page import render_page
from kyc_service.evaluation.documents.running import Open, read_all
from kyc_service.evaluation.documents.seen import PictureSeen
from kyc_service.evaluation.documents.setting import open_setting
from kyc_service.evaluation.documents.worst import worst_cases
from kyc_service.inference.threads import ThreadSettings, configure

EXIT_INTERRUPTED: Final = 130
_TENTHS: Final = 10

app = typer.Typer(help="Measure the service on pictures whose truth is known.", no_args_is_help=True)
app.command("faces")(faces)
app.command("pad")(pad)


@app.callback()
def evaluate() -> None:
    """Measure the service on pictures whose truth is known."""


@app.command("documents")
def documents(
    manifest: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV: docs/evaluate-documents.md.")],
    html: Annotated[
        Path | None, typer.Option(callback=writable_file, help="Write a page with plots and the worst cases.")
    ] = None,
    calibrate: Annotated[
        Path | None, typer.Option(callback=writable_file, help="Write the certainty limits of the fields as JSON.")
    ] = None,
    title: Annotated[str | None, typer.Option(help="The data set's title (default: the manifest's name).")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Only the first N pictures.")] = None,
    jobs: Annotated[int, typer.Option(min=1, help="Processes that read; each loads the models.")] = 1,
    now: Annotated[datetime | None, typer.Option(help="The time documents are judged at, UTC (default: now).")] = None,
    *,
    publish: Annotated[bool, typer.Option("--publish", help="Leave out pictures, names and all other values.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Write the figures, and nothing else, to stdout.")] = False,
) -> None:
    """Read every picture of MANIFEST and compare with its truth. Exit code: 0 measured, 2 unusable manifest."""
    listed = read_manifest(manifest)
    today = datetime.now(UTC)
    settings = read_settings()
    configure(ThreadSettings(per_inference=1, parallel_inferences=1))
    setting = open_setting(settings.models_dir, settings.policy_file, (now or today).replace(tzinfo=UTC))
    pictures = _read(cases_of(listed.rows[:limit]), setting.open_reader, jobs)
    run = Run(title or manifest.stem, listed, setting.policy, setting.models, today.date().isoformat(), jobs)
    figures = evaluation_to_json(run, pictures, is_public=publish)
    if html is not None:
        write_private(html, render_page(figures, [] if publish else worst_cases(pictures)))
        ERR.print(f"Page: {html}" + ("" if publish else " (holds personal data)"))
    if calibrate is not None:
        write_limits(certainty_limits(pictures, run.data_set(pictures), setting.recogniser, run.measured_on), calibrate)
        ERR.print(f"Certainty limits: {calibrate}")
    if as_json:
        json.dump(figures, sys.stdout, ensure_ascii=False, indent=2)
        sys.stdout.write("\n")
    else:
        print_evaluation(figures, OUT)


def _read(cases: Sequence[Case], open_reader: Open, jobs: int) -> list[PictureSeen]:
    """Every picture in the manifest's order; Ctrl-C ends the run without figures."""
    seen: list[PictureSeen] = []
    total = sum(map(len, cases))
    with Progress(console=ERR, transient=True, disable=not ERR.is_terminal) as progress:
        task = progress.add_task("Loading models", total=total)
        try:
            with closing(read_all(cases, open_reader, jobs)) as found:
                for case in found:
                    seen += case
                    progress.update(task, advance=len(case), description="Reading")
                    _tell(len(seen) - len(case), len(seen), total)
        except KeyboardInterrupt:
            progress.stop()
            ERR.print(f"Interrupted after {len(seen)} pictures; nothing was written.")
            raise typer.Exit(EXIT_INTERRUPTED) from None
    return sorted(seen, key=lambda one: one.picture.row)


def _tell(before: int, now: int, total: int) -> None:
    """Where nobody watches a bar move, a line for every tenth."""
    if not ERR.is_terminal and before * _TENTHS // total != now * _TENTHS // total:
        ERR.print(f"Read {now} of {total} pictures")
