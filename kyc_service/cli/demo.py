"""``kyc demo``: every sample applicant through the pipeline, against what its manifest expects."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from kyc_service.cli.configured import read_settings
from kyc_service.cli.output import OUT, coloured, working, write_private
from kyc_service.cli.paths import FileUnusable
from kyc_service.domain.outcome import Verdict

if TYPE_CHECKING:
    from kyc_service.cli.applicants import Result


def demo(
    applicants: Annotated[
        Path | None, typer.Option(file_okay=False, help="Folder with manifest.yaml (default: fixtures/applicants).")
    ] = None,
    out: Annotated[Path, typer.Option(file_okay=False, help="Where the HTML reports go.")] = Path("out/demo"),
    only: Annotated[list[str] | None, typer.Option(help="Only the case of this name; may be given again.")] = None,
) -> None:
    """Verify every sample applicant, at the time its manifest names. Exit code 1 when a verdict is not as expected."""
    results = _results(applicants, out, only or [])
    OUT.print(_table(results))
    OUT.print(f"Reports: {out / 'index.html'}")
    wrong = [result.case.id for result in results if not result.is_as_expected]
    if wrong:
        OUT.print(f"[red]Not as expected:[/red] {', '.join(wrong)}")
        raise typer.Exit(1)
    OUT.print(f"[green]All {len(results)} verdicts and their reasons are the expected ones.[/green]")


def _results(applicants: Path | None, out: Path, only: list[str]) -> list[Result]:
    with working("Loading models"):
        from kyc_service.bootstrap import loaded_pipeline
        from kyc_service.cli.applicants import read_manifest, results_to_json, run_cases
        from kyc_service.reports.index import render_index
        from kyc_service.settings import HOME

        folder = applicants or HOME / "fixtures" / "applicants"
        manifest = read_manifest(folder).only(only)
        _make(out)
        handle = loaded_pipeline(read_settings(), asks_outside=False)
    results: list[Result] = []
    with handle as pipeline:
        for result in run_cases(manifest, folder, out, pipeline):
            OUT.print(f"[{len(results) + 1:2}/{len(manifest.cases)}] {result.case.id}: {coloured(result.verdict)}")
            results.append(result)
    write_private(out / "index.html", render_index(results_to_json(results)))
    return results


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileUnusable(f"{folder} cannot be made: {error.strerror}.") from error


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
