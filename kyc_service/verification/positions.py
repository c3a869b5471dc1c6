"""Positions that are kept: where an attempt's device said it was, sealed as JSON."""

from __future__ import annotations

import json
import math
from datetime import datetime
from typing import Final

from kyc_service.domain.claims import Claims
from kyc_service.domain.facts import Facts, Position
from kyc_service.domain.history import EarlierPosition, Subject
from kyc_service.storage.keys import MasterKey
from kyc_service.storage.records import SealedTrace, TraceKind
from kyc_service.verification.known_traces import trace_purpose

MADE_BY: Final = "device"
_MAX_LATITUDE: Final = 90.0
_MAX_LONGITUDE: Final = 180.0


def position_to_keep(claims: Claims, facts: Facts, at: datetime) -> bytes | None:
    """The JSON of the position, WGS-84; ``None`` without one that is on Earth.

    0, 0 is a device's way of not knowing, and is not kept. The time is when the claims came,
    or else ``at``: the service's own, since the device's could make any journey possible.
    A radius that makes no sense counts as none.
    """
    location, fact = claims.device_location, facts.position
    if location is None or fact is None or not _is_somewhere(fact.position):
        return None
    accuracy_m = location.accuracy_m
    is_stated = accuracy_m is not None and math.isfinite(accuracy_m) and accuracy_m >= 0
    return json.dumps(
        {
            "latitude": fact.position.latitude,
            "longitude": fact.position.longitude,
            "accuracy_m": accuracy_m if is_stated else 0.0,
            "at": (claims.received_at or at).isoformat(),
        }
    ).encode()


def position_from_sealed(subject: Subject, sealed: SealedTrace, master_key: MasterKey) -> EarlierPosition:
    """A kept position of ``subject``.

    Raises:
        SealBroken: it was changed, or its key is another's.
    """
    key = master_key.unwrap(sealed.verification_id, sealed.wrapped_key)
    kept = json.loads(key.open(sealed.sealed, trace_purpose(TraceKind.POSITION, sealed.attempt)))
    position = Position(kept["latitude"], kept["longitude"])
    return EarlierPosition(subject, position, kept["accuracy_m"], datetime.fromisoformat(kept["at"]))


def _is_somewhere(position: Position) -> bool:
    # NaN is in no range.
    on_earth = abs(position.latitude) <= _MAX_LATITUDE and abs(position.longitude) <= _MAX_LONGITUDE
    return on_earth and (position.latitude, position.longitude) != (0.0, 0.0)
