"""The calibration file: which threshold gives which error rate, measured on what.

The schema is described in ``models/calibration/README.md``. Files hold totals only.
"""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kyc_service.evaluation.rates import Rate

SCHEMA: Final = 1
HIGHER_IS_BETTER: Final = "higher_is_better"
LOWER_IS_BETTER: Final = "lower_is_better"


@dataclass(frozen=True, slots=True)
class DataSet:
    """What was measured on; never where it lies or who is on it."""

    title: str
    list_sha256: str
    pictures: int
    identities: int


@dataclass(frozen=True, slots=True)
class OperatingPoint:
    """The threshold for a wanted rate, the rate measured there, and other rates beside it."""

    kind: str
    rate: float
    threshold: float
    measured: Rate
    beside: tuple[Rate, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """A part of the population at the same thresholds: one entry per operating point."""

    data_set: DataSet
    measured: tuple[tuple[Rate, ...], ...]


@dataclass(frozen=True, slots=True)
class Calibration:
    """Everything one file says."""

    check: str
    score: str
    direction: str
    unit: str
    model_id: str
    model_sha256: str
    measured_on: str
    data_set: DataSet
    operating_points: tuple[OperatingPoint, ...]
    groups: tuple[Group, ...] = ()
    notes: tuple[str, ...] = ()


def write_calibration(calibration: Calibration, folder: Path) -> Path:
    """Write ``<check>.<score>.json`` into ``folder``; the same calibration gives the same bytes."""
    path = folder / f"{calibration.check}.{calibration.score}.json"
    text = json.dumps(_as_json(calibration), indent=2, sort_keys=True, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")
    return path


def _as_json(calibration: Calibration) -> dict[str, object]:
    points = sorted(calibration.operating_points, key=lambda point: -point.rate)
    return {
        "schema": SCHEMA,
        "check": calibration.check,
        "score": calibration.score,
        "direction": calibration.direction,
        "unit": calibration.unit,
        "model": {"id": calibration.model_id, "sha256": calibration.model_sha256},
        "measured_on": calibration.measured_on,
        "data_set": dataclasses.asdict(calibration.data_set),
        "operating_points": [_point(point) for point in points],
        "groups": [_group(group, calibration.operating_points) for group in calibration.groups],
        "notes": list(calibration.notes),
    }


def _point(point: OperatingPoint) -> dict[str, object]:
    return {
        "kind": point.kind,
        "rate": point.rate,
        "threshold": point.threshold,
        "measured": _rate(point.measured),
        "beside": [_rate(rate) for rate in point.beside],
    }


def _group(group: Group, points: tuple[OperatingPoint, ...]) -> dict[str, object]:
    measured = [
        {"at": {"kind": point.kind, "rate": point.rate}, "measured": [_rate(rate) for rate in rates]}
        for point, rates in zip(points, group.measured, strict=True)
    ]
    return {**dataclasses.asdict(group.data_set), "points": measured}


def _rate(rate: Rate) -> dict[str, object]:
    """Six significant digits: more would be noise, and would differ between machines."""
    return {
        key: float(f"{value:.6g}") if isinstance(value, float) else value
        for key, value in dataclasses.asdict(rate).items()
    }
