"""How long ``kyc policy simulate`` takes on stored reports: the whole command, from its start to its page.

``make bench-simulation`` fills an embedded PostgreSQL with synthetic reports, each sealed under
a key of its own as real ones are, and calls the command with one process and with one for
each core. Synthetic: scores lie on both sides of the shipped policy's limits, one report
weighs about what a real one does.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy
from rich.console import Console
from rich.progress import track
from rich.table import Table

from kyc_service.decision.known_scores import KNOWN_SCORES
from kyc_service.decision.policy import Direction, Policy, ScoreRule
from kyc_service.decision.report import Report, report_to_json
from kyc_service.decision.verdict import Question, decide
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.checks import CheckName
from kyc_service.domain.claims import Claims, DocumentType
from kyc_service.domain.facts import Facts
from kyc_service.domain.measurements import Evidence, Finding, Measurement, Region, Score
from kyc_service.domain.reasons import CATALOGUE, Reason
from kyc_service.domain.verification import UseCase, next_status
from kyc_service.policies.installation import Installation
from kyc_service.policies.load import DEFAULT_POLICY
from kyc_service.storage.database import Database
from kyc_service.storage.ids import new_id
from kyc_service.storage.keys import MasterKey
from kyc_service.storage.master_key import create_master_key
from kyc_service.storage.opening import opened_database
from kyc_service.storage.reports import report_purpose
from kyc_service.storage.tables import DataKeyRow, ReportRow, VerificationRow

ERR = Console(stderr=True)
KYC = Path(sys.executable).with_name("kyc")
NOW = datetime(2026, 11, 23, tzinfo=UTC)
KINDS = 400
"""So many reports differ in what was measured; the others repeat them under ids and keys of their own."""
BATCH = 250
WRONG = 0.012
"""Share of rules and checks that turn out badly, each: about every second report has something to it."""


def main() -> None:
    """Fill, measure, print, write."""
    given = _arguments()
    with tempfile.TemporaryDirectory(dir=given.folder) as folder:
        at = Installation.of(given.models, None)
        sizes = _fill(Path(folder), at.shipped(), given.reports)
        new = Path(folder) / "new.yaml"
        new.write_text(stricter(DEFAULT_POLICY.read_text("utf-8")), encoding="utf-8")
        runs = [_run(Path(folder), new, jobs) for jobs in sorted({1, os.cpu_count() or 1})]
    result = {"reports": given.reports, "cores": os.cpu_count(), "median_report_bytes": sizes, "runs": runs}
    _print(result)
    given.json.parent.mkdir(parents=True, exist_ok=True)
    given.json.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=10_000)
    parser.add_argument("--models", type=Path, default=Path("models"))
    parser.add_argument("--folder", type=Path, default=None, help="where the database lies meanwhile")
    parser.add_argument("--json", type=Path, default=Path("out/bench-simulation.json"))
    return parser.parse_args()


def stricter(text: str) -> str:
    """The shipped policy under another version, with a few limits and actions changed."""
    lines = [
        "version: bench"
        if line.startswith("version:")
        else line.replace("fmr: 1.0e-4, reason: face_match_uncertain", "fmr: 1.0e-5, reason: face_match_uncertain")
        for line in text.splitlines()
    ]
    return "\n".join(lines).replace("  position_stale: review", "  position_stale: none") + "\n"


def _fill(folder: Path, policy: Policy, count: int) -> float:
    """Write ``count`` reports; the median size of their JSON in bytes."""
    key = create_master_key(folder / "keys" / "master.key")
    kinds = [_synthetic(policy, random.Random(seed)) for seed in range(KINDS)]  # noqa: S311 - a benchmark is no secret
    sizes: list[int] = []
    with opened_database(None, folder / "postgres", 2) as database:
        for start in track(range(0, count, BATCH), "Writing synthetic reports", console=ERR):
            some = range(start, min(start + BATCH, count))
            sizes += _write(database, key, [kinds[number % KINDS] for number in some])
    return statistics.median(sizes)


def _write(database: Database, key: MasterKey, reports: list[Report]) -> Iterator[int]:
    rows: dict[type[Any], list[dict[str, Any]]] = {VerificationRow: [], DataKeyRow: [], ReportRow: []}
    sizes = []
    for kind in reports:
        report = replace(kind, id=new_id("rep"), verification_id=new_id("ver"))
        content = json.dumps(report_to_json(report), ensure_ascii=False).encode()
        data_key, wrapped = key.new_data_key(report.verification_id)
        sizes.append(len(content))
        rows[VerificationRow].append(_verification(report))
        rows[DataKeyRow].append({"verification_id": report.verification_id, "wrapped": wrapped})
        rows[ReportRow].append(
            {
                "verification_id": report.verification_id,
                "attempt": 1,
                "id": report.id,
                "verdict": report.verdict.value,
                "schema_version": report.schema_version,
                "ciphertext": data_key.seal(content, report_purpose(1)),
                "created_at": NOW,
            }
        )
    with database.engine.begin() as connection:
        for table, values in rows.items():
            connection.execute(sqlalchemy.insert(table), values)
    return iter(sizes)


def _verification(report: Report) -> dict[str, Any]:
    return {
        "id": report.verification_id,
        "status": next_status(report.verdict).value,
        "use_case": report.question.use_case.value,
        "tier": report.question.tier,
        "attempt": 1,
        "policy_version": report.policy_version,
        "created_at": NOW,
        "updated_at": NOW,
    }


def _synthetic(policy: Policy, chance: random.Random) -> Report:
    measurements = list(_measured(policy, chance))
    question = Question(UseCase.ONBOARDING, "standard", DocumentType.CN_RESIDENT_IDENTITY_CARD, 1)
    return Report(
        id="",
        verification_id="",
        created_at=NOW,
        service_version="0",
        question=question,
        decision=decide(measurements, policy, question),
        policy=policy,
        captures=(),
        claims=Claims(full_name="Synthetic"),
        document=None,
        facts=Facts(),
        models={f"model_{number}": "0" * 64 for number in range(20)},
        timings_ms={f"stage_{number}": 1.0 for number in range(30)},
    )


def _measured(policy: Policy, chance: random.Random) -> Iterator[Measurement]:
    for check in CheckName:
        if check in (CheckName.CROSS_CHECKS, CheckName.COMBINATIONS):
            continue
        for score in sorted(KNOWN_SCORES.get(check, ())):
            rules = [rule for rule in policy.scores if (rule.check, rule.score) == (check, score)]
            # Age has limits on both sides.
            native = _native(rules, chance) if rules and check is not CheckName.AGE else chance.uniform(20, 70)
            yield Score(check, score, native, 50.0, "model", evidence=_evidence(policy, check, chance))
        if check not in KNOWN_SCORES or check not in {rule.check for rule in policy.scores}:
            reasons = (_reason(check, chance),) if chance.random() < WRONG else ()
            yield Finding(check, reasons, evidence=_evidence(policy, check, chance))


def _native(rules: list[ScoreRule], chance: random.Random) -> float:
    limits = [limit for rule in rules for limit in (rule.consider, rule.reject) if limit is not None]
    is_higher = limits[0].direction is Direction.HIGHER_IS_BETTER
    hardest = (max if is_higher else min)(limit.value for limit in limits)
    good = hardest + (1 if is_higher else -1) * abs(hardest or 1.0) * chance.uniform(0.0, 0.6)
    bad = hardest - (1 if is_higher else -1) * abs(hardest or 1.0) * chance.uniform(0.0, 0.6)
    return bad if chance.random() < WRONG else good


def _reason(check: CheckName, chance: random.Random) -> Reason:
    milder = [reason for reason in CATALOGUE if reason.value.startswith(check.value.rsplit(".", 1)[-1][:5])]
    return chance.choice(milder or [Reason.NAME_MATCHES_NORMALISED])


def _evidence(policy: Policy, check: CheckName, chance: random.Random) -> Evidence:
    values: dict[str, Any] = {"source": "applicant", "note": "as much text as evidence has", "n": chance.random()}
    for rule in policy.values:
        if rule.check is check:
            accepted = [value for value, reason in rule.listed.items() if reason is None]
            values[rule.value] = accepted[0] if accepted else "any"
    corners = ((10.5, 20.5), (310.5, 20.5), (310.5, 220.5), (10.5, 220.5))
    regions = tuple(Region(CaptureKind.DOCUMENT_FRONT, corners, f"part {number}") for number in range(2))
    return Evidence(regions if check.value.startswith(("document", "face")) else (), values)


def _run(folder: Path, new: Path, jobs: int) -> dict[str, Any]:
    """The whole command, its page included."""
    environment = {**os.environ, "KYC_DATA_DIR": str(folder), "KYC_MASTER_KEY_FILE": str(folder / "keys/master.key")}
    page = folder / "page.html"
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    started = time.perf_counter()
    done = subprocess.run(
        [str(KYC), "policy", "simulate", str(new), "--json", "--html", str(page), "--jobs", str(jobs)],
        env=environment,
        stdout=subprocess.PIPE,
        check=True,
    )
    seconds = time.perf_counter() - started
    found = json.loads(done.stdout)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return {
        "jobs": jobs,
        "seconds": round(seconds, 2),
        "reports_per_s": round(found["reports"] / seconds),
        "largest_process_mib": round(max(before, peak) / 1024),
        "changed": found["changed"],
        "reproduced": found["reproduced"]["same"],
        "refused": len(found["refused"]),
        "matrix": found["matrix"],
    }


def _print(result: dict[str, Any]) -> None:
    Console().print(
        f"{result['reports']} reports of {result['median_report_bytes'] / 1024:.0f} KiB, {result['cores']} cores"
    )
    table = Table(box=None, pad_edge=False, header_style="dim")
    names = ("jobs", "seconds", "reports_per_s", "largest_process_mib", "changed", "reproduced", "refused")
    for name in names:
        table.add_column(name.replace("_", " "), justify="right")
    for run in result["runs"]:
        table.add_row(*(str(run[name]) for name in names))
    Console().print(table)


if __name__ == "__main__":
    main()
