"""Versions of policies on the command line: draft, list, show, activate, rollback, shadow, shadow-report."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.table import Table

from kyc_service.cli.output import OUT
from kyc_service.cli.policy_check import print_warnings, warnings_of
from kyc_service.cli.policy_desk import database, installation, policy_in, text_in
from kyc_service.cli.policy_simulate import matrix_table

if TYPE_CHECKING:
    from kyc_service.policies.versions import Change
    from kyc_service.storage.database import Transaction

By = Annotated[str, typer.Option(help="Who does this; kept for good.")]
Because = Annotated[str, typer.Option(help="Why; kept for good.")]
Reference = Annotated[str, typer.Argument(help="NAME@VERSION; kyc policy list names them.")]

_MOST_NAMED: Final = 20


def draft(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="The policy, as YAML.")], by: By
) -> None:
    """Keep a policy as the version that it names, for ever; it decides nothing yet."""
    from kyc_service.policies.versions import draft as drafted

    at = installation()
    policy_in(file, at)
    with database() as opened:
        version, is_new = drafted(opened, text_in(file), by, datetime.now(UTC), at.resolve)
    said = "drafted" if is_new else "was there already, with the same content"
    OUT.print(f"{version.name}@{version.version} {said}, sha256 of its text {version.sha256[:12]}", markup=False)


def list_() -> None:
    """List every version, and what it is used for."""
    from kyc_service.storage.policies import PolicyRole

    with database() as opened, opened.transaction() as tx:
        versions, uses = tx.policies.versions(), tx.policies.in_use()
    table = Table(box=None, pad_edge=False, header_style="dim")
    for column in ("version", "in use as", "drafted", "by", "sha256 of its text"):
        table.add_column(column)
    for version in versions:
        roles = [role.value for role, use in uses.items() if use.key == (version.name, version.version)]
        table.add_row(
            f"{version.name}@{version.version}",
            ", ".join(sorted(roles)),
            f"{version.created_at:%Y-%m-%d %H:%M} UTC",
            version.author,
            version.sha256[:12],
        )
    OUT.print(table, markup=False)
    active = uses.get(PolicyRole.ACTIVE)
    if active is None or active.key is None:
        own = installation().own()
        OUT.print(f"None is active: the installation's own decides, {own.name} {own.version}.", markup=False)


def show(version: Reference) -> None:
    """Print the text of a version as it was drafted, and on stderr who used it for what."""
    from kyc_service.cli.output import ERR
    from kyc_service.policies.versions import parse_reference
    from kyc_service.storage.policies import PolicyRole

    key = parse_reference(version)
    with database() as opened, opened.transaction() as tx:
        found = tx.policies.get(*key)
        uses = [use for role in PolicyRole for use in tx.policies.uses(role) if use.key == key]
    ERR.print(
        f"{version}, drafted {found.created_at:%Y-%m-%d %H:%M} UTC by {found.author}, sha256 {found.sha256}",
        markup=False,
        soft_wrap=True,
    )
    for use in sorted(uses, key=lambda one: one.at):
        ERR.print(
            f"  {use.role} from {use.at:%Y-%m-%d %H:%M} UTC, by {use.actor}: {use.reason}", markup=False, soft_wrap=True
        )
    typer.echo(found.text, nl=not found.text.endswith("\n"))


def activate(version: Reference, by: By, because: Because) -> None:
    """Let a version decide, from the next submission on; running services take it up by themselves."""
    from kyc_service.policies.versions import activate as activated
    from kyc_service.policies.versions import parse_reference

    key, at = parse_reference(version), installation()
    with database() as opened:
        policy = activated(opened, *key, _change(by, because), at.resolve)
    OUT.print(f"Active: {policy.name}@{policy.version} (sha256 {policy.sha256[:12]})", markup=False)
    print_warnings(warnings_of(policy))


def rollback(by: By, because: Because) -> None:
    """Go back to the version that was active before; from the first one, to the installation's own policy."""
    from kyc_service.policies.versions import rollback as rolled_back

    at = installation()
    with database() as opened:
        policy = rolled_back(opened, _change(by, because), at.resolve)
    if policy is None:
        own = at.own()
        OUT.print(f"Active: the installation's own, {own.name} {own.version}", markup=False)
    else:
        OUT.print(f"Active: {policy.name}@{policy.version} (sha256 {policy.sha256[:12]})", markup=False)


def shadow(
    by: By,
    because: Because,
    version: Annotated[str | None, typer.Argument(help="NAME@VERSION; kyc policy list names them.")] = None,
    *,
    off: Annotated[bool, typer.Option("--off", help="Ask no shadow any longer.")] = False,
) -> None:
    """Let a version say what it would have said of every submission; nothing comes of its answer."""
    from kyc_service.policies.versions import end_shadow, parse_reference
    from kyc_service.policies.versions import shadow as shadowed

    if off == (version is not None):
        raise typer.BadParameter("Give either NAME@VERSION or --off.")
    change = _change(by, because)
    if version is None:
        with database() as opened:
            ended = end_shadow(opened, change)
        OUT.print(f"No shadow any longer; it was {ended[0]}@{ended[1]}", markup=False)
        return
    key, at = parse_reference(version), installation()
    with database() as opened:
        policy = shadowed(opened, *key, change, at.resolve)
    OUT.print(f"Shadow: {policy.name}@{policy.version} (sha256 {policy.sha256[:12]})", markup=False)


def shadow_report(
    version: Annotated[str | None, typer.Argument(help="NAME@VERSION (default: the shadow in use).")] = None,
) -> None:
    """Count what the active policy and a shadow said of the same submissions."""
    from kyc_service.domain.outcome import Verdict
    from kyc_service.storage.policies import said_of

    with database() as opened, opened.transaction() as tx:
        name, number = _shadow_meant(tx, version)
        counts = tx.policies.shadow_counts(name, number)
        differing = tx.policies.shadow_disagreements(name, number, _MOST_NAMED)
    columns: list[Verdict | None] = [*Verdict, None]
    matrix = {
        active.value: {said_of(shadowed): counts.get((active, shadowed), 0) for shadowed in columns}
        for active in Verdict
    }
    total = sum(counts.values())
    agreed = sum(count for (active, shadowed), count in counts.items() if active is shadowed)
    OUT.print(f"{name}@{number}: {total} submissions, the same verdict on {agreed}.", markup=False)
    OUT.print(matrix_table(matrix, "active", "shadow"))
    for verification_id, attempt in differing:
        OUT.print(f"  {verification_id}, attempt {attempt}", markup=False)


def _shadow_meant(tx: Transaction, version: str | None) -> tuple[str, str]:
    from kyc_service.policies.versions import NoShadowInUse, parse_reference
    from kyc_service.storage.policies import PolicyRole

    if version is not None:
        # A mistyped one is refused: none of its submissions would look like a shadow that nobody asked.
        found = tx.policies.get(*parse_reference(version))
        return found.name, found.version
    use = tx.policies.in_use().get(PolicyRole.SHADOW)
    if use is None or use.key is None:
        raise NoShadowInUse("No shadow policy is in use; name one as NAME@VERSION.")
    return use.key


def _change(by: str, because: str) -> Change:
    from kyc_service.policies.versions import Change

    return Change(by, because, datetime.now(UTC))
