"""The liveness branch: the clip that answers a challenge, frame by frame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kyc_service.decision.report import CaptureRecord
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.checks import CheckName
from kyc_service.domain.measurements import Finding, Measurement, NotAssessed
from kyc_service.domain.reasons import Reason
from kyc_service.faces.align import AlignedFace
from kyc_service.imaging.clip import Clip, ClipFile, ClipLimits, decode_clip
from kyc_service.imaging.refusals import refusals_name
from kyc_service.inference.engines import FaceEngines
from kyc_service.liveness import integrity, passive
from kyc_service.liveness.challenge import assess as challenges
from kyc_service.liveness.challenge.assess import SampledFace
from kyc_service.liveness.engines import LivenessEngines
from kyc_service.liveness.integrity.earlier import NOTHING_EARLIER, EarlierCaptures
from kyc_service.verification.kept_forms import frames_form
from kyc_service.verification.memory import Memory
from kyc_service.verification.submission import ChallengeAnswer, Submission
from kyc_service.verification.trail import Trail

_CLIP: Final = frozenset({CaptureKind.LIVENESS})
_FRAMES_OF_TEMPLATE: Final = 3
"""The most frontal frames that a template is averaged over, beside the selfie."""


@dataclass(frozen=True, slots=True)
class ClipSeen:
    """What was measured of a clip; ``faces`` are its best where nothing spoke against them, ``look`` its fingerprints."""

    record: CaptureRecord | None
    measurements: tuple[Measurement, ...]
    faces: tuple[AlignedFace, ...] = ()
    look: bytes | None = None


_UNANSWERED: Final = ClipSeen(None, (NotAssessed(CheckName.LIVENESS_CHALLENGE, Reason.CHALLENGE_NOT_ANSWERED),))


class LivenessBranch:
    """Looks at the clip of one submission. ``min_similarity``: what two pictures of one person must reach."""

    def __init__(
        self, faces: FaceEngines, liveness: LivenessEngines, min_similarity: float, limits: ClipLimits, trail: Trail
    ) -> None:
        self._faces = faces
        self._liveness = liveness
        self._min_similarity = min_similarity
        self._limits = limits
        self._trail = trail

    def clip(self, submission: Submission, selfie: AlignedFace | None) -> ClipSeen:
        """Everything that the submission's clip says; without one, that the challenge was not answered.

        Raises:
            ImageRefused: the clip cannot be decoded.
        """
        data, answer = submission.captures.get(CaptureKind.LIVENESS), submission.answer
        if data is None or answer is None:
            return _UNANSWERED
        with refusals_name(CaptureKind.LIVENESS):
            file = self._trail.timed("liveness.decode", lambda: decode_clip(data, self._limits))
        seen, answered = self._trail.kept(
            "liveness.challenge",
            lambda: self._answer(file.clip, answer, selfie),
            (CheckName.LIVENESS_CHALLENGE,),
            _CLIP,
            frames_form(file.clip),
        )
        frames = seen or ()
        look = _look(file.clip)
        # What was left unanswered gives the template nothing either.
        is_sound = all(isinstance(one, Finding) and not one.reasons for one in answered)
        return ClipSeen(
            _record(file, len(data)),
            (*answered, *self._passive(frames), *self._integrity(file, answer, look, submission.memory)),
            tuple(frame.face for frame in frames[:_FRAMES_OF_TEMPLATE]) if is_sound else (),
            look,
        )

    def _answer(
        self, clip: Clip, answer: ChallengeAnswer, selfie: AlignedFace | None
    ) -> tuple[tuple[SampledFace, ...], tuple[Measurement, ...]]:
        seen = challenges.assess(
            answer.challenge, clip, selfie, self._faces, self._liveness.limits, self._min_similarity
        )
        is_late = answer.received_at > answer.challenge.expires_at
        reasons = (Reason.CHALLENGE_EXPIRED,) if is_late else ()
        return seen.faces, (Finding(CheckName.LIVENESS_CHALLENGE, reasons, _CLIP), *seen.measurements)

    def _passive(self, frames: tuple[SampledFace, ...]) -> tuple[Measurement, ...]:
        if not frames:
            return (NotAssessed(CheckName.LIVENESS_PASSIVE, Reason.CAPTURE_UNUSABLE, "no face in the clip", _CLIP),)
        _, measured = self._trail.kept(
            "liveness.passive",
            lambda: (
                None,
                (
                    passive.assess_clip(
                        [(frame.pixels, frame.face) for frame in frames], self._faces, self._liveness.classifier
                    ),
                ),
            ),
            (CheckName.LIVENESS_PASSIVE,),
            _CLIP,
        )
        return measured

    def _integrity(
        self, file: ClipFile, answer: ChallengeAnswer, look: bytes, memory: Memory | None
    ) -> tuple[Measurement, ...]:
        def measure() -> tuple[None, tuple[Measurement, ...]]:
            earlier = seen_before(CaptureKind.LIVENESS, file.sha256, look, memory)
            issued_at = answer.challenge.issued_at
            return None, (integrity.of_clip(file.clip, issued_at, answer.received_at, earlier, (file.sha256,)),)

        return self._trail.attempt("liveness.integrity", measure, (CheckName.CAPTURE_INTEGRITY,), _CLIP)[1]


def seen_before(kind: CaptureKind, sha256: str, look: bytes, memory: Memory | None) -> EarlierCaptures:
    """What other verifications sent, where there is a memory of it."""
    return NOTHING_EARLIER if memory is None else memory.captures_like(kind, sha256, look)


def _look(clip: Clip) -> bytes:
    """Fingerprints of three frames: before the middle, in it, behind it."""
    count = len(clip.frames)
    places = (count // 4, count // 2, count * 3 // 4)
    return b"".join(integrity.fingerprint(clip.frames[at].pixels) for at in places)


def _record(file: ClipFile, byte_size: int) -> CaptureRecord:
    metadata = {"frames": len(file.clip.frames), "length_ms": file.clip.length_ms}
    return CaptureRecord(
        CaptureKind.LIVENESS, file.sha256, file.media_type.value, file.width, file.height, byte_size, metadata
    )
