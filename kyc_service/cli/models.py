"""``kyc models``: the model files."""

from __future__ import annotations

import typer
from rich.table import Table

from kyc_service.cli.configured import read_settings
from kyc_service.cli.output import OUT

app = typer.Typer(help="The model files.", no_args_is_help=True)


@app.callback()
def models() -> None:
    """The model files."""


@app.command("check")
def check_models() -> None:
    """Compare every model file with its SHA-256 in the manifest. Exit code 1 when one is missing or wrong."""
    from kyc_service.inference.manifest import FileState, check, read_manifest

    root = read_settings().models_dir
    statuses = check(read_manifest(root), root)
    table = Table(box=None, pad_edge=False, header_style="dim")
    for column in ("model", "answers", "licence", "state"):
        table.add_column(column)
    for status in statuses:
        is_good = status.state is FileState.PRESENT
        state = f"[{'green' if is_good else 'red'}]{status.state}[/]"
        table.add_row(status.model_id, ", ".join(status.tasks), status.licence, state)
    OUT.print(table)
    if any(status.state is not FileState.PRESENT for status in statuses):
        OUT.print(
            f'Looked in {root.absolute()} (KYC_MODELS_DIR names another folder). Run "make models".', markup=False
        )
        raise typer.Exit(1)
