"""Is the recogniser's confidence worth something: how often a field is right, by its lowest character."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any, Final

from kyc_service.evaluation.documents.comparing import Compared, Match, compare
from kyc_service.evaluation.documents.manifest import NONE, TRUTHS
from kyc_service.evaluation.documents.seen import PictureSeen
from kyc_service.evaluation.intervals import share_of

EDGES: Final = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 1.0)


def confidence_figures(pictures: Iterable[PictureSeen]) -> list[dict[str, Any]]:
    """Exact share per bin of the lowest character's confidence; over all fields (``field`` empty), then per field."""
    by_field: dict[str, list[tuple[float, bool]]] = defaultdict(list)
    for confidence, compared in confident_readings(pictures):
        for field in ("", compared.field):
            by_field[field].append((confidence, compared.match is Match.EXACT))
    ordered = sorted(by_field, key=lambda field: -1 if not field else TRUTHS.index(field))
    return [{"field": field, "bins": list(_bins(by_field[field]))} for field in ordered]


def confident_readings(pictures: Iterable[PictureSeen]) -> Iterator[tuple[float, Compared]]:
    """Every field that was read, with its lowest character's confidence; not of attacked pictures, whose truth is another's."""
    for seen in pictures:
        if seen.picture.attack != NONE:
            continue
        for compared in compare(seen):
            reading = compared.reading
            if reading is not None and reading.min_confidence is not None and compared.match is not Match.NOT_READ:
                yield reading.min_confidence, compared


def _bins(found: list[tuple[float, bool]]) -> Iterator[dict[str, Any]]:
    last = EDGES[-1]
    for low, high in pairwise(EDGES):
        inside = [exact for value, exact in found if low <= value < high or (high == last and value >= last)]
        yield {"from": low, "to": high, "exact": share_of(inside)}
