"""``kyc policy explain``: why a verdict, and the smallest changes that would have given another."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

from kyc_service.cli.output import ERR, OUT
from kyc_service.cli.policy_desk import database, installation, known_policies, master_key, policy_in
from kyc_service.errors import InvalidInput

if TYPE_CHECKING:
    from kyc_service.decision.policy import Policy
    from kyc_service.policies.installation import Installation
    from kyc_service.storage.database import Database


class PolicyNotAtHand(InvalidInput):
    """The policy of the report is not at hand."""

    code = "policy_not_at_hand"


def explain(
    report: Annotated[str, typer.Argument(help="A report's JSON file, or the id of a verification in the database.")],
    policy: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="Explain what this policy says, whatever decided at the time."),
    ] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Write the explanation as JSON to stdout.")] = False,
) -> None:
    """Say why a verdict was reached, and what would have had to be otherwise."""
    from kyc_service.storage.ids import is_verification_id

    at = installation()
    if is_verification_id(report):
        with database() as opened:
            body = _stored(report, opened)
            judge = policy_in(policy, at) if policy else _policy_of(body, known_policies(at, opened))
    else:
        body = _written(Path(report))
        judge = policy_in(policy, at) if policy else _find(body, at)
    _tell(body, judge, as_json=as_json)


def _tell(body: dict[str, Any], policy: Policy, *, as_json: bool) -> None:
    from kyc_service.decision.explain import explain as explained
    from kyc_service.decision.plain import plain
    from kyc_service.decision.report_reading import measurements_from_report, question_from_report
    from kyc_service.decision.wording import sentences

    found = explained(measurements_from_report(body), policy, question_from_report(body))
    if found.verdict.value != body.get("verdict"):
        ERR.print(
            f"The report says {body.get('verdict')}; {policy.name} {policy.version} says {found.verdict}.", markup=False
        )
    if as_json:
        named = {"name": policy.name, "version": policy.version, "sha256": policy.sha256}
        json.dump({"policy": named, "explanation": plain(found)}, sys.stdout, ensure_ascii=False, indent=2)
        sys.stdout.write("\n")
        return
    OUT.print(f"[dim]by {escape(policy.name)} {escape(policy.version)}, sha256 {policy.sha256[:12]}[/dim]")
    for line in sentences(found):
        OUT.print(line, markup=False, soft_wrap=True)


def _stored(verification_id: str, opened: Database) -> dict[str, Any]:
    from kyc_service.policies.stored_reports import read_stored
    from kyc_service.storage.reports import SealedReport

    key = master_key(opened)
    with opened.transaction() as tx:
        found = tx.reports.latest(verification_id)
        wrapped = tx.verifications.wrapped_key(verification_id)
    return read_stored(SealedReport(verification_id, found.attempt, found.ciphertext, wrapped), key)


def _written(path: Path) -> dict[str, Any]:
    from kyc_service.policies.stored_reports import read_stored, written_reports

    return read_stored(next(written_reports(path)), None)


def _find(body: dict[str, Any], at: Installation) -> Policy:
    """The report's policy: the database is opened only where the installation's own files do not hold it."""
    known = known_policies(at, None)
    if _named(body)[2] in known:
        return _policy_of(body, known)
    with database() as opened:
        return _policy_of(body, known_policies(at, opened))


def _policy_of(body: dict[str, Any], known: dict[str, Policy]) -> Policy:
    name, version, sha256 = _named(body)
    if sha256 in known:
        return known[sha256]
    message = (
        f"The report was decided by {name} {version} (sha256 {sha256[:12]}), which is not at hand here with the "
        "calibrations of that time: draft it, or name a policy with --policy."
    )
    raise PolicyNotAtHand(message)


def _named(body: dict[str, Any]) -> tuple[str, str, str]:
    from kyc_service.decision.report_reading import ReportUnreadable

    try:
        named = body["policy"]
        return str(named["name"]), str(named["version"]), str(named["sha256"])
    except (KeyError, TypeError) as error:
        raise ReportUnreadable from error
