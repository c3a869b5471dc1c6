"""A worker whose pipeline only looks like one: ``python -m benchmarks.service.stand_in 0.2`` takes 0.2 s a submission.

Everything but the models is the service's own. A sample applicant's verdict is the one of the
manifest, anything else goes to review.
"""

from __future__ import annotations

import hashlib
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from kyc_service.bootstrap import Rules, open_worker
from kyc_service.cli.worker import run_until_told
from kyc_service.decision.policy import Policy
from kyc_service.decision.report import CaptureRecord, Report
from kyc_service.decision.verdict import Decision, Question
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.facts import Facts
from kyc_service.domain.outcome import Verdict
from kyc_service.domain.reasons import Reason
from kyc_service.domain.verification import UseCase
from kyc_service.observability.logs import configure_logs
from kyc_service.sandbox.samples import load_samples
from kyc_service.settings import Settings
from kyc_service.storage.database import Database
from kyc_service.storage.ids import new_id
from kyc_service.verification.service import VerificationPipeline
from kyc_service.verification.submission import Submission

POLICY = Policy("stand_in", "2026-01", "0" * 64, "UTC", 9, {}, (), (), (), {})
VERDICTS = {front: sample.verdict for front, sample in load_samples().items()}


@dataclass(frozen=True, slots=True)
class StandIn:
    """Takes ``takes_s`` for each submission, computing nothing."""

    takes_s: float
    work: Callable[[float], object] = threading.Event().wait

    def run(self, submission: Submission) -> Report:
        """The report of a sample applicant's expected verdict."""
        self.work(self.takes_s)
        front = hashlib.sha256(submission.captures[CaptureKind.DOCUMENT_FRONT]).hexdigest()
        verdict = next((verdict for known, verdict in VERDICTS.items() if known == front), Verdict.REVIEW)
        is_retake = verdict is Verdict.RETAKE
        reasons = {Verdict.RETAKE: (Reason.FACE_BLURRED,), Verdict.APPROVE: ()}.get(verdict, (Reason.NAME_MISMATCH,))
        unusable = frozenset({CaptureKind.SELFIE}) if is_retake else frozenset[CaptureKind]()
        return Report(
            id=new_id("rep"),
            verification_id=submission.verification_id,
            created_at=submission.now,
            service_version="0",
            question=Question(submission.use_case, submission.tier, None, submission.attempt),
            decision=Decision(verdict=verdict, checks=(), unusable=unusable, reasons=reasons),
            policy=POLICY,
            captures=tuple(
                CaptureRecord(kind, hashlib.sha256(data).hexdigest(), "image/jpeg", 96, 64, len(data), {})
                for kind, data in submission.captures.items()
            ),
            claims=submission.claims,
            document=None,
            facts=Facts(),
            models={},
            timings_ms={"total": self.takes_s * 1000},
        )


def rules(_: Settings, __: Database) -> Rules:
    """One tier for every use case."""
    return Rules(lambda: frozenset((use_case, "standard") for use_case in UseCase), "stand_in")


def computing(seconds: float) -> None:
    """Use the processor for so long, so that two on one core take twice the time."""
    until = time.thread_time() + seconds
    while time.thread_time() < until:
        hashlib.sha256(b"0" * 4096).digest()


def main() -> None:
    """Work until told to stop."""
    takes_s = float(sys.argv[1])
    # Not time.sleep, which fails where a library stands between it and the clock.
    work = computing if "computing" in sys.argv else threading.Event().wait

    @contextmanager
    def pipeline(_: Settings, __: Database) -> Iterator[VerificationPipeline]:
        yield StandIn(takes_s, work)

    configure_logs("warning")
    with open_worker(Settings(_env_file=None), rules, pipeline) as worker:
        run_until_told(worker, lambda: False)


if __name__ == "__main__":
    main()
