"""``python -m kyc_service.evaluation.authenticity``: train, calibrate and measure the authenticity classifiers.

Three disjoint sets of folders written by the specimens' generator: weights come from the first (bona fide and
attacks), thresholds from the bona fide pictures of the second, error rates from the third. All attacks are simulated.
Document and places are those that the service reads; what it does not read is counted apart.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import numpy as np

from kyc_service.documents.authenticity.classifier import Classifier, read_classifier
from kyc_service.documents.authenticity.measure import NUMBER_SPLICE, PORTRAIT_SPLICE
from kyc_service.evaluation.authenticity_fit import PLANS, Plan, Table, fit, write
from kyc_service.evaluation.authenticity_set import BONA_FIDE, Sample, SampleSet, read_sets
from kyc_service.evaluation.calibration import HIGHER_IS_BETTER, Calibration, OperatingPoint, write_calibration
from kyc_service.evaluation.rates import Rate, Scores, rejecting_threshold, wilson

BPCERS: Final = (0.05, 0.01)
NOTES: Final = (
    "Every picture is a generated specimen: bona fide captures and attacks alike are simulated.",
    "Pictures of one document are not independent; intervals take them as if they were.",
    "beside: apcer per attack and bpcer on other documents than those that set the threshold.",
)


def group_of(plan: Plan, sample: Sample) -> dict[str, float]:
    """The measures that the plan's classifier takes; empty where it cannot answer."""
    if (
        not sample.is_read
        or (plan.needs_outline and not sample.has_outline)
        or sample.document_px < plan.min_document_px
        or (plan.families and sample.family not in plan.families)
    ):
        return {}
    return {NUMBER_SPLICE: sample.number, PORTRAIT_SPLICE: sample.portrait}.get(plan.score, sample.surface)


def scored(plan: Plan, classifier: Classifier, samples: Sequence[Sample]) -> Scores:
    """Native scores of the samples that are answered."""
    return np.array([classifier.native(group) for s in samples if (group := group_of(plan, s))], np.float64)


def train(plan: Plan, samples: SampleSet, folder: Path) -> Classifier:
    """Fit, write and read back."""

    def table(attacks: tuple[str, ...]) -> Table:
        groups = [group_of(plan, s) for s in samples.samples if s.attack in attacks]
        return np.array([[group[name] for name in plan.names] for group in groups if group], np.float64)

    path = write(fit(plan, table((BONA_FIDE,)), table(plan.species)), folder)
    return read_classifier(path.read_bytes())


def calibrate(plan: Plan, classifier: Classifier, honest: SampleSet, test: SampleSet, title: str) -> Calibration:
    """Thresholds from the bona fide pictures of ``honest``, error rates beside them from ``test``."""
    bona_fide = scored(plan, classifier, [s for s in honest.samples if s.attack == BONA_FIDE])
    by_kind = {kind: scored(plan, classifier, part) for kind, part in _by_attack(test.samples).items()}
    return Calibration(
        check=plan.check,
        score=plan.score,
        direction=HIGHER_IS_BETTER,
        unit="probability of bona fide among equally many simulated attacks",
        model_id=classifier.model_id,
        model_sha256=classifier.sha256,
        measured_on=datetime.now(UTC).date().isoformat(),
        data_set=honest.data_set(title),
        operating_points=tuple(_point(plan, rate, bona_fide, by_kind) for rate in BPCERS),
        notes=NOTES,
    )


def _by_attack(samples: Sequence[Sample]) -> dict[str, list[Sample]]:
    parts: dict[str, list[Sample]] = defaultdict(list)
    for sample in samples:
        parts[sample.attack].append(sample)
    return dict(sorted(parts.items()))


def _point(plan: Plan, rate: float, bona_fide: Scores, by_kind: dict[str, Scores]) -> OperatingPoint:
    threshold = rejecting_threshold(bona_fide, rate)
    beside = [
        wilson(f"apcer.{kind}", int((by_kind[kind] >= threshold).sum()), len(by_kind[kind]))
        for kind in plan.species
        if len(by_kind.get(kind, ()))
    ]
    if len(by_kind.get(BONA_FIDE, ())):
        honest = by_kind[BONA_FIDE]
        beside.append(wilson("bpcer.test", int((honest < threshold).sum()), len(honest)))
    return OperatingPoint(
        "bpcer",
        rate,
        threshold,
        wilson("bpcer", int((bona_fide < threshold).sum()), len(bona_fide)),
        tuple(beside),
    )


def table_of(plan: Plan, classifier: Classifier, thresholds: dict[float, float], test: SampleSet) -> list[str]:
    """Rows of Markdown: share turned away per attack and severity, with its interval, who was not assessed and who was not read."""
    lines = []
    for kind, part in _by_attack(test.samples).items():
        if kind not in (*plan.species, BONA_FIDE):
            continue
        for severity in ("all", *sorted({s.severity for s in part})):
            chosen = part if severity == "all" else [s for s in part if s.severity == severity]
            found, read = scored(plan, classifier, chosen), sum(s.is_read for s in chosen)
            cells = " | ".join(_cell(found, thresholds[rate]) for rate in sorted(thresholds))
            counts = f"{len(found)} | {read - len(found)} | {len(chosen) - read}"
            lines.append(f"| {plan.score} | {kind} | {severity} | {cells} | {counts} |")
    return lines


def _cell(found: Scores, threshold: float) -> str:
    if not len(found):
        return "-"
    rate: Rate = wilson("turned_away", int((found < threshold).sum()), len(found))
    return f"{100 * rate.rate:.0f} % ({100 * rate.ci_low:.0f}-{100 * rate.ci_high:.0f})"


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description="Train, calibrate and measure the authenticity classifiers.")
    for name in ("train", "calibrate", "test"):
        parser.add_argument(f"--{name}", type=Path, nargs="+", required=True, help="folders with a manifest.csv")
    parser.add_argument("--models", type=Path, default=Path("models"), help="the models' folder")
    parser.add_argument("--out", type=Path, default=Path("models/calibration"), help="where the calibrations go")
    parser.add_argument("--title", default="Generated specimens, split test", help="of the calibrating set")
    given = parser.parse_args(arguments)
    train_set, honest, test = (
        read_sets(folders, given.models) for folders in (given.train, given.calibrate, given.test)
    )
    head = " | ".join(f"turned away at BPCER {100 * rate:g} %" for rate in sorted(BPCERS))
    lines = [
        f"| score | picture | severity | {head} | n | not assessed | not read |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for plan in PLANS:
        classifier = train(plan, train_set, given.models / "authenticity")
        made = calibrate(plan, classifier, honest, test, given.title)
        write_calibration(made, given.out)
        lines += table_of(plan, classifier, {p.rate: p.threshold for p in made.operating_points}, test)
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
