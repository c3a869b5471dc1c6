"""The integrity of one clip."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.checks import CheckName
from kyc_service.domain.measurements import Evidence, EvidenceValue, Finding
from kyc_service.domain.reasons import Reason
from kyc_service.imaging.clip import Clip
from kyc_service.liveness.integrity.earlier import NEARLY_EQUAL_BITS, NOTHING_EARLIER, EarlierCaptures
from kyc_service.liveness.integrity.fingerprint import fingerprint
from kyc_service.liveness.integrity.repetition import Repetition, repetition_of
from kyc_service.liveness.integrity.timing import timing_of

_CAPTURES: Final = frozenset({CaptureKind.LIVENESS})
_LEAST_PAIRS: Final = 8
_FROZEN_SHARE: Final = 0.9
_RETURNING_FRAMES: Final = 3


def of_clip(
    clip: Clip,
    issued_at: datetime,
    received_at: datetime,
    earlier: EarlierCaptures = NOTHING_EARLIER,
    sha256s: tuple[str, ...] = (),
) -> Finding:
    """What speaks for or against ``clip`` having been recorded in answer to a challenge.

    Args:
        clip: Its frames in the order they were sent.
        issued_at: When the challenge was issued, aware.
        received_at: When the answer had come, aware.
        earlier: What other verifications sent before.
        sha256s: Hex digests of the uploaded file or files.

    Returns:
        One Finding of ``liveness.capture_integrity``. Reasons: ``capture_seen_before`` (a
        file), ``capture_nearly_seen_before`` (three frames or more), ``capture_synthetic_noise`` (frozen, or
        frames that return exactly), ``capture_timing_impossible``.
    """
    available_ms = round((received_at - issued_at).total_seconds() * 1000)
    timing = timing_of(tuple(frame.at_ms for frame in clip.frames), available_ms)
    repeats = repetition_of([frame.pixels for frame in clip.frames])
    nearest = sorted(_nearest(clip, earlier))
    reasons = (
        *_seen_before(any(earlier.holds(one) for one in sha256s), nearest),
        *((Reason.CAPTURE_SYNTHETIC_NOISE,) if is_synthetic(repeats) else ()),
        *((Reason.CAPTURE_TIMING_IMPOSSIBLE,) if timing.impossible else ()),
    )
    values: dict[str, EvidenceValue] = {
        "frames": len(clip.frames),
        "length_ms": clip.length_ms,
        "available_ms": available_ms,
        "fps": round(timing.fps, 2),
        "jitter": round(timing.jitter, 4),
        "impossible": [one.value for one in timing.impossible],
        "repeated_share": round(repeats.repeated_share, 3),
        "usual_change": repeats.usual_change,
        "returning_frames": repeats.returning_frames,
        "nearest_earlier_bits": list(nearest[:_RETURNING_FRAMES]),
    }
    return Finding(CheckName.CAPTURE_INTEGRITY, reasons, _CAPTURES, Evidence((), values))


def is_synthetic(repeats: Repetition) -> bool:
    """Whether the frames repeat in a way no camera's do."""
    is_frozen = repeats.pairs >= _LEAST_PAIRS and repeats.repeated_share >= _FROZEN_SHARE
    return is_frozen or repeats.returning_frames >= _RETURNING_FRAMES


def _nearest(clip: Clip, earlier: EarlierCaptures) -> list[int]:
    if not earlier.fingerprints:
        return []
    return [earlier.nearest(fingerprint(frame.pixels)) for frame in clip.frames]


def _seen_before(is_same_file: bool, nearest: list[int]) -> tuple[Reason, ...]:  # noqa: FBT001 - what was seen
    if is_same_file:
        return (Reason.CAPTURE_SEEN_BEFORE,)
    is_near = len(nearest) >= _RETURNING_FRAMES and nearest[_RETURNING_FRAMES - 1] <= NEARLY_EQUAL_BITS
    return (Reason.CAPTURE_NEARLY_SEEN_BEFORE,) if is_near else ()
