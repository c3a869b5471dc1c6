"""``python -m kyc_service.evaluation.liveness``: calibrate passive liveness on bona fide pictures.

Thresholds are set by how many bona fide pictures they turn away (bpcer). Attacks, where
a list of them is given, are reported per species beside each threshold; a handful of
them measures nothing but shows the intervals to be as wide as they are.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections import defaultdict
from pathlib import Path
from typing import Final

import numpy as np

from kyc_service.domain.checks import CheckName
from kyc_service.evaluation.calibration import HIGHER_IS_BETTER, Calibration, OperatingPoint, write_calibration
from kyc_service.evaluation.pictures import PairList, look_at, read_pairs
from kyc_service.evaluation.rates import Rate, Scores, rejecting_threshold, wilson
from kyc_service.evaluation.setting import Setting, add_common_arguments, open_setting
from kyc_service.inference.manifest import Task
from kyc_service.liveness.passive import PAD_SCORE, assess

BPCERS: Final = (0.2, 0.1, 0.05, 0.01)
_NOTES: Final = (
    "Press photographs stand in for bona fide selfies; cameras, distances and light of real use differ.",
    "Attack presentations are far too few to state an apcer; read the upper ends of the intervals.",
)


def calibrate(setting: Setting, title: str, bona_fide: PairList, attacks: dict[str, list[str]]) -> Calibration:
    """Thresholds for each of :data:`BPCERS`; ``attacks`` are pictures by species."""
    scores = _scores(setting, list(bona_fide.paths))
    by_species = {species: _scores(setting, paths) for species, paths in sorted(attacks.items())}
    model_id, model = setting.model(Task.PASSIVE_LIVENESS)
    return Calibration(
        check=CheckName.LIVENESS_PASSIVE,
        score=PAD_SCORE,
        direction=HIGHER_IS_BETTER,
        unit="softmax",
        model_id=model_id,
        model_sha256=model.sha256,
        measured_on=setting.measured_on,
        data_set=bona_fide.data_set(title),
        operating_points=tuple(_point(scores, rate, by_species) for rate in BPCERS),
        notes=_NOTES,
    )


def _point(scores: Scores, rate: float, attacks: dict[str, Scores]) -> OperatingPoint:
    threshold = rejecting_threshold(scores, rate)
    measured = wilson("bpcer", int((scores < threshold).sum()), len(scores))
    return OperatingPoint("bpcer", rate, threshold, measured, tuple(_apcer(s, threshold, attacks[s]) for s in attacks))


def _apcer(species: str, threshold: float, scores: Scores) -> Rate:
    return wilson(f"apcer.{species}", int((scores >= threshold).sum()), len(scores))


def _scores(setting: Setting, paths: list[str]) -> Scores:
    seen = look_at(paths, setting.root, setting.engines, "liveness")
    found = [assess(picture, look.face, setting.engines).native for _, picture, look in seen if look.face is not None]
    return np.array(found, dtype=np.float64)


def read_attacks(path: Path, prefix: str) -> dict[str, list[str]]:
    """Read a CSV with the columns path, label (real or spoof), attack: spoofs by species."""
    attacks: dict[str, list[str]] = defaultdict(list)
    for row in csv.DictReader(path.read_text("utf-8").splitlines()):
        if row["label"] == "spoof":
            attacks[row["attack"]].append(prefix + row["path"])
    return dict(attacks)


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description="Calibrate passive liveness.")
    add_common_arguments(parser)
    parser.add_argument("--pairs", type=Path, required=True, help="CSV that names the bona fide pictures")
    parser.add_argument("--attacks", type=Path, help="CSV: path, label, attack")
    parser.add_argument("--attacks-prefix", default="", help="put before each path of --attacks")
    given = parser.parse_args(arguments)
    attacks = read_attacks(given.attacks, given.attacks_prefix) if given.attacks else {}
    made = calibrate(open_setting(given), given.title, read_pairs(given.pairs), attacks)
    sys.stdout.write(f"{write_calibration(made, given.out)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
