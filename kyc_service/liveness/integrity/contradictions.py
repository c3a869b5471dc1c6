"""What a file says of its own making, against itself and against the upload. Missing metadata contradicts nothing."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from kyc_service.imaging.picture import MediaType, Picture

_ZONES: Final = timedelta(hours=14)
"""EXIF times seldom name a zone; this is as far as any is from UTC."""
_CLOCK_ERROR: Final = timedelta(days=1)
_STALE_AFTER: Final = timedelta(days=7)
"""A capture is taken for this verification; a phone's clock is seldom wrong by a week."""
_SAME_SHAPE: Final = 0.02
"""Scaling keeps the shape to the rounding of a pixel; cropping does not."""
_SIDEWAYS: Final = frozenset({5, 6, 7, 8})


class Contradiction(StrEnum):
    """What cannot be true."""

    TAKEN_IN_FUTURE = "taken_in_future"
    TAKEN_LONG_BEFORE = "taken_long_before"
    SHAPE_DIFFERS = "shape_differs"
    POSITION_IMPOSSIBLE = "position_impossible"


def contradictions(picture: Picture, now: datetime) -> tuple[Contradiction, ...]:
    """Everything in the metadata of ``picture`` that contradicts the upload at ``now`` (aware)."""
    metadata = picture.metadata
    found: list[Contradiction] = []
    age = capture_age(metadata.captured_at, now)
    if age is not None and age < -(_ZONES + _CLOCK_ERROR):
        found.append(Contradiction.TAKEN_IN_FUTURE)
    if age is not None and age > _STALE_AFTER + _ZONES:
        found.append(Contradiction.TAKEN_LONG_BEFORE)
    if _has_other_shape(picture):
        found.append(Contradiction.SHAPE_DIFFERS)
    if metadata.gps is not None and not metadata.gps.is_plausible and _is_off_earth(picture):
        found.append(Contradiction.POSITION_IMPOSSIBLE)
    return tuple(found)


def capture_age(captured_at: datetime | None, now: datetime) -> timedelta | None:
    """How long before ``now`` a camera's own clock says it took the picture; good to 14 hours.

    >>> from datetime import UTC
    >>> capture_age(datetime(2026, 11, 22), datetime(2026, 11, 23, tzinfo=UTC))
    datetime.timedelta(days=1)
    """
    return None if captured_at is None else now - captured_at.replace(tzinfo=now.tzinfo)


def is_resized(picture: Picture) -> bool:
    """Whether EXIF tells another size of the same shape: the picture was scaled after it was taken."""
    claimed = _claimed(picture)
    return claimed is not None and claimed != (picture.width, picture.height) and not _has_other_shape(picture)


def _has_other_shape(picture: Picture) -> bool:
    claimed = _claimed(picture)
    if claimed is None:
        return False
    shapes = (claimed[0] / claimed[1], claimed[1] / claimed[0])  # apps that turn a picture forget to turn its size
    actual = picture.width / picture.height
    return min(abs(actual / shape - 1) for shape in shapes) > _SAME_SHAPE


def _claimed(picture: Picture) -> tuple[int, int] | None:
    """The upright size that EXIF claims."""
    metadata = picture.metadata
    if not metadata.claimed_width or not metadata.claimed_height:
        return None
    size = (metadata.claimed_width, metadata.claimed_height)
    is_turned = metadata.orientation in _SIDEWAYS and picture.media_type is not MediaType.HEIC
    return (size[1], size[0]) if is_turned else size


def _is_off_earth(picture: Picture) -> bool:
    """0, 0 is a device's way of not knowing and contradicts nothing."""
    gps = picture.metadata.gps
    return gps is not None and (gps.latitude, gps.longitude) != (0.0, 0.0)
