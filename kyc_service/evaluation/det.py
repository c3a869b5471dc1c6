"""Detection error trade-off: two error rates over all thresholds, on normal-deviate axes.

Source: ISO/IEC 19795-1 (DET curve); Martin et al., "The DET curve in assessment of
detection task performance" (1997).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from markupsafe import Markup

from kyc_service.evaluation.intervals import rounded
from kyc_service.evaluation.rates import Scores
from kyc_service.evaluation.svg import INK, SOFT, element, figure, line, probit, text

Span = tuple[float, float]

LINES: Final = ("#2563a8", "#b3261e", "#1a7f4b", "#a86a00", "#7b3fa0", "#0f7c8a", "#c2528b", "#5b6675")
_TICKS: Final = (1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.05, 0.2, 0.5, 0.8, 0.95, 0.99, 0.999)
_STEP: Final = 0.04
"""Least distance of two points that are kept, in normal deviates: a curve looks no smoother with more."""
_LEAST: Final = 1e-6
_LEFT: Final = 64.0
_TOP: Final = 12.0
_SIZE: Final = 400.0


@dataclass(frozen=True, slots=True)
class DetCurve:
    """One line of the plot. ``points`` are (x, y) shares in the order of the threshold."""

    label: str
    points: Sequence[Sequence[float]]


@dataclass(frozen=True, slots=True)
class DetAxis:
    """What is drawn along one side, as a share from ``span[0]`` to ``span[1]``, shown in percent."""

    label: str
    span: Span = (1e-3, 0.999)

    def at(self, share: float) -> float:
        """Where ``share`` lies between the axis' ends, 0..1; beyond them, at the end."""
        low, high = (probit(end, _LEAST) for end in self.span)
        return (min(high, max(low, probit(share, _LEAST))) - low) / (high - low)

    @property
    def ticks(self) -> tuple[float, ...]:
        """The shares that have a line."""
        return tuple(tick for tick in _TICKS if self.span[0] <= tick <= self.span[1])


def det_points(wanted: Scores, unwanted: Scores) -> list[tuple[float, float]]:
    """(share of ``wanted`` refused, share of ``unwanted`` accepted) at every threshold that changes either.

    From accepting all to refusing all; scores are better when higher, and one at the
    threshold is accepted. For attack detection these are (bpcer, apcer), for comparison
    (fnmr, fmr).

    >>> det_points(np.array([2.0, 3.0]), np.array([1.0, 2.0]))
    [(0.0, 1.0), (0.0, 0.5), (0.5, 0.0), (1.0, 0.0)]
    """
    thresholds = np.append(np.unique(np.concatenate([wanted, unwanted])), np.inf)
    refused = np.searchsorted(np.sort(wanted), thresholds, side="left") / len(wanted)
    accepted = (len(unwanted) - np.searchsorted(np.sort(unwanted), thresholds, side="left")) / len(unwanted)
    return list(zip(refused.tolist(), accepted.tolist(), strict=True))


def thinned(points: Sequence[tuple[float, float]]) -> list[list[float]]:
    """The points that can be told apart on a plot, both ends among them.

    >>> thinned([(0.0, 1.0), (0.5, 0.5), (0.5001, 0.5), (1.0, 0.0)])
    [[0.0, 1.0], [0.5, 0.5], [1.0, 0.0]]
    """
    kept: list[list[float]] = []
    last = (0.0, 0.0)
    for i, (x, y) in enumerate(points):
        here = (probit(x, _LEAST), probit(y, _LEAST))
        is_far = abs(here[0] - last[0]) + abs(here[1] - last[1]) >= _STEP
        if i in (0, len(points) - 1) or is_far:
            kept.append([rounded(x), rounded(y)])
            last = here
    return kept


def det_plot(curves: Sequence[DetCurve], x: DetAxis, y: DetAxis, title: str) -> Markup:
    """The curves on normal-deviate axes, with a legend."""
    parts = [*_grid(x, y), *_labels(x, y)]
    for i, curve in enumerate(curves):
        colour, below = LINES[i % len(LINES)], _TOP + 10 + 20 * i
        corners = _stairs([(_LEFT + _SIZE * x.at(a), _TOP + _SIZE * (1 - y.at(b))) for a, b in curve.points])
        path = " ".join(f"{across:.1f},{down:.1f}" for across, down in corners)
        parts.append(element("polyline", points=path, fill="none", stroke=colour, stroke_width=2.2))
        parts.append(line(_LEFT + _SIZE + 20, below, _LEFT + _SIZE + 44, below, stroke=colour, width=3))
        parts.append(text(_LEFT + _SIZE + 50, below + 4, curve.label, fill=INK))
    return figure(800, _TOP + max(_SIZE, 20.0 * len(curves)) + 46, parts, title)


def _grid(x: DetAxis, y: DetAxis) -> list[Markup]:
    parts = []
    for tick in x.ticks:
        across = _LEFT + _SIZE * x.at(tick)
        parts.append(line(across, _TOP, across, _TOP + _SIZE))
        parts.append(text(across, _TOP + _SIZE + 16, f"{100 * tick:g}", anchor="middle", size=11))
    for tick in y.ticks:
        down = _TOP + _SIZE * (1 - y.at(tick))
        parts.append(line(_LEFT, down, _LEFT + _SIZE, down))
        parts.append(text(_LEFT - 6, down + 4, f"{100 * tick:g}", anchor="end", size=11))
    return parts


def _labels(x: DetAxis, y: DetAxis) -> list[Markup]:
    middle = _TOP + _SIZE / 2
    upright = {"transform": f"rotate(-90 16 {middle:g})", "text_anchor": "middle", "font_size": 12, "fill": SOFT}
    return [
        text(_LEFT + _SIZE / 2, _TOP + _SIZE + 36, x.label, anchor="middle"),
        element("text", y.label, x=16.0, y=middle, **upright),
    ]


def _stairs(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Between two measured points only one of both rates changes at a time."""
    corners: list[tuple[float, float]] = []
    for across, down in points:
        if corners:
            corners.append((across, corners[-1][1]))
        corners.append((across, down))
    return corners
