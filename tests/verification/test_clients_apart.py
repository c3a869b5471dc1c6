"""What one client knows of its applicants, another never meets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from kyc_service.decision.report import Traces
from kyc_service.decision.verdict import Check, RaisedReason
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.checks import CheckName
from kyc_service.domain.clients import Caller, ClientMode
from kyc_service.domain.history import Subject
from kyc_service.domain.outcome import Action, Outcome
from kyc_service.domain.reasons import Reason
from kyc_service.verification.blocklist import block_face
from kyc_service.verification.deciding import Decider, decide_submission
from kyc_service.verification.lockout import FAILURES
from kyc_service.verification.memory import Memory, Seen
from kyc_service.verification.submission import Submission
from kyc_service.verification.submissions import verify_at_once
from tests.conftest import CALLER, OTHER_CLIENT, picture_bytes
from tests.verification.test_use_cases import FRONT, NEW, SELFIE

pytestmark = pytest.mark.integration

OTHERS = Caller(OTHER_CLIENT, ClientMode.LIVE, "key:other")
FACE = np.full(128, 128**-0.5, np.float32)
LOOK = bytes([7] * 32)
FAILED = Check(
    CheckName.LIVENESS_CHALLENGE,
    Outcome.REJECTED,
    is_required=True,
    reasons=(RaisedReason(Reason.CHALLENGE_FLAT_FACE, Action.REVIEW),),
    judged=(),
)


@pytest.fixture
def decide(decider: Decider, pipeline: Any) -> Callable[..., str]:
    """Decides a submission of the same person, the same phone, device and file, to whichever client."""
    pipeline.traces = Traces(FACE.astype("<f4").tobytes(), "null_embedder", "110101199003071234", {SELFIE: LOOK})

    def decide(caller: Caller, work: Callable[[Submission], None] = lambda _: None) -> str:
        pipeline.work = work
        captures = {FRONT: picture_bytes(), SELFIE: picture_bytes((1, 2, 3))}
        view = verify_at_once(decider.service, replace(NEW, caller=caller), captures)
        decide_submission(decider, view.record.id, 1)
        return view.record.id

    return decide


def seen_by(memory: Memory) -> dict[str, object]:
    """All that is remembered of the one who asks."""
    sha256 = "0" * 64
    history = memory.history(Seen(None, None, FACE, 0.9))
    assert history is not None
    known = memory.faces_like(FACE, "another number")
    return {
        "face": known.elsewhere,
        "blocked": known.blocked,
        "look": memory.captures_like(CaptureKind.SELFIE, sha256, LOOK).fingerprints,
        "attempts": {count.attempts for count in history.counts if count.subject is not Subject.FACE},
        "paused": memory.is_paused((), FACE, 0.9),
    }


def test_what_one_client_knows_another_does_not(decide: Callable[..., str], decider: Decider, pipeline: Any) -> None:
    pipeline.checks = (FAILED,)
    for _ in range(FAILURES):
        last = decide(OTHERS)
    block_face(decider.service, last, "confirmed_fraud", OTHERS)
    pipeline.checks = ()
    found: list[dict[str, object]] = []
    for caller in (CALLER, OTHERS):
        decide(caller, lambda submission: found.append(seen_by(submission.memory)))  # type: ignore[arg-type]
    nothing, everything = found
    assert nothing == {"face": None, "blocked": None, "look": (), "attempts": {0}, "paused": False}
    assert everything["face"] is not None
    assert everything["blocked"] is not None
    assert everything["look"] != ()
    assert everything["paused"] is True
    assert everything["attempts"] != {0}
