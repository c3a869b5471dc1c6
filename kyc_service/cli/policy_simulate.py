"""``kyc policy simulate``: what a policy would have decided on reports that were written earlier."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from kyc_service.cli.output import ERR, OUT, coloured, write_private
from kyc_service.cli.paths import writable_file
from kyc_service.cli.policy_desk import database, installation, known_policies, master_key, policy_in

if TYPE_CHECKING:
    from kyc_service.policies.comparing import Judges
    from kyc_service.policies.simulation import Progress as Told
    from kyc_service.policies.simulation import Simulation
    from kyc_service.policies.stored_reports import StoredReport
    from kyc_service.storage.keys import MasterKey

_DATABASE: Final = "verifications"
_MOST_NAMED: Final = 20
_OWN_AGAIN: Final = 500
"""At least so many reports, if there are more, are decided once more by the policy that they name."""
_EVERY: Final = 2000
"""So many reports between two lines of progress, where no terminal shows a bar."""


def simulate(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="The policy to try out, as YAML.")],
    on: Annotated[
        str,
        typer.Option(help="'verifications' for the latest report of each in the database; a folder, a .jsonl, a file."),
    ] = _DATABASE,
    against: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="Compare with this policy, not with what was decided."),
    ] = None,
    html: Annotated[Path | None, typer.Option(callback=writable_file, help="Write the result as one page.")] = None,
    jobs: Annotated[int | None, typer.Option(min=1, help="Processes (default: one for each core).")] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Write the result, and nothing else, to stdout.")] = False,
) -> None:
    """Decide stored reports again under another policy, without running a model."""
    from kyc_service.policies.comparing import Judges
    from kyc_service.policies.simulation import simulation_to_json

    at = installation()
    new, old = policy_in(file, at), None if against is None else policy_in(against, at)
    if on == _DATABASE:
        with database() as opened:
            key = master_key(opened)
            with opened.transaction() as tx:
                total = tx.reports.count_verifications()
                judges = Judges(new, old, known_policies(at, opened), own_again=max(1, total // _OWN_AGAIN))
                found = _simulated(tx.reports.each_latest(), total, judges, key, jobs)
    else:
        from kyc_service.policies.stored_reports import written_reports

        judges = Judges(new, old, known_policies(at, None))
        found = _simulated(written_reports(Path(on)), None, judges, None, jobs)
    figures = simulation_to_json(found)
    if as_json:
        json.dump(figures, sys.stdout, ensure_ascii=False, indent=2)
        sys.stdout.write("\n")
    else:
        _print(figures)
    if html is not None:
        from kyc_service.policies.simulation_plot import render_simulation

        write_private(html, render_simulation(figures))


def _simulated(
    reports: Iterable[StoredReport], total: int | None, judges: Judges, key: MasterKey | None, jobs: int | None
) -> Simulation:
    from kyc_service.policies.simulation import simulate as simulated

    with _telling(total) as told:
        return simulated(reports, judges, master_key=key, jobs=jobs or os.cpu_count() or 1, progress=told)


@contextmanager
def _telling(total: int | None) -> Iterator[Told]:
    """A bar on a terminal, a line now and then elsewhere."""
    if not ERR.is_terminal:
        yield lambda done: None if done % _EVERY else ERR.print(f"{done} of {total or '?'} reports ...")
        return
    columns = (TextColumn("Deciding again"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=ERR, transient=True) as bar:
        task = bar.add_task("", total=total)
        yield lambda done: bar.update(task, completed=done)


def _print(figures: dict[str, Any]) -> None:
    new, old = figures["new"], figures["against"]
    OUT.print(f"New: {new['name']} {new['version']} ({new['sha256'][:12]})", markup=False)
    said = "what was decided" if old is None else f"{old['name']} {old['version']} ({old['sha256'][:12]})"
    OUT.print(f"Old: {said}", markup=False)
    share = f" ({100 * figures['changed'] / figures['reports']:.1f} %)" if figures["reports"] else ""
    OUT.print(f"{figures['reports']} reports, of which {figures['changed']} would get another verdict{share}.")
    OUT.print(matrix_table(figures["matrix"], "old", "new"))
    for name in ("appeared", "vanished"):
        for code, count in figures[name].items():
            OUT.print(f"  {name} {count:>6}  {code}", markup=False)
    for one in figures["otherwise"][:_MOST_NAMED]:
        codes = [*(f"+{code}" for code in one["appeared"]), *(f"-{code}" for code in one["vanished"])]
        OUT.print(
            f"  {escape(one['id'])}: {coloured(one['old'])} -> {coloured(one['new'])}  {' '.join(codes)}",
            soft_wrap=True,
        )
    if len(figures["otherwise"]) > _MOST_NAMED:
        OUT.print(f"  and {len(figures['otherwise']) - _MOST_NAMED} more (--json names all)")
    _print_doubts(figures)


def _print_doubts(figures: dict[str, Any]) -> None:
    again = figures["reproduced"]
    left = f" ({again['not_asked']} were not asked)" if again["not_asked"] else ""
    OUT.print(f"The policy that the report names gave its verdict and reasons again: {again['same']} reports{left}.")
    if again["different"]:
        OUT.print(
            f"[yellow]It gave another verdict or other reasons:[/yellow] {len(again['different'])} reports, "
            f"such as {escape(', '.join(again['different'][:3]))}",
            soft_wrap=True,
        )
    for one in again["not_at_hand"]:
        OUT.print(
            f"[yellow]Not at hand, so only compared with what was stored:[/yellow] {escape(one['name'])} "
            f"{escape(one['version'])} ({one['sha256'][:12]}), {one['reports']} reports",
            soft_wrap=True,
        )
    for one in figures["refused"][:_MOST_NAMED]:
        OUT.print(f"[red]Not decided again:[/red] {escape(one['id'])}: {escape(one['cause'])}", soft_wrap=True)
    if len(figures["refused"]) > _MOST_NAMED:
        OUT.print(f"  and {len(figures['refused']) - _MOST_NAMED} more (--json names all)")


def matrix_table(matrix: dict[str, dict[str, int]], rows: str, columns: str) -> Table:
    """Counts of pairs of verdicts, ``rows`` down and ``columns`` across."""
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column(f"{rows} \\ {columns}")
    names = list(next(iter(matrix.values())))
    for name in names:
        table.add_column(name, justify="right")
    for row, counts in matrix.items():
        table.add_row(coloured(row), *(f"[bold]{n}[/]" if n and name != row else str(n) for name, n in counts.items()))
    return table
