"""The integrity of one uploaded picture."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.checks import CheckName
from kyc_service.domain.measurements import Evidence, EvidenceValue, Finding
from kyc_service.domain.reasons import Reason
from kyc_service.imaging.picture import Picture
from kyc_service.liveness.integrity.contradictions import capture_age, contradictions, is_resized
from kyc_service.liveness.integrity.earlier import NEARLY_EQUAL_BITS, NOTHING_EARLIER, EarlierCaptures
from kyc_service.liveness.integrity.file_traces import FileTraces, read_traces
from kyc_service.liveness.integrity.fingerprint import fingerprint

_OTHER_PICTURE: Final = 0.3
"""A thumbnail of the same picture correlates above 0.9; one of another picture around 0."""


def of_picture(
    data: bytes,
    picture: Picture,
    now: datetime,
    earlier: EarlierCaptures = NOTHING_EARLIER,
    capture: CaptureKind = CaptureKind.SELFIE,
    look: bytes | None = None,
) -> Finding:
    """What speaks for or against ``data`` having been taken now by a camera and sent as it was.

    Args:
        data: The file as it was sent.
        picture: The same, decoded; reduced or not.
        now: When it was received, aware.
        earlier: What other verifications sent before.
        capture: What it was uploaded as.
        look: Its fingerprint, where that was taken already.

    Returns:
        One Finding of ``liveness.capture_integrity``. Reasons: ``capture_seen_before`` (the
        same bytes), ``capture_nearly_seen_before`` (at most 20 of 256 bits of the
        fingerprint differ), ``capture_metadata_contradicts``, ``capture_edited`` (an
        editor names itself, or the thumbnail shows another picture). Whether a camera's
        metadata are there at all is evidence and never a reason: apps strip them.
    """
    traces = read_traces(data, picture)
    nearest = earlier.nearest(look or fingerprint(picture.pixels))
    wrong = contradictions(picture, now)
    reasons = (
        *_seen_before(earlier.holds(picture.sha256), nearest),
        *((Reason.CAPTURE_METADATA_CONTRADICTS,) if wrong else ()),
        *((Reason.CAPTURE_EDITED,) if _is_edited(traces) else ()),
    )
    values: dict[str, EvidenceValue] = {
        "capture": capture.value,
        "nearest_earlier_bits": nearest,
        "compared_with": len(earlier.fingerprints),
        "contradictions": [one.value for one in wrong],
        "is_resized": is_resized(picture),
        **_described(picture, now),
        **_traced(traces),
    }
    return Finding(CheckName.CAPTURE_INTEGRITY, reasons, frozenset({capture}), Evidence((), values))


def _seen_before(is_same_file: bool, nearest: int) -> tuple[Reason, ...]:  # noqa: FBT001 - what was seen
    if is_same_file:
        return (Reason.CAPTURE_SEEN_BEFORE,)
    return (Reason.CAPTURE_NEARLY_SEEN_BEFORE,) if nearest <= NEARLY_EQUAL_BITS else ()


def _is_edited(traces: FileTraces) -> bool:
    likeness = traces.thumbnail_likeness
    return traces.editor is not None or (likeness is not None and likeness < _OTHER_PICTURE)


def _described(picture: Picture, now: datetime) -> dict[str, EvidenceValue]:
    metadata = picture.metadata
    age = capture_age(metadata.captured_at, now)
    return {
        "names_camera": bool(metadata.camera_make or metadata.camera_model),
        "capture_age_h": None if age is None else round(age.total_seconds() / 3600, 1),
    }


def _traced(traces: FileTraces) -> dict[str, EvidenceValue]:
    likeness = traces.thumbnail_likeness
    return {
        "programs": list(traces.programs),
        "editor": traces.editor,
        "jpeg_quality": traces.jpeg_quality,
        "is_standard_table": traces.is_standard_table,
        "thumbnail_likeness": None if likeness is None else round(likeness, 3),
    }
