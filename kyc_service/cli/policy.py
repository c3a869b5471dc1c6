"""``kyc policy``: check, explain and try out policies; keep versions, put them to use and back."""

from __future__ import annotations

import typer

from kyc_service.cli import policy_check, policy_explain, policy_simulate, policy_versions

app = typer.Typer(help="Policies: check, explain, try out, put to use.", no_args_is_help=True)


@app.callback()
def policy() -> None:
    """Policies: check, explain, try out, put to use."""


app.command()(policy_check.check)
app.command()(policy_check.schema)
app.command()(policy_explain.explain)
app.command()(policy_simulate.simulate)
app.command()(policy_versions.draft)
app.command("list")(policy_versions.list_)
app.command()(policy_versions.show)
app.command()(policy_versions.activate)
app.command()(policy_versions.rollback)
app.command()(policy_versions.shadow)
app.command("shadow-report")(policy_versions.shadow_report)
