"""What checkpoints cost: runs with and without them in turn, on one applicant, against the embedded PostgreSQL.

``python -m benchmarks.checkpoints`` prints JSON. Turns are paired, so that a machine whose
speed drifts slows both; ``overhead_ms`` is of the pairs' differences. ``mechanism_ms`` is
what the runs' own threads spent in checkpoints, stages' work taken off: what is left of
noise when the machine is busy.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import cv2

from kyc_service.bootstrap import loaded_pipeline
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.claims import Claims
from kyc_service.domain.clients import FIRST_CLIENT
from kyc_service.domain.verification import UseCase, VerificationStatus
from kyc_service.settings import Settings
from kyc_service.storage.database import Database
from kyc_service.storage.embedded import EmbeddedPostgres
from kyc_service.storage.ids import new_id
from kyc_service.storage.keys import DataKey, WrappedKey
from kyc_service.storage.records import VerificationRecord
from kyc_service.storage.schema import migrate
from kyc_service.verification.challenge_document import challenge_from_json
from kyc_service.verification.checkpoints import Checkpoints, RunCheckpoints, SetAside
from kyc_service.verification.checkpoints_stored import StoredCheckpoints
from kyc_service.verification.pipeline import Pipeline
from kyc_service.verification.submission import ChallengeAnswer, Submission

T = TypeVar("T")


def main() -> None:
    """Measure and print."""
    given = _arguments()
    cv2.setNumThreads(1)
    with (
        tempfile.TemporaryDirectory() as folder,
        _database(Path(folder)) as database,
        loaded_pipeline(Settings(models_dir=given.models)) as pipeline,
    ):
        print(json.dumps(measure(pipeline, database, _submission(given.applicant), given.runs), indent=2))  # noqa: T201


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=15, help="counted pairs")
    parser.add_argument("--applicant", type=Path, default=Path("fixtures/applicants/challenge_answered"))
    parser.add_argument("--models", type=Path, default=Path("models"))
    return parser.parse_args()


@dataclass(slots=True)
class _Timed:
    """Checkpoints whose own time is added up."""

    kept: Checkpoints
    spent_ms: float = 0.0
    _run: list[RunCheckpoints] = field(default_factory=list)

    @contextmanager
    def opened(self, fingerprint: str) -> Iterator[RunCheckpoints]:
        started = time.perf_counter()
        with self.kept.opened(fingerprint) as run:
            self._run = [run]
            self.spent_ms += (time.perf_counter() - started) * 1000
            yield self

    def through(self, stage: str, work: Callable[[], T]) -> T | SetAside:
        worked = 0.0

        def timed() -> T:
            nonlocal worked
            started = time.perf_counter()
            try:
                return work()
            finally:
                worked = time.perf_counter() - started

        started = time.perf_counter()
        try:
            return self._run[0].through(stage, timed)
        finally:
            self.spent_ms += (time.perf_counter() - started - worked) * 1000


def measure(pipeline: Pipeline, database: Database, given: Submission, runs: int) -> dict[str, object]:
    """Quantiles of pairs, the first of which is not counted."""
    without: list[float] = []
    overhead: list[float] = []
    spent: list[float] = []
    kept: dict[str, int] = {}
    for turn in range(runs + 1):
        timed = _Timed(_checkpoints(database, new_id("ver")))
        plain: Submission = given
        stored = replace(given, checkpoints=timed)
        took = {}
        for name, one in (("plain", plain), ("stored", stored))[:: 1 if turn % 2 else -1]:
            started = time.perf_counter()
            pipeline.run(one)
            took[name] = (time.perf_counter() - started) * 1000
        kept = _kept(database, timed.kept)
        if turn:
            without.append(took["plain"])
            overhead.append(took["stored"] - took["plain"])
            spent.append(timed.spent_ms)
    return {
        "runs": runs,
        "without_ms": _quartiles(without),
        "overhead_ms": _quartiles(overhead),
        "mechanism_ms": _quartiles(spent),
        "sealed_bytes": kept,
    }


def _quartiles(values: list[float]) -> dict[str, float]:
    low, middle, high = statistics.quantiles(values, n=4)
    return {"p25": round(low, 1), "p50": round(middle, 1), "p75": round(high, 1)}


def _kept(database: Database, kept: Checkpoints) -> dict[str, int]:
    """The size of every result, once all are written."""
    if not isinstance(kept, StoredCheckpoints):
        raise TypeError
    while True:
        with database.transaction() as tx:
            rows = tx.stages.of(kept.verification_id, kept.attempt)
        sizes = {name.split("@")[0]: len(row.sealed) for name, row in rows.items() if row.sealed is not None}
        if len(sizes) == len(rows):
            return sizes
        time.sleep(0.05)


def _checkpoints(database: Database, verification_id: str) -> StoredCheckpoints:
    now = datetime.now(UTC)
    record = VerificationRecord(
        id=verification_id,
        client_id=FIRST_CLIENT,
        version=1,
        status=VerificationStatus.PROCESSING,
        use_case=UseCase.ONBOARDING,
        tier="standard",
        attempt=1,
        policy_version=None,
        claims=None,
        last_error=None,
        created_at=now,
        updated_at=now,
        redacted_at=None,
    )
    with database.transaction() as tx:
        tx.verifications.add(record, WrappedKey(b"wrapped", "0" * 16))
    return StoredCheckpoints(database, DataKey(verification_id, b"k" * 32), verification_id, 1, lambda: None)


@contextmanager
def _database(folder: Path) -> Iterator[Database]:
    server = EmbeddedPostgres(folder)
    server.start()
    database = Database.connect(server.url)
    try:
        migrate(database.engine)
        yield database
    finally:
        database.close()
        server.close()


def _submission(folder: Path) -> Submission:
    names = {kind: next(folder.glob(f"{kind}.*"), None) for kind in CaptureKind}
    captures = {kind: path.read_bytes() for kind, path in names.items() if path is not None}
    challenge, now = folder / "challenge.json", datetime.now(UTC)
    answer = ChallengeAnswer(challenge_from_json(challenge.read_bytes()), now) if challenge.exists() else None
    return Submission("ver_1", captures, Claims(), UseCase.ONBOARDING, "standard", 1, now, answer)


if __name__ == "__main__":
    main()
