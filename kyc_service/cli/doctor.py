"""``kyc doctor``: can the service work here, and if not, what mends it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import typer
from rich.markup import escape
from rich.table import Table

from kyc_service.cli.configured import read_settings
from kyc_service.cli.output import OUT, working
from kyc_service.errors import KycError

if TYPE_CHECKING:
    from kyc_service.bootstrap import InOrder
    from kyc_service.settings import Settings

_MIN_PYTHON: Final = (3, 11)
_GOOD: Final = "[green]✓[/]"
_WARNING: Final = "[yellow]![/]"
_BAD: Final = "[red]✗[/]"


def doctor() -> None:
    """Check Python, models, policy, place data, data folder, database and store of pictures. Exit code 1 when one fails."""
    settings = read_settings()
    with working("Checking"):
        from kyc_service import bootstrap

    checks: dict[str, Callable[[Settings], InOrder]] = {
        "python": _python,
        "models": bootstrap.check_models,
        "policy": bootstrap.check_policy,
        "places": bootstrap.check_places,
        "data folder": _data_folder,
        "database": bootstrap.check_database,
        "pictures": bootstrap.check_blobs,
    }
    table = Table(box=None, pad_edge=False)
    failed = 0
    for name, check in checks.items():
        with working(f"Checking {name}"):
            mark, said = _answer(check, settings)
        failed += mark is _BAD
        table.add_row(mark, name, escape(said))
    OUT.print(table)
    if failed:
        raise typer.Exit(1)


def _answer(check: Callable[[Settings], InOrder], settings: Settings) -> tuple[str, str]:
    try:
        found = check(settings)
    except (KycError, OSError) as error:
        return _BAD, str(error)
    if found.warning is None:
        return _GOOD, found.said
    return _WARNING, f"{found.said}\nwarning: {found.warning}"


def _python(_: Settings) -> InOrder:
    from kyc_service.bootstrap import InOrder

    version = ".".join(str(part) for part in sys.version_info[:3])
    if sys.version_info < _MIN_PYTHON:
        raise OSError(f"{version}; 3.11 or newer is needed")
    return InOrder(version)


def _data_folder(settings: Settings) -> InOrder:
    from kyc_service.bootstrap import InOrder

    folder = settings.data_dir.absolute()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not os.access(folder, os.W_OK):
        raise OSError(f"{folder} cannot be written; KYC_DATA_DIR names another")
    return InOrder(f"{folder} (KYC_DATA_DIR)")
