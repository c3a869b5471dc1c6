"""The figures of ``kyc evaluate faces`` on a terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.table import Table

Figures = Mapping[str, Any]


def print_faces(figures: Figures, out: Console) -> None:
    """What a person wants to know first; everything else is in the JSON and on the page."""
    data, compared = figures["data_set"], figures["comparisons"]
    out.print(f"{data['title']}: {data['pictures']} pictures of {data['identities']} people")
    out.print(f"  {compared['mated']} mated pairs, {compared['non_mated']} pairs of strangers")
    failed = figures["acquisition"]["failed"]
    out.print(f"  failure to acquire: {failed['count']} of {failed['n']} pictures")
    out.print()
    out.print(_points(figures["points"], "fmr wanted"))
    if figures["in_force"]:
        out.print()
        out.print(_points(figures["in_force"], "in force for fmr"))
    for group in figures["groups"]:
        out.print(f"\n{group['title']}: {group['pictures']} pictures of {group['identities']} people")
        out.print(_group(group["points"]))
    if figures["search"]:
        out.print()
        out.print(_search(figures["search"]))


def _points(points: list[Figures], title: str) -> Table:
    table = _table(title, "threshold", "fmr", "fnmr")
    for point in points:
        measured = point["measured"]
        table.add_row(
            f"{point['fmr']:g}", f"{point['threshold']:.4f}", _rate(measured["fmr"]), _share(measured["fnmr"])
        )
    return table


def _group(points: list[Figures]) -> Table:
    table = _table("fmr of all", "fmr", "ratio", "fnmr")
    for point in points:
        ratio = point.get("fmr_ratio")
        said = "-" if ratio is None else f"{ratio['ratio']:.1f} [dim]({ratio['ci_low']:.1f}-{ratio['ci_high']:.1f})[/]"
        measured = point["measured"]
        table.add_row(f"{point['fmr']:g}", _rate(measured["fmr"]), said, _share(measured["fnmr"]))
    return table


def _search(points: list[Figures]) -> Table:
    table = _table("1:N, gallery of", "fpir wanted", "threshold", "fpir", "fnir")
    for point in points:
        found = "[dim]extrapolated[/]" if point["is_extrapolated"] else _share(point["measured"]["fpir"])
        fnir = _share(point["measured"]["fnir"])
        table.add_row(f"{point['gallery']}", f"{100 * point['fpir']:g} %", f"{point['threshold']:.4f}", found, fnir)
    return table


def _rate(value: Figures) -> str:
    return f"{value['rate']:.1e} [dim]({value['ci_low']:.1e}-{value['ci_high']:.1e})[/]"


def _share(value: Figures) -> str:
    return f"{100 * value['rate']:.2f} % [dim]({100 * value['ci_low']:.2f}-{100 * value['ci_high']:.2f})[/]"


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for number, column in enumerate(columns):
        table.add_column(column, justify="left" if number == 0 else "right", overflow="fold")
    return table
