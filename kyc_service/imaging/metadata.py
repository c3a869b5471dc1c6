"""Metadata a picture says of itself: evidence, never trusted.

Anyone can write anything into EXIF, so nothing here changes a pixel but ``orientation``
(in JPEG, PNG and WebP), which every camera relies on. Reading never raises: what is
garbage is left out. Source: CIPA DC-008 (Exif 2.32), TIFF 6.0.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from kyc_service.imaging.exif import Directory, read_directories


@dataclass(frozen=True, slots=True)
class GpsClaim:
    """Where the metadata says the picture was taken, in degrees as written.

    ``is_plausible`` is false where the position is not on Earth, not finite, or 0, 0 (a
    device's way of not knowing); then the numbers are kept, cut to what a float can hold.
    """

    latitude: float
    longitude: float
    is_plausible: bool


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the file claims; ``None`` where it says nothing that can be read.

    ``captured_at`` is the camera's own clock and is naive: EXIF seldom knows its zone.
    ``orientation`` is 1..8 (1 = upright); ``claimed_width`` and ``claimed_height`` are what
    EXIF says of the stored, unturned picture. Texts are cut to 128 characters.
    """

    camera_make: str | None = None
    camera_model: str | None = None
    software: str | None = None
    captured_at: datetime | None = None
    orientation: int | None = None
    gps: GpsClaim | None = None
    claimed_width: int | None = None
    claimed_height: int | None = None


NO_METADATA: Final = Metadata()
MAX_TEXT: Final = 128

_MAKE: Final = 0x010F
_MODEL: Final = 0x0110
_ORIENTATION: Final = 0x0112
_SOFTWARE: Final = 0x0131
_CHANGED_AT: Final = 0x0132
_CAPTURED_AT: Final = 0x9003
_WIDTH: Final = 0xA002
_HEIGHT: Final = 0xA003
_LATITUDE_REF: Final = 0x0001
_LATITUDE: Final = 0x0002
_LONGITUDE_REF: Final = 0x0003
_LONGITUDE: Final = 0x0004
_EXIF_TIME: Final = "%Y:%m:%d %H:%M:%S"
_ORIENTATIONS: Final = range(1, 9)
_DEGREES: Final = 3


def read_metadata(exif: bytes) -> Metadata:
    """What the EXIF block (a TIFF structure, perhaps empty or garbage) claims; never raises."""
    found = read_directories(exif)
    orientation = _whole(found.main, _ORIENTATION)
    return Metadata(
        camera_make=_text(found.main, _MAKE),
        camera_model=_text(found.main, _MODEL),
        software=_text(found.main, _SOFTWARE),
        captured_at=_time(found.exif, _CAPTURED_AT) or _time(found.main, _CHANGED_AT),
        orientation=orientation if orientation in _ORIENTATIONS else None,
        gps=_gps(found.gps),
        claimed_width=_whole(found.exif, _WIDTH),
        claimed_height=_whole(found.exif, _HEIGHT),
    )


def _text(directory: Directory, tag: int) -> str | None:
    value = directory.get(tag)
    return (value[:MAX_TEXT] or None) if isinstance(value, str) else None


def _whole(directory: Directory, tag: int) -> int | None:
    value = directory.get(tag)
    return int(value[0]) if isinstance(value, tuple) and value else None


def _time(directory: Directory, tag: int) -> datetime | None:
    try:
        return datetime.strptime(_text(directory, tag) or "", _EXIF_TIME)  # noqa: DTZ007 - EXIF times have no zone
    except ValueError:
        return None


def _gps(directory: Directory) -> GpsClaim | None:
    latitude = _degrees(directory, _LATITUDE, _LATITUDE_REF, "S")
    longitude = _degrees(directory, _LONGITUDE, _LONGITUDE_REF, "W")
    if latitude is None or longitude is None:
        return None
    on_earth = abs(latitude) <= 90 and abs(longitude) <= 180  # noqa: PLR2004 - degrees of a sphere
    return GpsClaim(latitude, longitude, is_plausible=on_earth and (latitude, longitude) != (0.0, 0.0))


def _degrees(directory: Directory, tag: int, reference_tag: int, negative: str) -> float | None:
    """Degrees, minutes and seconds as one signed number; missing minutes and seconds count as zero."""
    value = directory.get(tag)
    if not isinstance(value, tuple) or not value:
        return None
    degrees, minutes, seconds = (*value[:_DEGREES], 0.0, 0.0)[:_DEGREES]
    total = round(degrees + minutes / 60 + seconds / 3600, 7)
    return -total if directory.get(reference_tag) == negative else total
