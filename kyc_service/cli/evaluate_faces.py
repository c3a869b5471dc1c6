"""``kyc evaluate faces``: measure face comparison on pictures of known people."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.progress import Progress

from kyc_service.cli.configured import read_settings
from kyc_service.cli.faces_table import print_faces
from kyc_service.cli.output import ERR, OUT, write_private
from kyc_service.cli.paths import writable_file
from kyc_service.evaluation.calibration import write_calibration
from kyc_service.evaluation.faces.calibrating import match_calibration, search_calibration
from kyc_service.evaluation.faces.describing import Described
from kyc_service.evaluation.faces.evaluation import Run, evaluation_to_json
from kyc_service.evaluation.faces.measuring import Measured, measure
from kyc_service.evaluation.faces.page import render_page
from kyc_service.evaluation.faces.pairs import PairList, PairsUnusable, read_pairs
from kyc_service.evaluation.faces.running import Describer, describe_all
from kyc_service.evaluation.faces.scales import COSINE, DISTANCE, Scale
from kyc_service.evaluation.faces.setting import FaceSetting, open_setting

EXIT_INTERRUPTED: Final = 130
_TENTHS: Final = 10


def faces(
    pairs: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV: docs/evaluate-faces.md.")],
    html: Annotated[Path | None, typer.Option(callback=writable_file, help="Write a page with the DET curves.")] = None,
    calibrate: Annotated[
        Path | None, typer.Option(exists=True, file_okay=False, help="Write the calibration files into this folder.")
    ] = None,
    group: Annotated[
        list[Path] | None,
        typer.Option(exists=True, dir_okay=False, help="The same kind of CSV, of one demographic group; repeatable."),
    ] = None,
    group_title: Annotated[list[str] | None, typer.Option(help="What that group is; one for each --group.")] = None,
    title: Annotated[str | None, typer.Option(help="The data set's title (default: the list's name).")] = None,
    jobs: Annotated[int, typer.Option(min=1, help="Processes that look; each loads the models.")] = 1,
    *,
    second_opinion: Annotated[bool, typer.Option("--second-opinion", help="Calibrate the second model, too.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Write the figures, and nothing else, to stdout.")] = False,
) -> None:
    """Compare the listed pairs and all pairs of two people. Exit code: 0 measured, 2 unusable list."""
    listed = read_pairs(pairs, title)
    groups = _groups(group or [], group_title or [])
    setting = open_setting(read_settings().models_dir, datetime.now(UTC).date().isoformat())
    scales = (COSINE, DISTANCE) if second_opinion else (COSINE,)
    described = _described([listed, *groups], Describer(setting.folder, tuple(scale.score for scale in scales)), jobs)
    measured = {scale.score: _measured(scale, described, listed, groups) for scale in scales}
    run = Run(setting.models, setting.measured_on, setting.in_force)
    figures = evaluation_to_json(run, measured[COSINE.score], described)
    if html is not None:
        write_private(html, render_page(figures))
        ERR.print(f"Page: {html}")
    if calibrate is not None:
        for scale in scales:
            _calibrate(scale, measured[scale.score], setting, len(described.failures), calibrate)
    if as_json:
        json.dump(figures, sys.stdout, ensure_ascii=False, indent=2)
        sys.stdout.write("\n")
    else:
        print_faces(figures, OUT)


def _groups(files: list[Path], titles: list[str]) -> list[PairList]:
    if len(titles) > len(files):
        raise typer.BadParameter("there are more titles than groups", param_hint="--group-title")
    return [read_pairs(file, titles[i] if i < len(titles) else None) for i, file in enumerate(files)]


def _measured(scale: Scale, described: Described, listed: PairList, groups: list[PairList]) -> Measured:
    try:
        return measure(scale, described.templates.get(scale.score, {}), listed, groups)
    except ValueError as error:
        raise PairsUnusable(str(error)) from error


def _calibrate(scale: Scale, measured: Measured, setting: FaceSetting, failures: int, folder: Path) -> None:
    used = setting.used(scale)
    made = [match_calibration(scale, measured, used, failures)]
    search = search_calibration(scale, measured, used) if scale is COSINE else None
    for calibration in (*made, *([] if search is None else [search])):
        ERR.print(f"Calibration: {write_calibration(calibration, folder)}")


def _described(lists: Iterable[PairList], describer: Describer, jobs: int) -> Described:
    """Every picture once; Ctrl-C ends the run without figures."""
    paths = list(dict.fromkeys(path for listed in lists for path in listed.paths))
    described = Described()
    with Progress(console=ERR, transient=True, disable=not ERR.is_terminal) as progress:
        task = progress.add_task("Looking at faces", total=len(paths))
        try:
            for done, picture in enumerate(describe_all(paths, describer, jobs), 1):
                described.add(picture)
                progress.update(task, advance=1)
                if not ERR.is_terminal and (done - 1) * _TENTHS // len(paths) != done * _TENTHS // len(paths):
                    ERR.print(f"Looked at {done} of {len(paths)} pictures")
        except KeyboardInterrupt:
            progress.stop()
            ERR.print(f"Interrupted after {len(described.times_ms)} pictures; nothing was written.")
            raise typer.Exit(EXIT_INTERRUPTED) from None
    return described
