"""Runs with stored checkpoints, also as a process of its own that dies in a stage."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

from kyc_service.bootstrap import loaded_pipeline
from kyc_service.decision.report import Report, report_to_json
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.clients import FIRST_CLIENT
from kyc_service.domain.verification import UseCase, VerificationStatus
from kyc_service.places import PlaceBook
from kyc_service.settings import Settings
from kyc_service.storage.database import Database
from kyc_service.storage.keys import DataKey, WrappedKey
from kyc_service.storage.records import VerificationRecord
from kyc_service.verification.checkpoints_stored import StoredCheckpoints
from kyc_service.verification.submission import Submission
from kyc_service.verification.trail import Trail
from tests.verification.test_applicants import CASES
from tests.verification.test_applicants import submission as sample
from tests.verification.test_pipeline import NOW, engines, pipeline, submission

ROOT = Path(__file__).parents[2]
VERIFICATION = "ver_1"
KEY = DataKey(VERIFICATION, b"k" * 32)
OVERRAN = 70
LIMIT_S = 2.0
_LATER_S = 0.4
"""Long enough for what is finished to be written."""


def with_verification(database: Database) -> Database:
    record = VerificationRecord(
        id=VERIFICATION,
        client_id=FIRST_CLIENT,
        version=1,
        status=VerificationStatus.PROCESSING,
        use_case=UseCase.ONBOARDING,
        tier="standard",
        attempt=1,
        policy_version=None,
        claims=None,
        last_error=None,
        created_at=NOW,
        updated_at=NOW,
        redacted_at=None,
    )
    with database.transaction() as tx:
        tx.verifications.add(record, WrappedKey(b"wrapped", "0" * 16))
    return database


def checkpoints(database: Database, limit_s: float = 60.0) -> StoredCheckpoints:
    return StoredCheckpoints(database, KEY, VERIFICATION, 1, lambda: os._exit(OVERRAN), limit_s)


def kept(database: Database) -> dict[str, bool]:
    """Of each stage that was begun, whether its result is kept."""
    with database.transaction() as tx:
        return {name.split("@")[0]: row.sealed is not None for name, row in tx.stages.of(VERIFICATION, 1).items()}


def null_submission() -> Submission:
    return submission(CaptureKind.DOCUMENT_FRONT, CaptureKind.DOCUMENT_BACK, CaptureKind.SELFIE)


def real_submission() -> Submission:
    return sample(CASES["challenge_answered"])


def said(report: Report) -> dict[str, Any]:
    """All of a report that does not change from run to run."""
    return {k: v for k, v in report_to_json(report).items() if k not in {"id", "timings_ms"}}


class Ran:
    """Which stages are run, in the place of ``Trail.attempt``; ``instead`` is called before the stage it is for."""

    def __init__(self, instead: dict[str, Callable[[], None]] | None = None) -> None:
        self.stages: list[str] = []
        self._attempt = Trail.attempt
        self._instead = instead or {}

    def attempt(self, trail: Trail, stage: str, *given: Any) -> Any:
        self.stages.append(stage)
        self._instead.get(stage, lambda: None)()
        return self._attempt(trail, stage, *given)

    def watch(self, put: Callable[[Any, str, Any], None]) -> Ran:
        put(Trail, "attempt", lambda trail, *given: self.attempt(trail, *given))  # noqa: PLW0108 - only a function is bound
        return self


def _kill() -> None:
    time.sleep(_LATER_S)
    os.kill(os.getpid(), signal.SIGKILL)


_DEATHS = {"kill": _kill, "exit": lambda: os._exit(9), "hang": lambda: time.sleep(60)}


def main(url: str, which: str, stage: str, death: str) -> None:
    """Run with checkpoints and die in ``stage``; the selfie's face takes its time."""
    slow = {"selfie.face": lambda: time.sleep(_LATER_S)} if death == "exit" else {}
    Ran(slow | {stage: _DEATHS[death]}).watch(setattr)
    database = Database.connect(url)
    checkpoints_ = checkpoints(database, LIMIT_S if death == "hang" else 60.0)
    if which == "null":
        with ThreadPoolExecutor(2) as branches:
            pipeline(engines(PlaceBook()), branches).run(replace(null_submission(), checkpoints=checkpoints_))
    else:
        with loaded_pipeline(Settings(_env_file=None, models_dir=ROOT / "models")) as loaded:
            loaded.run(replace(real_submission(), checkpoints=checkpoints_))


if __name__ == "__main__":
    main(*sys.argv[1:])
