"""``kyc doctor``: can the service work here, and if not, what mends it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Final

import typer
from rich.table import Table

from kyc_service import bootstrap
from kyc_service.cli.output import OUT, working
from kyc_service.errors import KycError
from kyc_service.settings import Settings

_MIN_PYTHON: Final = (3, 11)


def doctor() -> None:
    """Check Python, models, policy, place data, data folder and database. Exit code 1 when one fails."""
    settings = Settings()
    checks: dict[str, Callable[[Settings], str]] = {
        "python": _python,
        "models": bootstrap.check_models,
        "policy": bootstrap.check_policy,
        "places": bootstrap.check_places,
        "data folder": _data_folder,
        "database": bootstrap.check_database,
    }
    table = Table(box=None, pad_edge=False)
    failed = 0
    for name, check in checks.items():
        with working(f"Checking {name}"):
            is_good, said = _answer(check, settings)
        failed += not is_good
        table.add_row("[green]✓[/]" if is_good else "[red]✗[/]", name, said)
    OUT.print(table)
    if failed:
        raise typer.Exit(1)


def _answer(check: Callable[[Settings], str], settings: Settings) -> tuple[bool, str]:
    try:
        return True, check(settings)
    except (KycError, OSError) as error:
        return False, str(error)


def _python(_: Settings) -> str:
    version = ".".join(str(part) for part in sys.version_info[:3])
    if sys.version_info < _MIN_PYTHON:
        raise OSError(f"{version}; 3.11 or newer is needed")
    return version


def _data_folder(settings: Settings) -> str:
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not os.access(settings.data_dir, os.W_OK):
        raise OSError(f"{settings.data_dir} cannot be written")
    return str(settings.data_dir)
