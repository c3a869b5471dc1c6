from __future__ import annotations

from itertools import pairwise
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from kyc_service.evaluation.det import DetAxis, DetCurve, det_plot, det_points, thinned


def test_the_curve_runs_from_accepting_all_to_refusing_all() -> None:
    """Bona fide 2 and 4, attacks 1, 3 and 4: thresholds 1, 2, 3, 4 and beyond, each counted by hand."""
    points = det_points(np.array([2.0, 4.0]), np.array([1.0, 3.0, 4.0]))
    third = 1 / 3
    assert points == [(0, 1), (0, 2 * third), (0.5, 2 * third), (0.5, third), (1, 0)]


def test_one_rate_falls_while_the_other_rises() -> None:
    generator = np.random.default_rng(7)
    points = det_points(generator.normal(1, 1, 60).round(1), generator.normal(0, 1, 40).round(1))
    assert [x for x, _ in points] == sorted(x for x, _ in points)
    assert [y for _, y in points] == sorted((y for _, y in points), reverse=True)
    assert (points[0], points[-1]) == ((0, 1), (1, 0))


def test_thinning_keeps_both_ends_and_the_rare_errors() -> None:
    """A hundred thousand strangers: the points at an fmr of 1e-5 to 1e-4 are few, and stay."""
    generator = np.random.default_rng(8)
    points = det_points(generator.normal(5, 1, 300), generator.normal(0, 1, 100_000))
    kept = thinned(points)
    assert (kept[0], kept[-1]) == ([0, 1], [1, 0])
    assert len(kept) < 600
    assert sum(0 < fmr <= 1e-4 for _, fmr in kept) >= 5
    assert all(one[0] <= two[0] and one[1] >= two[1] for one, two in pairwise(kept))


@pytest.mark.parametrize(("share", "at"), [(0.5, 0.5), (1e-3, 0.0), (0.999, 1.0), (0.0, 0.0), (1.0, 1.0)])
def test_an_axis_goes_from_end_to_end(share: float, at: float) -> None:
    assert DetAxis("fmr").at(share) == pytest.approx(at)


def test_the_plot_is_well_formed_and_names_its_curves() -> None:
    axis = DetAxis("fmr, %", (1e-5, 0.5))
    plot = det_plot([DetCurve("plain & simple", [(0.0, 1.0), (0.01, 0.1), (1.0, 0.0)])], axis, axis, "faces")
    root = ET.fromstring(str(plot))  # noqa: S314 - made above
    assert "plain & simple" in {part.text for part in root.iter("text")}
    assert len(list(root.iter("polyline"))) == 1
    assert {"0.001", "0.01", "0.1", "1"} <= {part.text for part in root.iter("text")}
