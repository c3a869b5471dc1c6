"""A score on a drawn scale: where it fell, and where the thresholds stand.

The scale runs from left (bad) to right (good) whatever the score's own direction, so that
one look reads all of them. Positions are per cent of the scale's width.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

_MARGIN: Final = 0.18
_WHOLE_FROM: Final = 100


@dataclass(frozen=True, slots=True)
class Tick:
    """A threshold on the scale."""

    at: float
    label: str
    origin: str
    raises: str | None


@dataclass(frozen=True, slots=True)
class Zone:
    """A stretch of the scale with one meaning: ``clear`` or the reason raised there."""

    start: float
    width: float
    kind: str


@dataclass(frozen=True, slots=True)
class Scale:
    """Everything the page needs to draw one score."""

    marker: float
    value: str
    unit: str
    direction: str
    ticks: tuple[Tick, ...]
    zones: tuple[Zone, ...]


def scale_of(score: Mapping[str, Any]) -> Scale:
    """The scale of a score with at least one threshold (a measurement in the report's JSON form)."""
    thresholds = score["thresholds"]
    values = [score["native"], *(t["value"] for t in thresholds)]
    low, high = min(values), max(values)
    margin = (high - low) * _MARGIN or abs(high) * _MARGIN or 1.0
    start, end = low - margin, high + margin

    # A score bounded on both sides (an age) has no good end: it runs as numbers do.
    is_turned = {t["direction"] for t in thresholds} == {"lower_is_better"}

    def at(value: float) -> float:
        share = (value - start) / (end - start)
        return float(round(100 * (1 - share if is_turned else share), 2))

    ticks = tuple(
        Tick(at(t["value"]), _number(t["value"]), _origin(t["operating_point"]), t["raises"]) for t in thresholds
    )
    return Scale(
        marker=at(score["native"]),
        value=_number(score["native"]),
        unit=thresholds[0]["unit"],
        direction=_direction({t["direction"] for t in thresholds}),
        ticks=ticks,
        zones=_zones(ticks) if len({t["direction"] for t in thresholds}) == 1 else (),
    )


def _direction(directions: set[str]) -> str:
    """Which way the scale runs, in words: one that falls from left to right surprises without them.

    >>> _direction({"lower_is_better"})
    'lower is better: drawn with the lowest on the right'
    """
    if directions == {"lower_is_better"}:
        return "lower is better: drawn with the lowest on the right"
    if directions == {"higher_is_better"}:
        return "higher is better"
    return "good between its limits: drawn from low to high"


def _zones(ticks: tuple[Tick, ...]) -> tuple[Zone, ...]:
    """Between the ends and the raising thresholds, from bad to good."""
    raising = sorted((t for t in ticks if t.raises is not None), key=lambda t: t.at)
    edges = [0.0, *(t.at for t in raising), 100.0]
    kinds = [*(str(t.raises) for t in raising), "clear"]
    return tuple(
        Zone(left, round(right - left, 2), kind) for left, right, kind in zip(edges, edges[1:], kinds, strict=False)
    )


def _origin(point: Mapping[str, Any] | None) -> str:
    if point is None:
        return "rule of the policy"
    interval = f"95 % interval {point['ci_low']:.2g} to {point['ci_high']:.2g}"
    return f"{point['kind']} {point['rate']:.0e} ({interval}, n = {point['n']:,}; {point['data_set']})"


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= _WHOLE_FROM else f"{value:.3g}"
