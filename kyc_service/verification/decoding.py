"""From a capture's bytes to its picture and the record the report keeps of it."""

from __future__ import annotations

from kyc_service.decision.report import CaptureRecord, plain
from kyc_service.domain.captures import CaptureKind
from kyc_service.imaging.decode import decode
from kyc_service.imaging.limits import DecodeLimits
from kyc_service.imaging.picture import Picture
from kyc_service.imaging.refusals import refusals_name
from kyc_service.verification.trail import Trail


def decoded(
    kind: CaptureKind, data: bytes, long_side_px: int, limits: DecodeLimits, trail: Trail
) -> tuple[CaptureRecord, Picture]:
    """``data`` as a picture reduced towards ``long_side_px``, and what is kept of the file.

    Raises:
        ImageRefused: the bytes are no usable picture; names ``kind``.
    """
    with refusals_name(kind):
        picture = trail.timed(f"{kind}.decode", lambda: decode(data, limits, target_long_side_px=long_side_px))
    metadata = plain(picture.metadata)
    record = CaptureRecord(
        kind=kind,
        sha256=picture.sha256,
        media_type=picture.media_type.value,
        width=picture.width,
        height=picture.height,
        byte_size=len(data),
        metadata=metadata if isinstance(metadata, dict) else {},
    )
    return record, picture
