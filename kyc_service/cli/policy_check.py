"""``kyc policy check`` and ``kyc policy schema``: whether a policy can be used here, and the form of its file."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from kyc_service.cli.output import OUT, complain
from kyc_service.cli.policy_desk import installation, policy_in

if TYPE_CHECKING:
    from kyc_service.decision.policy import Policy


def check(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="The policy, as YAML.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Write problems and warnings as JSON to stdout.")] = False,
) -> None:
    """Say what is wrong with a policy, place by place. Exit code: 0 it can be used, 2 it cannot."""
    from kyc_service.policies.load import PolicyInvalid

    at = installation()
    try:
        policy = policy_in(file, at)
    except PolicyInvalid as invalid:
        _refuse(file, invalid, as_json=as_json)
        raise typer.Exit(2) from None
    warnings = warnings_of(policy)
    if as_json:
        _write({"is_valid": True, "policy": _facts(policy), "problems": [], "warnings": warnings})
        return
    OUT.print(f"[green]{escape(str(file))} can be used.[/green]", soft_wrap=True)
    for name, value in _facts(policy).items():
        OUT.print(f"  {name}: {value}", markup=False, soft_wrap=True)
    print_warnings(warnings)


def schema() -> None:
    """Print the JSON schema of policy files, for editors and other programs."""
    from kyc_service.policies.document import policy_schema_text

    typer.echo(policy_schema_text(), nl=False)


def _refuse(file: Path, invalid: Exception, *, as_json: bool) -> None:
    from kyc_service.policies.load import PolicyInvalid

    problems = invalid.problems if isinstance(invalid, PolicyInvalid) else ()
    if as_json:
        told = [
            {"line": p.line, "column": p.column, "path": p.path, "message": p.message, "allowed": list(p.allowed)}
            for p in problems
        ]
        _write({"is_valid": False, "problems": told, "warnings": []})
    elif not problems:
        complain(str(invalid))
    else:
        for p in problems:
            where = f" ({p.path})" if p.path else ""
            # file:line:column is what editors and terminals make a link of.
            complain(f"{file}:{p.line}:{p.column}{where}: {p.message}")
        complain(f"{len(problems)} {'problem' if len(problems) == 1 else 'problems'}; the policy cannot be used.")


def _facts(policy: Policy) -> dict[str, object]:
    return {
        "name": policy.name,
        "version": policy.version,
        "sha256": policy.sha256,
        "tiers": len(policy.tiers),
        "score rules": len(policy.scores),
        "value lists": len(policy.values),
        "second opinions": len(policy.second_opinions),
        "combinations": len(policy.combinations),
        "actions": len(policy.actions),
    }


def warnings_of(policy: Policy) -> list[str]:
    """What its author should look at again."""
    from kyc_service.policies.advice import policy_warnings

    return [str(warning) for warning in policy_warnings(policy)]


def print_warnings(warnings: list[str]) -> None:
    """One line each."""
    for warning in warnings:
        OUT.print(f"[yellow]warning:[/yellow] {escape(warning)}", soft_wrap=True)


def _write(value: object) -> None:
    json.dump(value, sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")
