"""``kyc evaluate pad``: passive liveness on presentations whose truth is known."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from kyc_service.cli.configured import read_settings
from kyc_service.cli.output import ERR, OUT, write_private
from kyc_service.cli.paths import writable_file

Figures = Mapping[str, Any]


def pad(
    manifest: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV: docs/evaluate-pad.md.")],
    html: Annotated[Path | None, typer.Option(callback=writable_file, help="Write a page with plots.")] = None,
    calibrate: Annotated[
        Path | None, typer.Option(exists=True, file_okay=False, help="Write thresholds by BPCER into this folder.")
    ] = None,
    title: Annotated[str | None, typer.Option(help="The data set's title (default: the manifest's name).")] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Write the figures, and nothing else, to stdout.")] = False,
) -> None:
    """Measure passive liveness on the presentations of MANIFEST. Exit code: 0 measured, 2 unusable manifest."""
    from kyc_service.evaluation.calibration import write_calibration
    from kyc_service.evaluation.pad.figures import PadRun, pad_figures
    from kyc_service.evaluation.pad.manifest import read_pad_manifest
    from kyc_service.evaluation.pad.observing import observe
    from kyc_service.evaluation.pad.page import render_pad_page
    from kyc_service.evaluation.pad.setting import open_pad_setting
    from kyc_service.evaluation.pad.thresholds import calibration_of
    from kyc_service.inference.threads import ThreadSettings, configure

    listed = read_pad_manifest(manifest)
    configure(ThreadSettings(per_inference=1, parallel_inferences=1))
    setting = open_pad_setting(read_settings().models_dir)
    found = observe(listed.presentations, setting.engines, setting.classifier)
    trials = list(track(found, "Looking", total=len(listed.presentations), console=ERR, transient=True))
    today = datetime.now(UTC).date().isoformat()
    run = PadRun(title or manifest.stem, listed.sha256, setting.models, today, setting.calibrated)
    figures = pad_figures(run, trials)
    if html is not None:
        write_private(html, render_pad_page(figures))
        ERR.print(f"Page: {html}")
    if calibrate is not None:
        ERR.print(f"Calibration: {write_calibration(calibration_of(run, trials, setting.classifier), calibrate)}")
    if as_json:
        json.dump(figures, sys.stdout, ensure_ascii=False, indent=2)
        sys.stdout.write("\n")
    else:
        print_pad(figures, OUT)


def print_pad(figures: Figures, out: Console) -> None:
    """What a person wants to know first; everything else is in the JSON and on the page."""
    data = figures["data_set"]
    out.print(
        f"{data['title']}: {data['presentations']} presentations ({data['clips']} clips) of {data['subjects']} subjects"
    )
    out.print(f"  bona fide without a response (BPNRR): {_share(figures['non_responses']['bpnrr'])}")
    for entry in figures["non_responses"]["apnrr"]:
        if entry["count"]:
            out.print(f"  {entry['species']} without a response (APNRR): {_share(entry)}")
    for score in figures["scores"]:
        out.print()
        out.print(_species(score))
        for at in (*score["at_calibrated_thresholds"], *score["at_own_thresholds"]):
            _print_point(at, "calibrated" if at in score["at_calibrated_thresholds"] else "own", out)
    if figures["timings"]:
        out.print(
            f"\n{figures['timings']['p50_ms']:.0f} ms a frame in the median, {figures['timings']['p95_ms']:.0f} ms p95"
        )


def _species(score: Figures) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    wanted = [f"BPCER at APCER {100 * at['apcer']:g} %" for at in score["worst_bpcer_at_apcer"]]
    for column in (score["score"], "n", "AUC", *wanted):
        table.add_column(column, justify="left" if column == score["score"] else "right")
    for entry in score["species"]:
        cells = (_share(at["bpcer"]) for at in entry["bpcer_at_apcer"])
        table.add_row(entry["species"], str(entry["auc"]["n"]), _area(entry["auc"]), *cells)
    every = (_share(at["bpcer"]) for at in score["worst_bpcer_at_apcer"])
    table.add_row("[bold]all[/]", str(score["auc"]["n"]), _area(score["auc"]), *every)
    return table


def _print_point(at: Figures, kind: str, out: Console) -> None:
    worst = at["worst"]
    said = "" if worst is None else f", worst APCER {_share(worst)} [bold]{worst['species']}[/]"
    out.print(
        f"  {kind} threshold {at['threshold']:g} for BPCER {100 * at['wanted_bpcer']:g} %: BPCER {_share(at['bpcer'])}{said}",
        soft_wrap=True,
    )


def _area(found: Figures) -> str:
    return "-" if found["auc"] is None else f"{found['auc']:.3f} [dim]({found['ci_low']:.3f}-{found['ci_high']:.3f})[/]"


def _share(value: Figures) -> str:
    if value["rate"] is None:
        return "-"
    return f"{100 * value['rate']:.1f} % [dim]({100 * value['ci_low']:.1f}-{100 * value['ci_high']:.1f})[/]"
