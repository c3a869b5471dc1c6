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
from kyc_service.verification.idempotency import Once
from kyc_service.verification.memory import Seen
from kyc_service.verification.service import VerificationService
from kyc_service.verification.steps import NewVerification
from kyc_service.verification.submissions import verify_at_once
from kyc_service.verification.use_cases import list_verifications, read_verification

pytestmark = [pytest.mark.integration, pytest.mark.e2e]

ROOT = Path(__file__).parents[2]
VICTIM = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.claims import Claims
from kyc_service.domain.verification import UseCase
from kyc_service.imaging.clip import decode_clip
from kyc_service.imaging.decode import decode
from kyc_service.observability.metrics import Metrics
from kyc_service.storage.blobs import FileBlobStore
from kyc_service.storage.database import Database
from kyc_service.storage.master_key import create_master_key
from kyc_service.verification.capacity import Capacity
from kyc_service.verification.idempotency import Once
from kyc_service.verification.known_traces import KnownTraces
from kyc_service.verification.service import VerificationService
from kyc_service.verification.steps import NewVerification
from kyc_service.domain.claims import Device
from kyc_service.verification import submissions
from kyc_service.verification.memory import Seen
from kyc_service.verification.submissions import verify_at_once
from tests.conftest import NullPipeline

root, picture, when = Path(sys.argv[1]), Path(sys.argv[3]).read_bytes(), sys.argv[4]
remember = submissions.remember

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

submissions.remember = remember_and_die
work, checks = Capacity(at_work=1, waiting=0, retry_after_s=1), Capacity(at_work=1, waiting=0, retry_after_s=1)
service = VerificationService(
    Database.connect(sys.argv[2]), FileBlobStore(root / "blobs"), create_master_key(root / "keys" / "master.key"), Dies(),
    decode, decode_clip, None, KnownTraces.of("none"), lambda: frozenset({(UseCase.ONBOARDING, "standard")}), work,
    checks, Metrics(), lambda: datetime.now(UTC),
)
new = NewVerification(UseCase.ONBOARDING, "standard", Claims(full_name="a", device=Device("d")), "victim")
once = Once(b"key", b"request", lambda view: b"answer")
verify_at_once(service, new, {CaptureKind.DOCUMENT_FRONT: picture, CaptureKind.SELFIE: picture}, once)
"""


@pytest.mark.parametrize("when", ["at once", "once it looked back", "before the verdict is kept"])
def test_a_submission_cut_off_by_a_kill_is_done_once(
    service: VerificationService,
    pipeline: Any,
    picture: Any,
    data_dir: Path,
    tmp_path: Path,
    postgres_url: str,
    when: str,
) -> None:
    (tmp_path / "picture").write_bytes(picture())
    arguments = [str(data_dir), postgres_url, str(tmp_path / "picture"), when]
    done = subprocess.run([sys.executable, "-c", VICTIM, *arguments], check=False, timeout=60, cwd=ROOT)
    assert done.returncode == -9
    (left,), _ = list_verifications(service, limit=9)
    assert left.status is VerificationStatus.PROCESSING
    assert read_verification(service, left.id).report is None

    histories: list[History] = []
    pipeline.work = lambda submission: histories.append(submission.memory.history(Seen(None, None, None, 0.9)))
    new = NewVerification(UseCase.ONBOARDING, "standard", Claims(full_name="a", device=Device("d")), "tester")
    view = verify_at_once(service, new, {}, Once(b"key", b"request", lambda _: b"answer"))
    assert (view.record.id, view.record.status, view.record.attempt) == (left.id, VerificationStatus.IN_REVIEW, 1)
    assert view.report is not None
    assert len(list_verifications(service, limit=9)[0]) == 1
    assert len(pipeline.seen) == 1

    pictures = {CaptureKind.DOCUMENT_FRONT: picture(), CaptureKind.SELFIE: picture()}
    verify_at_once(service, new, pictures)
    resumed, later = ({(c.attempts, c.identities) for c in history.counts} for history in histories)
    assert resumed == {(0, 0)}
    assert later == {(1, 0)}
