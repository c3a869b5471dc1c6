"""``kyc reasons``: every reason with its sentences, what it makes of a check and what it asks of the verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from kyc_service.cli.output import OUT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kyc_service.domain.reasons import Reason, ReasonEntry


def reasons(
    *, markdown: Annotated[bool, typer.Option("--markdown", help="Print the page docs/reasons.md.")] = False
) -> None:
    """Print every reason that can stand in a report."""
    if markdown:
        typer.echo(reasons_page(), nl=False)
        return
    from kyc_service.domain.reasons import CATALOGUE

    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("code", no_wrap=True)
    for column in ("outcome", "action", "for staff"):
        table.add_column(column)
    for reason, entry in CATALOGUE.items():
        table.add_row(reason.value, entry.outcome.value, _action(entry), entry.staff)
    OUT.print(table, markup=False)


def reasons_page() -> str:
    """The page about reasons, in Markdown; the same on every machine."""
    from kyc_service.domain.reasons import BRANCHES

    return "\n".join([_HEAD, *(line for title, branch in BRANCHES.items() for line in _branch(title, branch))])


def _branch(title: str, branch: Mapping[Reason, ReasonEntry]) -> Iterator[str]:
    yield f"## {title}\n"
    yield "| code | outcome | action | for staff | for the applicant |\n|---|---|---|---|---|"
    for reason, entry in branch.items():
        told = " / ".join(filter(None, (entry.applicant, entry.applicant_zh)))
        yield f"| `{reason.value}` | {entry.outcome.value} | {_action(entry)} | {entry.staff} | {told} |"
    yield ""


def _action(entry: ReasonEntry) -> str:
    return "retake" if entry.retake else entry.default_action.value


_HEAD = """# Reasons

Made by `kyc reasons --markdown`; `kyc reasons` prints a table. A report names reasons by these
codes, which never change and are never given to another reason.

- **outcome** is what a reason makes of the check it is raised under: `consider`, `not_assessed`
  or `rejected`.
- **action** is what it asks of the verdict where the policy in force does not say otherwise:
  `none`, `review` or `decline`. `retake` opens the capture gate: the capture it was seen on is to
  be taken again. An answer that is missing counts only where the check is required.
- **for the applicant** is what may be shown, in English and in Chinese. It is empty where saying
  why would teach an attacker.
"""
