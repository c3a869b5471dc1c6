"""Offsets of IANA time zones, from the tz database of the package ``tzdata``.

The machine's own zone files are never asked: two servers answer alike, and the fact
names the version that answered.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from importlib import metadata, resources
from typing import Final
from zoneinfo import ZoneInfo

from kyc_service.domain.facts import FactSource

SOURCE: Final = FactSource("IANA time zone database (tzdata)", metadata.version("tzdata"))

_SECONDS_PER_MINUTE: Final = 60


def utc_offset_minutes(zone: str, at: datetime) -> int | None:
    """Minutes east of UTC that ``zone`` keeps at ``at`` (without a zone of its own: UTC).

    ``None`` for names that are no zone, and for moments at the very edge of the calendar.

    >>> noon = datetime(2026, 7, 1, 12, tzinfo=UTC)
    >>> utc_offset_minutes("Asia/Shanghai", noon), utc_offset_minutes("Asia/Kathmandu", noon)
    (480, 345)
    >>> utc_offset_minutes("Mars/Olympus", noon) is None
    True
    """
    found = _zone(zone) if zone in _names() else None
    moment = at if at.tzinfo else at.replace(tzinfo=UTC)
    try:
        offset = moment.astimezone(found).utcoffset() if found else None
    except OverflowError:
        return None
    return None if offset is None else int(offset.total_seconds() // _SECONDS_PER_MINUTE)


@cache
def _names() -> frozenset[str]:
    return frozenset(resources.files("tzdata").joinpath("zones").read_text(encoding="utf-8").split())


@cache
def _zone(name: str) -> ZoneInfo:
    with resources.files("tzdata.zoneinfo").joinpath(*name.split("/")).open("rb") as file:
        return ZoneInfo.from_file(file, key=name)
