"""Thresholds of passive liveness by the share of bona fide presentations that they turn away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from kyc_service.domain.checks import CheckName
from kyc_service.evaluation.calibration import HIGHER_IS_BETTER, Calibration, DataSet, Group, OperatingPoint
from kyc_service.evaluation.rates import Rate, Scores, rejecting_threshold, wilson
from kyc_service.liveness.passive import PAD_SCORE, PadClassifier

BPCERS: Final = (0.2, 0.1, 0.05, 0.01)
UNIT: Final = "probability of bona fide among equally many simulated attacks"
NOTES: Final = (
    "Every attack is simulated; apcer of real instruments differs.",
    "Press photographs stand in for bona fide selfies; cameras, distances and light of real use differ.",
    "Of several sets of bona fide pictures the stricter threshold was taken; groups say what it costs on the others.",
)


def pad_calibration(
    classifier: PadClassifier,
    sets: Sequence[tuple[DataSet, Scores]],
    attacks: Mapping[str, Scores],
    measured_on: str,
) -> Calibration:
    """Thresholds for each of :data:`BPCERS`: the strictest that any of ``sets`` of bona fide scores gives.

    The first of ``sets`` is the file's own, the others are groups: on them more are turned away than was wanted.
    ``attacks`` are scores by species, reported beside.
    """
    thresholds = [max(rejecting_threshold(scores, rate) for _, scores in sets) for rate in BPCERS]
    own = sets[0][1]
    return Calibration(
        check=CheckName.LIVENESS_PASSIVE,
        score=PAD_SCORE,
        direction=HIGHER_IS_BETTER,
        unit=UNIT,
        model_id=classifier.model_id,
        model_sha256=classifier.sha256,
        measured_on=measured_on,
        data_set=sets[0][0],
        operating_points=tuple(
            OperatingPoint(
                "bpcer", rate, at, _bpcer(own, at), tuple(_apcer(s, at, attacks[s]) for s in sorted(attacks))
            )
            for rate, at in zip(BPCERS, thresholds, strict=True)
        ),
        groups=tuple(
            Group(data_set, tuple((_bpcer(scores, at),) for at in thresholds)) for data_set, scores in sets[1:]
        ),
        notes=NOTES,
    )


def _bpcer(scores: Scores, threshold: float) -> Rate:
    return wilson("bpcer", int(np.count_nonzero(scores < threshold)), len(scores))


def _apcer(species: str, threshold: float, scores: Scores) -> Rate:
    return wilson(f"apcer.{species}", int(np.count_nonzero(scores >= threshold)), len(scores))
