"""``kyc settings``: every setting with what it is now, what it is by default and what it means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from kyc_service.cli.configured import read_settings
from kyc_service.cli.output import OUT

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo


def settings(
    *, markdown: Annotated[bool, typer.Option("--markdown", help="Print the page docs/settings.md.")] = False
) -> None:
    """Print every setting: what it is now, and what it means."""
    if markdown:
        typer.echo(settings_page(), nl=False)
        return
    from kyc_service.settings import Settings

    now = read_settings()
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("variable", no_wrap=True)
    table.add_column("now", overflow="fold")
    table.add_column("meaning")
    for name, field in Settings.model_fields.items():
        value = getattr(now, name)
        table.add_row(f"KYC_{name.upper()}", "" if value is None else str(value), field.description)
    OUT.print(table, markup=False)


def settings_page() -> str:
    """The page about settings, in Markdown; the same on every machine."""
    from kyc_service.settings import Settings

    rows = [
        f"| `KYC_{name.upper()}` | {_default(field)} | {field.description} |"
        for name, field in Settings.model_fields.items()
    ]
    return _HEAD + "\n".join(rows) + "\n"


def _default(field: FieldInfo) -> str:
    from pathlib import Path

    from kyc_service.settings import HOME

    default = field.default
    if default is None:
        return ""
    if isinstance(default, Path) and default.is_relative_to(HOME):
        default = default.relative_to(HOME)
    return f"`{default}`"


_HEAD = """# Settings

Made by `kyc settings --markdown`; `kyc settings` prints what is in force. Set them as
environment variables or in a file `.env`; a variable counts before a file, and a `.env` in the
working directory before the one in the project's folder.

The default folders `kyc-data` and `models` lie in the folder of the project that the service is
installed from (in the working directory, where it is installed without its project). A
relative path that you set is taken from the working directory.

| variable | default | meaning |
|---|---|---|
"""
