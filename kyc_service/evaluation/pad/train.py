"""``python -m kyc_service.evaluation.pad.train``: fit, calibrate and measure the classifier of passive liveness.

All inputs are files written by ``python -m kyc_service.evaluation.pad.looks``. Weights come from ``--train`` (bona fide
and attacks) and ``--train-photos`` (bona fide), thresholds from the bona fide presentations of ``--calibrate`` (the
stricter of the two thresholds wins), error rates from ``--test``: other persons and other simulators than in training.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import numpy as np

from kyc_service.evaluation.calibration import write_calibration
from kyc_service.evaluation.pad.calibrate import pad_calibration
from kyc_service.evaluation.pad.fit import fit, to_bytes
from kyc_service.evaluation.pad.looks import Seen, SeenSet, read_seen
from kyc_service.evaluation.pad.observing import MODEL, PAD, scores_of
from kyc_service.evaluation.pad.rates import apcer, auc_with_interval, bpcer
from kyc_service.evaluation.pad.setting import CLASSIFIER_FILE
from kyc_service.evaluation.rates import Scores
from kyc_service.liveness.passive import PadClassifier
from kyc_service.liveness.passive.classifier import read_pad_classifier

TITLES: Final = (
    "LFW deep-funneled, fold 0 of view 2, half of the persons",
    "LFW deep-funneled, fold 0, half of the persons, through a simulated camera",
)


def scored(seen: Sequence[Seen], classifier: PadClassifier, name: str) -> tuple[Scores, list[str]]:
    """Scores of the presentations with a response, and whose they are."""
    found = [(scores_of(one.looks, classifier)[name], one.subject) for one in seen if one.looks]
    return np.array([score for score, _ in found], np.float64), [subject for _, subject in found]


def by_species(seen: Sequence[Seen]) -> dict[str, list[Seen]]:
    """Attacks by species."""
    found: dict[str, list[Seen]] = {}
    for one in seen:
        if one.species:
            found.setdefault(one.species, []).append(one)
    return dict(sorted(found.items()))


def honest_of(seen: SeenSet) -> list[Seen]:
    """The bona fide ones."""
    return [one for one in seen.seen if not one.species]


def table(test: SeenSet, classifier: PadClassifier, thresholds: Mapping[float, float]) -> list[str]:
    """Rows of Markdown: per species the areas under the curve, and APCER at each threshold."""
    honest = {name: scored(honest_of(test), classifier, name) for name in (PAD, MODEL)}
    head = " | ".join(f"APCER at BPCER {100 * rate:g} %" for rate in sorted(thresholds, reverse=True))
    lines = [
        f"| species | n | AUC fused | AUC network alone | {head} |",
        "|---|---|---|---|" + "---|" * len(thresholds),
    ]
    for species, part in {**by_species(test.seen), "all": [one for one in test.seen if one.species]}.items():
        areas = []
        for name in (PAD, MODEL):
            found = auc_with_interval(*honest[name], *scored(part, classifier, name))
            areas.append(f"{found['auc']:.3f} ({found['ci_low']:.3f}-{found['ci_high']:.3f})")
        scores, _ = scored(part, classifier, PAD)
        cells = " | ".join(_percent(apcer(scores, thresholds[rate])) for rate in sorted(thresholds, reverse=True))
        lines.append(f"| {species} | {len(scores)} | {areas[0]} | {areas[1]} | {cells} |")
    own = " | ".join(_percent(bpcer(honest[PAD][0], thresholds[rate])) for rate in sorted(thresholds, reverse=True))
    lines.append(f"| bona fide (BPCER) | {len(honest[PAD][0])} | | | {own} |")
    return lines


def _percent(found: Mapping[str, object]) -> str:
    low, middle, high = (f"{100 * float(str(found[key])):.0f}" for key in ("ci_low", "rate", "ci_high"))
    return f"{middle} % ({low}-{high})"


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description="Fit, calibrate and measure the classifier of passive liveness.")
    for name in ("train", "train-photos", "test"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--calibrate", type=Path, nargs=2, required=True, help="photographs, and simulated captures")
    parser.add_argument("--titles", nargs=2, default=TITLES, help="of the two sets that calibrate")
    parser.add_argument("--models", type=Path, default=Path("models"))
    parser.add_argument("--out", type=Path, default=Path("models/calibration"))
    given = parser.parse_args(arguments)
    train, photos, test = (read_seen(path) for path in (given.train, given.train_photos, given.test))
    fitted = to_bytes(fit([honest_of(train), honest_of(photos)], [one for one in train.seen if one.species]))
    path = given.models / CLASSIFIER_FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(fitted)
    classifier = read_pad_classifier(fitted)
    sets = [read_seen(one) for one in given.calibrate]
    data = [(s.data_set(t), scored(honest_of(s), classifier, PAD)[0]) for s, t in zip(sets, given.titles, strict=True)]
    attacks = {name: scored(part, classifier, PAD)[0] for name, part in by_species(test.seen).items()}
    made = pad_calibration(classifier, data, attacks, datetime.now(UTC).date().isoformat())
    written = write_calibration(made, given.out)
    thresholds = {point.rate: point.threshold for point in made.operating_points if point.rate < 0.1}  # noqa: PLR2004 - the two a policy names
    sys.stdout.write("\n".join(table(test, classifier, thresholds)) + f"\n{path}\n{written}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
