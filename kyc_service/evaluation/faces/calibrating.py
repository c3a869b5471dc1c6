"""Calibration files from what was measured: the match, and the search among many."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from kyc_service.domain.checks import CheckName
from kyc_service.evaluation.calibration import LOWER_IS_BETTER, Calibration, Group, OperatingPoint
from kyc_service.evaluation.faces.measuring import FMRS, Measured, Point
from kyc_service.evaluation.faces.scales import Scale
from kyc_service.evaluation.faces.searching import (
    FPIRS,
    LARGER_SIZES,
    SIZES,
    Searches,
    extrapolated_threshold,
    fnir_at,
    fpir_at,
    threshold_for,
)
from kyc_service.evaluation.rates import Rate

_MATCH_NOTES: Final = (
    "Press photographs: they say little about a printed portrait against a selfie; keep a review band.",
    "Intervals come from drawing identities with replacement, or are Wilson's where those are wider.",
)
_SEARCH_NOTES: Final = (
    "fpir_at_N is the share of searches with a false alarm among N people; a person's first picture is held.",
    "Where measured.kind is fpir_extrapolated, nothing was measured: the strangers' tail was continued to that rate.",
    "fnir is of searches for a held person by another picture; it hardly depends on the size at a fixed threshold.",
)
_FOLLOWED_TO: Final = 1e-4
"""A continued tail is only as good as what it continues: fewer strangers than this give no larger galleries."""


@dataclass(frozen=True, slots=True)
class ModelUsed:
    """Which model, and when."""

    model_id: str
    sha256: str
    measured_on: str


def match_calibration(scale: Scale, measured: Measured, used: ModelUsed, failures: int) -> Calibration:
    """Operating points of ``face.match``: one per fmr; ``failures`` pictures had no face."""
    points = tuple(
        OperatingPoint("fmr", rate, scale.threshold(threshold), point.fmr, (point.fnmr, point.fmr_of_identity_pairs))
        for rate, threshold, point in zip(FMRS, measured.thresholds, measured.points, strict=True)
    )
    return Calibration(
        check=CheckName.FACE_MATCH,
        score=scale.score,
        direction=scale.direction,
        unit=scale.unit,
        model_id=used.model_id,
        model_sha256=used.sha256,
        measured_on=used.measured_on,
        data_set=measured.listed.data_set(),
        operating_points=points,
        groups=tuple(Group(group.data_set(), tuple(map(_rates, points))) for group, points in measured.groups),
        notes=(*_MATCH_NOTES, f"Pictures without a face, left out: {failures}."),
    )


def search_calibration(scale: Scale, measured: Measured, used: ModelUsed) -> Calibration | None:
    """Operating points of ``face.known_faces``: one per fpir and size; None where there are too few people."""
    points = tuple(search_points(measured).values())
    if not points:
        return None
    return Calibration(
        check=CheckName.KNOWN_FACES,
        score=scale.score,
        direction=LOWER_IS_BETTER,
        unit=scale.unit,
        model_id=used.model_id,
        model_sha256=used.sha256,
        measured_on=used.measured_on,
        data_set=measured.listed.data_set(),
        operating_points=points,
        notes=_SEARCH_NOTES,
    )


def search_points(measured: Measured) -> Mapping[tuple[int, float], OperatingPoint]:
    """One operating point per size and fpir, the measured sizes before the extrapolated ones."""
    searches, strangers = measured.searches, measured.comparisons.non_mated
    found = {
        (size, rate): _measured_point(searches, size, rate)
        for size in SIZES
        for rate in FPIRS
        if size < searches.strangers.shape[1] and len(searches.mated)
    }
    if len(strangers) * _FOLLOWED_TO < 10 or not found:  # noqa: PLR2004 - false matches that the tail is fitted to
        return found
    further = {
        (size, rate): _further_point(searches, extrapolated_threshold(strangers, size, rate), size, rate)
        for size in LARGER_SIZES
        for rate in FPIRS
    }
    return {**found, **further}


def _measured_point(searches: Searches, size: int, rate: float) -> OperatingPoint:
    threshold = threshold_for(searches, size, rate)
    measured = fpir_at(searches, size, threshold)
    return OperatingPoint(f"fpir_at_{size}", rate, threshold, measured, (fnir_at(searches, threshold),))


def _further_point(searches: Searches, threshold: float, size: int, rate: float) -> OperatingPoint:
    nobody = Rate("fpir_extrapolated", rate, 0.0, 1.0, len(searches.strangers))
    return OperatingPoint(f"fpir_at_{size}", rate, threshold, nobody, (fnir_at(searches, threshold),))


def _rates(point: Point) -> tuple[Rate, ...]:
    ratio = () if point.ratio is None else (_ratio(point),)
    return (point.fmr, point.fnmr, point.fmr_of_identity_pairs, *ratio)


def _ratio(point: Point) -> Rate:
    rate, low, high = point.ratio or (0.0, 0.0, 0.0)
    return Rate("fmr_ratio", rate, low, high, point.fmr.n)
