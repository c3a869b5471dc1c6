"""All figures of one run, as the JSON that is written and the page that is drawn hold them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from kyc_service.evaluation.det import det_points, thinned
from kyc_service.evaluation.intervals import rounded, share
from kyc_service.evaluation.pad.observing import MODEL, PAD, NonResponse, Trial
from kyc_service.evaluation.pad.rates import apcer, auc_with_interval, bpcer, threshold_at_apcer
from kyc_service.evaluation.rates import Scores, rejecting_threshold

SCHEMA: Final = 1
APCERS: Final = (0.05, 0.01)
BPCERS: Final = (0.05, 0.01)
_BINS: Final = 20


@dataclass(frozen=True, slots=True)
class PadRun:
    """What was measured with what: the list, the models by id and SHA-256, thresholds calibrated before, by BPCER."""

    title: str
    list_sha256: str
    models: Mapping[str, str]
    measured_on: str
    calibrated: Mapping[float, float]


def pad_figures(run: PadRun, trials: Sequence[Trial]) -> dict[str, Any]:
    """The figures; no paths, no names."""
    by_species = _by_species(trials)
    return {
        "schema": SCHEMA,
        "data_set": {
            "title": run.title,
            "list_sha256": run.list_sha256,
            "presentations": len(trials),
            "clips": sum(trial.is_clip for trial in trials),
            "subjects": len({trial.presentation.subject for trial in trials}),
        },
        "measured_on": run.measured_on,
        "models": dict(run.models),
        "terms": "ISO/IEC 30107-3",
        "non_responses": _non_responses(trials, by_species),
        "scores": [_score(name, run, trials, by_species) for name in (PAD, MODEL)],
        "timings": _timings(trials),
    }


def _by_species(trials: Sequence[Trial]) -> dict[str, list[Trial]]:
    found: dict[str, list[Trial]] = {}
    for trial in trials:
        if not trial.presentation.is_bona_fide:
            found.setdefault(trial.presentation.species, []).append(trial)
    return dict(sorted(found.items()))


def _non_responses(trials: Sequence[Trial], by_species: Mapping[str, Sequence[Trial]]) -> dict[str, Any]:
    honest = [trial for trial in trials if trial.presentation.is_bona_fide]
    return {
        "bpnrr": _unanswered(honest),
        "apnrr": [{"species": name, **_unanswered(part)} for name, part in by_species.items()],
    }


def _unanswered(trials: Sequence[Trial]) -> dict[str, Any]:
    without = [trial.non_response for trial in trials if trial.non_response is not None]
    return {**share(len(without), len(trials)), "causes": {cause.value: without.count(cause) for cause in NonResponse}}


def _score(name: str, run: PadRun, trials: Sequence[Trial], by_species: Mapping[str, list[Trial]]) -> dict[str, Any]:
    honest, people = _answered([t for t in trials if t.presentation.is_bona_fide], name)
    attacks = {species: _answered(part, name) for species, part in by_species.items()}
    scores = {species: found for species, (found, _) in attacks.items()}
    every = np.concatenate(list(scores.values())) if scores else np.empty(0)
    everyone = [subject for _, subjects in attacks.values() for subject in subjects]
    calibrated = dict(run.calibrated) if name == PAD else {}
    return {
        "score": name,
        "auc": auc_with_interval(honest, people, every, everyone),
        "species": [
            {
                "species": species,
                "auc": auc_with_interval(honest, people, *attacks[species]),
                "bpcer_at_apcer": [_at_apcer(honest, {species: scores[species]}, rate) for rate in APCERS],
                "det": thinned(det_points(honest, scores[species])) if len(honest) and len(scores[species]) else [],
                "histogram": _histogram(scores[species]),
            }
            for species in scores
        ],
        "bona_fide_histogram": _histogram(honest),
        "worst_bpcer_at_apcer": [_at_apcer(honest, scores, rate) for rate in APCERS],
        "at_calibrated_thresholds": [
            _at(honest, scores, t, rate) for rate, t in sorted(calibrated.items(), reverse=True)
        ],
        "at_own_thresholds": [
            _at(honest, scores, rejecting_threshold(honest, rate), rate) for rate in BPCERS if len(honest)
        ],
    }


def _answered(trials: Sequence[Trial], name: str) -> tuple[Scores, list[str]]:
    found = [(trial.scores[name], trial.presentation.subject) for trial in trials if name in trial.scores]
    return np.array([score for score, _ in found], np.float64), [subject for _, subject in found]


def _at_apcer(honest: Scores, species: Mapping[str, Scores], rate: float) -> dict[str, Any]:
    threshold = threshold_at_apcer(species, rate)
    return {"apcer": rate, "threshold": rounded(threshold), "bpcer": bpcer(honest, threshold)}


def _at(honest: Scores, species: Mapping[str, Scores], threshold: float, rate: float) -> dict[str, Any]:
    found = [{"species": name, **apcer(scores, threshold)} for name, scores in species.items()]
    measured = [entry for entry in found if entry["n"]]
    worst = max(measured, key=lambda entry: (entry["rate"], entry["ci_high"]), default=None)
    return {
        "wanted_bpcer": rate, "threshold": rounded(threshold), "bpcer": bpcer(honest, threshold), "apcer": found,
        "worst": worst,
    }  # fmt: skip


def _histogram(scores: Scores) -> list[int]:
    return [int(count) for count in np.histogram(scores, bins=_BINS, range=(0, 1))[0]]


def _timings(trials: Sequence[Trial]) -> dict[str, float]:
    times = [ms for trial in trials for ms in trial.frame_ms]
    if not times:
        return {}
    p50, p95 = np.percentile(times, (50, 95))
    return {"frames": len(times), "p50_ms": rounded(p50), "p95_ms": rounded(p95)}
