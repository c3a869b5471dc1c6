"""How long the living face takes: the selfie's path, a clip of three seconds, a whole answer to a challenge.

``make bench-liveness`` prints a table and writes JSON. Everything that a verification does
with a selfie or a clip is in it: decoding, faces, mesh, quality, challenge, passive
liveness, integrity and the template. The person is a rendered head.
"""

from __future__ import annotations

import argparse
import io
import json
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from benchmarks.steps import Quantiles, report, timed
from kyc_service.cli.applicants import read_manifest as read_applicants
from kyc_service.decision.policy import Policy
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.challenge import Challenge
from kyc_service.domain.claims import Claims
from kyc_service.domain.verification import UseCase
from kyc_service.imaging.clip import DEFAULT_CLIP_LIMITS, decode_clip, pack_frames
from kyc_service.imaging.limits import DEFAULT_LIMITS
from kyc_service.inference.load import load_face_engines
from kyc_service.inference.manifest import read_manifest
from kyc_service.inference.threads import ThreadSettings, configure
from kyc_service.liveness.engines import load_liveness_engines
from kyc_service.policies.calibration import read_calibrations
from kyc_service.policies.load import DEFAULT_POLICY, load_policy
from kyc_service.verification.challenge_document import challenge_from_json
from kyc_service.verification.face_branch import FaceBranch, SelfieSeen
from kyc_service.verification.liveness_branch import ClipSeen, LivenessBranch
from kyc_service.verification.models_in_use import models_in_use
from kyc_service.verification.submission import ChallengeAnswer, Submission
from kyc_service.verification.trail import Trail

CASE: Final = "challenge_answered"
FRAMES: Final = 30
FRAMES_APART_MS: Final = 100


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=12, help="counted runs of each")
    parser.add_argument("--applicants", type=Path, default=Path("fixtures/applicants"))
    parser.add_argument("--models", type=Path, default=Path("models"))
    parser.add_argument("--json", type=Path, default=Path("out/bench-liveness.json"))
    given = parser.parse_args()
    measured = Bench(given.models, given.applicants).measure(given.runs)
    report(measured, given.json)


class Bench:
    """One sample applicant, looked at again and again."""

    def __init__(self, models: Path, applicants: Path) -> None:
        threads = ThreadSettings(per_inference=1, parallel_inferences=2)
        configure(threads)
        self._faces = load_face_engines(read_manifest(models), models, threads)
        self._liveness = load_liveness_engines(models)
        calibrations = read_calibrations(models / "calibration", models_in_use(models).values())
        self._policy: Policy = load_policy(DEFAULT_POLICY, calibrations)
        (case,) = read_applicants(applicants).only([CASE]).cases
        files = {name: (applicants / path).read_bytes() for name, path in case.files.items()}
        self._challenge = challenge_from_json(files["challenge"])
        self._whole = self._submission(files["selfie"], files["liveness"], self._challenge)
        self._seconds = self._submission(files["selfie"], *self._three_seconds(files["liveness"]))

    def measure(self, runs: int) -> dict[str, Quantiles]:
        """Quantiles in ms of each step, by name."""
        selfie = self._selfie(self._whole)
        frames = len(decode_clip(self._whole.captures[CaptureKind.LIVENESS]).clip.frames)
        return {
            "selfie, all of it": timed(runs, lambda: self._template(self._selfie(self._whole))),
            f"clip of {FRAMES} frames": timed(runs, lambda: self._clip(self._seconds, selfie)),
            f"whole answer, {frames} frames": timed(max(3, runs // 3), lambda: self._clip(self._whole, selfie)),
        }

    def _three_seconds(self, packed: bytes) -> tuple[bytes, Challenge]:
        """The frames about the first action, and a challenge that asks for it alone."""
        step = self._challenge.actions[0]
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            times = json.loads(archive.read("times.json"))
            names = sorted(name for name in archive.namelist() if name != "times.json")
            first = max(0, next(at for at, time_ms in enumerate(times) if time_ms >= step.from_ms) - 3)
            frames = [archive.read(name) for name in names[first : first + FRAMES]]
        kept = times[first : first + FRAMES]
        asked = replace(step, from_ms=step.from_ms - kept[0], until_ms=kept[-1] - kept[0])
        return pack_frames(frames, kept), replace(self._challenge, actions=(asked,))

    def _submission(self, selfie: bytes, clip: bytes, challenge: Challenge) -> Submission:
        now = datetime.now(UTC)
        captures = {CaptureKind.SELFIE: selfie, CaptureKind.LIVENESS: clip}
        answer = ChallengeAnswer(challenge, challenge.expires_at)
        return Submission("ver_bench", captures, Claims(), UseCase.ONBOARDING, "standard", 1, now, answer)

    def _branch(self) -> FaceBranch:
        return FaceBranch(self._faces, self._liveness.classifier, self._policy, DEFAULT_LIMITS, Trail("ver_bench"))

    def _selfie(self, submission: Submission) -> SelfieSeen:
        return self._branch().selfie(submission)

    def _template(self, selfie: SelfieSeen) -> object:
        return self._branch().template(selfie, ClipSeen(None, ()))

    def _clip(self, submission: Submission, selfie: SelfieSeen) -> object:
        branch = LivenessBranch(self._faces, self._liveness, 0.4, DEFAULT_CLIP_LIMITS, Trail("ver_bench"))
        return branch.clip(submission, None if selfie.face is None else selfie.face.face)


if __name__ == "__main__":
    main()
