"""What the command line prints: results on stdout, progress and complaints on stderr."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from kyc_service.cli.paths import FileUnusable

# Where nobody watches, lines are as long as a table needs.
_WIDTH: Final = None if sys.stdout.isatty() else 160
OUT: Final = Console(highlight=False, width=_WIDTH)
ERR: Final = Console(stderr=True, highlight=False)

_COLOURS: Final = {"approve": "green", "retake": "blue", "review": "yellow", "decline": "red"}
_MARKS: Final = {"clear": "✓", "consider": "!", "not_assessed": "?", "rejected": "✗"}
_ABOUT_CLAIMS: Final = frozenset({"source", "sources", "received_at"})


def complain(message: str) -> None:
    """One sentence, or one and its details, on stderr."""
    # What is told may hold brackets; only ours are markup.
    ERR.print(f"[red]error:[/red] {escape(message)}", soft_wrap=True)


@contextmanager
def working(what: str) -> Iterator[None]:
    """Say ``what`` is being done while it is: a spinner on a terminal, one line elsewhere."""
    if ERR.is_terminal:
        with ERR.status(what):
            yield
    else:
        ERR.print(f"{what} ...")
        yield


def coloured(verdict: str) -> str:
    """``verdict`` as rich markup."""
    return f"[bold {_COLOURS.get(verdict, 'white')}]{verdict}[/]"


def print_report(report: dict[str, Any]) -> None:
    """The verdict, the reasons that led to it, and every check that was asked."""
    OUT.print(f"Verdict: {coloured(report['verdict'])}   ({report['timings_ms'].get('total', 0):.0f} ms)")
    for reason in report["reasons"]:
        OUT.print(f"  - {reason['staff']} [dim]{reason['code']}[/dim]", soft_wrap=True)
    claimed = [name for name, said in report["claims"].items() if said is not None and name not in _ABOUT_CLAIMS]
    OUT.print(f"Claimed: {', '.join(claimed) or 'nothing, so nothing was compared with the document'}", soft_wrap=True)
    table = Table(box=None, pad_edge=False, header_style="dim")
    for column in ("", "check", "outcome", "asks for", "reasons"):
        table.add_column(column)
    for check in report["checks"]:
        if check["outcome"] != "not_applicable":
            codes = ", ".join(reason["code"] for reason in check["reasons"])
            action = "" if check["action"] == "none" else check["action"]
            table.add_row(_MARKS[check["outcome"]], check["name"], check["outcome"], action, codes)
    OUT.print(table)


def write_private(path: Path, text: str) -> None:
    """Write what holds names and faces: readable by its owner only, whatever the umask.

    Raises:
        FileUnusable: it cannot be written.
    """
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            os.fchmod(file.fileno(), 0o600)
            file.write(text)
    except OSError as error:
        raise FileUnusable(f"{path} cannot be written: {error.strerror}.") from error
