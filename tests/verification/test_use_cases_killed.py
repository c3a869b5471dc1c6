"""What a process that is killed in the middle of a submission leaves behind."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.claims import Claims, Device
from kyc_service.domain.history import History
from kyc_service.domain.verification import UseCase, VerificationStatus
from kyc_service.verification.deciding import Decider, decide_submission
from kyc_service.verification.memory import Seen
from kyc_service.verification.steps import NewVerification
from kyc_service.verification.submissions import verify_at_once
from kyc_service.verification.use_cases import read_verification
from tests.conftest import CALLER

pytestmark = [pytest.mark.integration, pytest.mark.e2e]

ROOT = Path(__file__).parents[2]
VICTIM = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from kyc_service.observability.metrics import Metrics
from kyc_service.storage.blobs import FileBlobStore
from kyc_service.storage.database import Database
from kyc_service.storage.master_key import create_master_key
from kyc_service.verification import deciding
from kyc_service.verification.deciding import Decider, decide_submission
from kyc_service.verification.known_traces import KnownTraces
from kyc_service.verification.memory import Seen
from kyc_service.verification.service import VerificationService
from tests.conftest import NullPipeline

root, verification_id, when = Path(sys.argv[1]), sys.argv[3], sys.argv[4]
remember = deciding.remember

def die():
    os.kill(os.getpid(), signal.SIGKILL)

class Dies:
    def run(self, submission):
        if when == "at once":
            die()
        submission.memory.history(Seen(None, None, None, 0.9))
        if when == "once it looked back":
            die()
        return NullPipeline().run(submission)

def remember_and_die(*given):
    remember(*given)
    die()

deciding.remember = remember_and_die
service = VerificationService(
    Database.connect(sys.argv[2]), FileBlobStore(root / "blobs"), create_master_key(root / "keys" / "master.key"),
    None, None, None, KnownTraces.of("none"), None, None, None, Metrics(), lambda: datetime.now(UTC),
)
decide_submission(Decider(service, Dies()), verification_id, 1)
"""


@pytest.mark.parametrize("when", ["at once", "once it looked back", "before the verdict is kept"])
def test_a_submission_cut_off_by_a_kill_is_done_once(
    decider: Decider, pipeline: Any, picture: Any, data_dir: Path, postgres_url: str, when: str
) -> None:
    service = decider.service
    new = NewVerification(UseCase.ONBOARDING, "standard", Claims(full_name="a", device=Device("d")), CALLER)
    pictures = {CaptureKind.DOCUMENT_FRONT: picture(), CaptureKind.SELFIE: picture()}
    left = verify_at_once(service, new, pictures).record
    arguments = [str(data_dir), postgres_url, left.id, when]
    done = subprocess.run([sys.executable, "-c", VICTIM, *arguments], check=False, timeout=60, cwd=ROOT)
    assert done.returncode == -9
    cut_off = read_verification(service, left.id, CALLER)
    assert cut_off.record.status is VerificationStatus.PROCESSING
    assert cut_off.report is None

    histories: list[History] = []
    pipeline.work = lambda submission: histories.append(submission.memory.history(Seen(None, None, None, 0.9)))
    decide_submission(decider, left.id, 1)
    view = read_verification(service, left.id, CALLER)
    assert (view.record.status, view.record.attempt) == (VerificationStatus.IN_REVIEW, 1)
    assert view.report is not None
    assert len(pipeline.seen) == 1

    later_one = verify_at_once(service, new, pictures).record
    decide_submission(decider, later_one.id, 1)
    resumed, later = ({(c.attempts, c.identities) for c in history.counts} for history in histories)
    assert resumed == {(0, 0)}
    assert later == {(1, 0)}
