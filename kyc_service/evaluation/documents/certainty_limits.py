"""From which confidence on a reading may be relied on: the limit of each field, measured.

A field's limit is the lowest confidence of its lowest character at which at most
:data:`WRONG_AT_MOST` of the readings from there up are wrong. What the sample cannot show is
said and not hidden: the upper end of the interval stands beside each limit, and a field whose
surest reading is wrong has no limit.
"""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from kyc_service.evaluation.calibration import HIGHER_IS_BETTER, DataSet
from kyc_service.evaluation.documents.comparing import Compared, Match, document_of
from kyc_service.evaluation.documents.confidence_figures import confident_readings
from kyc_service.evaluation.documents.manifest import TRUTHS
from kyc_service.evaluation.documents.seen import PictureSeen
from kyc_service.evaluation.intervals import share

SCHEMA: Final = 1
KIND: Final = "document.field_certainty"
SCORE: Final = "min_character_confidence"
WRONG_AT_MOST: Final = 1e-3
_DECIMALS: Final = 6
_NOTES: Final = (
    "Read the upper end of the interval: a thousand right readings in a row still allow 1 wrong in 260.",
    "A limit holds for pictures like those measured; attacked pictures are left out, faulty ones are not.",
    "Readings that check digits confirm are held against a milder limit, which this file does not give.",
)


@dataclass(frozen=True, slots=True)
class Reader:
    """The recogniser the confidences are of."""

    id: str
    sha256: str


def limit_of(readings: Sequence[tuple[float, bool]], wrong_at_most: float = WRONG_AT_MOST) -> float | None:
    """The lowest confidence from which on at most ``wrong_at_most`` of (confidence, is wrong) are wrong.

    Readings of equal confidence are taken or left together. ``None``: there is no such
    confidence, or there are no readings.

    >>> limit_of([(0.9, False), (0.8, False), (0.7, True), (0.6, False)])
    0.8
    >>> limit_of([(0.9, True), (0.8, False)]) is None
    True
    """
    wrong = taken = 0
    limit = None
    ordered = sorted(readings, reverse=True)
    for i, (confidence, is_wrong) in enumerate(ordered):
        taken, wrong = taken + 1, wrong + is_wrong
        is_last_of_its_kind = i + 1 == len(ordered) or ordered[i + 1][0] < confidence
        if is_last_of_its_kind and wrong <= wrong_at_most * taken:
            limit = confidence
    return limit


def certainty_limits(
    pictures: Iterable[PictureSeen], data_set: DataSet, reader: Reader, measured_on: str
) -> dict[str, Any]:
    """The limits of all fields as the file holds them; totals only."""
    by_field: dict[str, list[tuple[float, Compared]]] = defaultdict(list)
    for confidence, compared in confident_readings(pictures):
        # Held against a limit of six decimals, the rest of the digits has no say.
        by_field[compared.field].append((math.floor(confidence * 10**_DECIMALS) / 10**_DECIMALS, compared))
    return {
        "schema": SCHEMA,
        "kind": KIND,
        "score": SCORE,
        "direction": HIGHER_IS_BETTER,
        "unit": "probability",
        "model": {"id": reader.id, "sha256": reader.sha256},
        "measured_on": measured_on,
        "data_set": {
            "title": data_set.title,
            "list_sha256": data_set.list_sha256,
            "pictures": data_set.pictures,
            "identities": data_set.identities,
        },
        "wrong_at_most": WRONG_AT_MOST,
        "fields": {name: _field(by_field[name]) for name in TRUTHS if name in by_field},
        "notes": list(_NOTES),
    }


def write_limits(limits: dict[str, Any], path: Path) -> None:
    """Write the file; the same limits give the same bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(limits, indent=2, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")


def _field(found: Sequence[tuple[float, Compared]]) -> dict[str, Any]:
    limit = limit_of([(confidence, _is_wrong(c)) for confidence, c in found])
    above = [c for confidence, c in found if limit is not None and confidence >= limit]
    return {
        "limit": limit,
        "readings": len(found),
        "documents": len({document_of(c.seen.picture) for _, c in found}),
        "wrong": sum(_is_wrong(c) for _, c in found),
        "highest_wrong": max((confidence for confidence, c in found if _is_wrong(c)), default=None),
        "wrong_of_certain": share(sum(map(_is_wrong, above)), len(above)),
        "certain_of_read": share(len(above), len(found)),
        "families": _families(above),
    }


def _families(above: Sequence[Compared]) -> dict[str, Any]:
    """The same limit in each family: a family moves none."""
    families = sorted({c.seen.picture.family for c in above})
    mine = {name: [c for c in above if c.seen.picture.family == name] for name in families}
    return {name: {"wrong_of_certain": share(sum(map(_is_wrong, found)), len(found))} for name, found in mine.items()}


def _is_wrong(compared: Compared) -> bool:
    return compared.match is not Match.EXACT
