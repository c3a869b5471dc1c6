"""A group of verbs whose module is imported when one of them is asked for, not before."""

from __future__ import annotations

from importlib import import_module
from typing import ClassVar

import typer
from typer.core import TyperGroup


class _Later(TyperGroup):
    module: ClassVar[str]

    def list_commands(self, ctx: typer.Context) -> list[str]:  # type: ignore[override]
        return self._real().list_commands(ctx)

    def get_command(self, ctx: typer.Context, cmd_name: str) -> object:  # type: ignore[override]
        return self._real().get_command(ctx, cmd_name)

    def _real(self) -> TyperGroup:
        return typer.main.get_group(import_module(self.module).app)


def later(module: str, help_: str) -> typer.Typer:
    """The group that is ``app`` in ``module``; ``help_`` is what a list of groups says of it."""
    group = type("_LaterGroup", (_Later,), {"module": module})
    return typer.Typer(cls=group, help=help_, no_args_is_help=True)
