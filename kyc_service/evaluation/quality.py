"""``python -m kyc_service.evaluation.quality``: calibrate the selfie's quality limits.

A limit is set by how many usable pictures it would turn away.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from pathlib import Path
from typing import Final

import numpy as np

from kyc_service.domain.checks import CheckName
from kyc_service.domain.measurements import Score
from kyc_service.evaluation.calibration import (
    HIGHER_IS_BETTER,
    LOWER_IS_BETTER,
    Calibration,
    OperatingPoint,
    write_calibration,
)
from kyc_service.evaluation.pictures import PairList, look_at, read_pairs
from kyc_service.evaluation.rates import Scores, rejecting_threshold, wilson
from kyc_service.evaluation.setting import Setting, add_common_arguments, open_setting
from kyc_service.inference.manifest import Task

RATES: Final = (0.05, 0.01, 0.001)
DIRECTIONS: Final = {
    "yaw_deg": (LOWER_IS_BETTER, "degrees"),
    "sharpness": (HIGHER_IS_BETTER, "share of variation"),
    "brightness": (HIGHER_IS_BETTER, "luma"),
    "overexposed_fraction": (LOWER_IS_BETTER, "share of pixels"),
}
_NOTES: Final = (
    "Press photographs, all taken as usable: a limit says what is rare among them, not what spoils a comparison.",
)


def calibrate(setting: Setting, title: str, listed: PairList) -> list[Calibration]:
    """One calibration per score of :data:`DIRECTIONS`."""
    found: dict[str, list[float]] = defaultdict(list)
    for _, _, look in look_at(listed.paths, setting.root, setting.engines, "quality"):
        for measurement in look.measurements:
            if isinstance(measurement, Score):
                found[measurement.name].append(measurement.native)
    return [_calibration(setting, title, listed, name, np.array(found[name])) for name in DIRECTIONS]


def _calibration(setting: Setting, title: str, listed: PairList, name: str, scores: Scores) -> Calibration:
    direction, unit = DIRECTIONS[name]
    model_id, model = setting.model(Task.FACE_DETECTION)
    return Calibration(
        check=CheckName.FACE_QUALITY,
        score=name,
        direction=direction,
        unit=unit,
        model_id=model_id,
        model_sha256=model.sha256,
        measured_on=setting.measured_on,
        data_set=listed.data_set(title),
        operating_points=tuple(_point(scores, rate, 1 if direction == HIGHER_IS_BETTER else -1) for rate in RATES),
        notes=_NOTES,
    )


def _point(scores: Scores, rate: float, sign: int) -> OperatingPoint:
    """``sign`` -1 turns a score that is better when lower."""
    limit = rejecting_threshold(sign * scores, rate)
    measured = wilson("bona_fide_rejection", int((sign * scores < limit).sum()), len(scores))
    return OperatingPoint("bona_fide_rejection", rate, sign * limit, measured)


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description="Calibrate the selfie's quality limits.")
    add_common_arguments(parser)
    parser.add_argument("--pairs", type=Path, required=True, help="CSV that names the pictures")
    given = parser.parse_args(arguments)
    for made in calibrate(open_setting(given), given.title, read_pairs(given.pairs)):
        sys.stdout.write(f"{write_calibration(made, given.out)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
