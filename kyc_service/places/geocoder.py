"""The operator's own geocoder: where an address in words is, to the street.

Optional. Nothing depends on it: whatever goes wrong with it, the offline answer stands.
"""

from __future__ import annotations

import hashlib
import math
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

from geopy.adapters import URLLibAdapter  # type: ignore[import-untyped]  # geopy ships no types
from geopy.exc import GeopyError  # type: ignore[import-untyped]
from geopy.geocoders import Nominatim  # type: ignore[import-untyped]

from kyc_service.domain.facts import FactSource, Position
from kyc_service.places.distance import distance_km
from kyc_service.places.position import is_on_earth

_MIN_RADIUS_KM: Final = 0.1
_DEFAULT_RADIUS_KM: Final = 5.0


@dataclass(frozen=True, slots=True)
class Located:
    """A point for an address, and how far off it may be."""

    position: Position
    radius_km: float
    source: FactSource


class Geocoder(Protocol):
    """Finds addresses in words."""

    def locate(self, text: str) -> Located | None:
        """Where ``text`` is; ``None`` where that is not known just now. Never raises."""


class NominatimGeocoder:
    """Asks a Nominatim server that the operator runs. May be used by several threads.

    Answers are kept in memory, under keyed hashes instead of the addresses. Two questions
    are at least ``min_interval_s`` apart; who would wait longer than ``timeout_s`` for its
    turn goes without. After a failure the server is left alone for ``pause_s``.

    Args:
        url: The server's address, such as ``http://nominatim.internal:8080``.
        user_agent: What the service calls itself there.
        timeout_s: Seconds to wait for an answer.
        min_interval_s: Seconds between two questions.
        pause_s: Seconds without questions after a failure.
        cache_size: Answers kept.

    Raises:
        ValueError: ``url`` is no http or https address.
    """

    def __init__(
        self,
        url: str,
        *,
        user_agent: str = "kyc-service",
        timeout_s: float = 2.0,
        min_interval_s: float = 0.1,
        pause_s: float = 30.0,
        cache_size: int = 4096,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._server: Final = _server(url, user_agent, timeout_s)
        self._source: Final = FactSource("Nominatim (the operator's own)", urlsplit(url).netloc)
        self._timeout_s: Final = timeout_s
        self._min_interval_s: Final = min_interval_s
        self._pause_s: Final = pause_s
        self._cache_size: Final = cache_size
        self._clock: Final = clock
        self._sleep: Final = sleep
        self._key: Final = secrets.token_bytes(32)
        self._lock: Final = Lock()
        self._known: Final[OrderedDict[bytes, Located | None]] = OrderedDict()
        self._next_turn = -math.inf

    def locate(self, text: str) -> Located | None:
        """Where ``text`` is; ``None`` where the server does not know, or does not answer in time."""
        key = hashlib.blake2b(text.encode("utf-8", "replace"), key=self._key, digest_size=16).digest()
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
                return self._known[key]
        if not text.strip() or not self._wait_for_turn():
            return None
        try:
            found = self._located(self._server.geocode(text, addressdetails=False))
        except (GeopyError, ValueError, KeyError, TypeError, OSError):
            with self._lock:
                self._next_turn = self._clock() + self._pause_s
            return None
        self._keep(key, found)
        return found

    def _wait_for_turn(self) -> bool:
        with self._lock:
            now = self._clock()
            wait_s = max(self._next_turn - now, 0.0)
            if wait_s > self._timeout_s:
                return False
            self._next_turn = now + wait_s + self._min_interval_s
        if wait_s:
            self._sleep(wait_s)
        return True

    def _located(self, answer: Any) -> Located | None:  # noqa: ANN401 - geopy is untyped
        if answer is None:
            return None
        position = Position(float(answer.latitude), float(answer.longitude))
        if not is_on_earth(position):
            return None
        return Located(position, _radius_km(position, answer.raw.get("boundingbox")), self._source)

    def _keep(self, key: bytes, found: Located | None) -> None:
        with self._lock:
            self._known[key] = found
            while len(self._known) > self._cache_size:
                self._known.popitem(last=False)


def _server(url: str, user_agent: str, timeout_s: float) -> Any:  # noqa: ANN401 - geopy is untyped
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("the geocoder's address must begin with http:// or https://")
    return Nominatim(
        domain=(parts.netloc + parts.path).strip("/"),
        scheme=parts.scheme,
        user_agent=user_agent,
        timeout=timeout_s,
        adapter_factory=URLLibAdapter,
    )


def _radius_km(position: Position, box: list[str] | None) -> float:
    """The distance to the farther corner of what was found: south, north, west, east."""
    if not box:
        return _DEFAULT_RADIUS_KM
    south, north, west, east = map(float, box)
    corners = (Position(south, west), Position(north, east))
    if not all(map(is_on_earth, corners)):
        return _DEFAULT_RADIUS_KM
    return max(_MIN_RADIUS_KM, *(distance_km(position, c) for c in corners))
