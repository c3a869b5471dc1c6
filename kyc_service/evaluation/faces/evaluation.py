"""One run over one list of pairs, as one JSON document: what the table and the page are made from.

The schema is documented in ``docs/evaluate-faces.md``. It holds totals only: no paths, no
names, no pictures, no templates.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from kyc_service import __version__
from kyc_service.evaluation.calibration import OperatingPoint
from kyc_service.evaluation.det import thinned
from kyc_service.evaluation.faces.calibrating import search_points
from kyc_service.evaluation.faces.describing import Described
from kyc_service.evaluation.faces.measuring import FMRS, Measured, Point, point_at
from kyc_service.evaluation.faces.pairs import PairList
from kyc_service.evaluation.faces.scales import COSINE, comparisons_of
from kyc_service.evaluation.intervals import rounded, share
from kyc_service.evaluation.matching import Comparisons
from kyc_service.evaluation.rates import Rate

SCHEMA: Final = 1
KIND: Final = "face_evaluation"
_DET_RATES: Final = 240


@dataclass(frozen=True, slots=True)
class InForce:
    """A threshold that the service uses: of the calibration that lies beside its models."""

    rate: float
    threshold: float


@dataclass(frozen=True, slots=True)
class Run:
    """What was measured with: ``models`` are SHA-256 by manifest id, ``measured_on`` an ISO date."""

    models: Mapping[str, str]
    measured_on: str
    in_force: Sequence[InForce]


def evaluation_to_json(run: Run, measured: Measured, described: Described) -> dict[str, Any]:
    """Everything measured, as it is written out."""
    listed, groups = measured.listed, [group for group, _ in measured.groups]
    return {
        "schema": SCHEMA,
        "kind": KIND,
        "data_set": dataclasses.asdict(listed.data_set()),
        "made_with": {
            "service_version": __version__,
            "models": dict(run.models),
            "measured_on": run.measured_on,
        },
        "acquisition": _acquisition(listed, described),
        "comparisons": {
            "mated_listed": len(listed.mated),
            "mated": len(measured.comparisons.mated),
            "non_mated": len(measured.comparisons.non_mated),
        },
        "points": [
            {"fmr": rate, "threshold": rounded(threshold), **_point(point)}
            for rate, threshold, point in zip(FMRS, measured.thresholds, measured.points, strict=True)
        ],
        "in_force": [_in_force(one, measured.comparisons) for one in run.in_force],
        "groups": [
            _group(group, points, described, run, measured)
            for group, (_, points) in zip(groups, measured.groups, strict=True)
        ],
        "search": [_search(size, point) for (size, _), point in search_points(measured).items()],
        "several": [
            {"pictures": one.count, "fmr": one.rate, "measured": {"fnmr": _rate(one.fnmr), "fmr": _rate(one.fmr)}}
            for one in measured.several
        ],
        "det": det_of(measured.comparisons),
        "timings": _timings(described.times_ms),
    }


def det_of(comparisons: Comparisons) -> list[list[float]]:
    """(fmr, fnmr) from the strictest threshold to the mildest, for a plot."""
    strangers, mated = np.sort(comparisons.non_mated), np.sort(comparisons.mated)
    rates = np.geomspace(0.5 / len(strangers), 1, _DET_RATES)
    thresholds = np.unique(np.concatenate([np.quantile(strangers, 1 - rates), mated, [np.inf]]))[::-1]
    fmr = 1 - np.searchsorted(strangers, thresholds, side="left") / len(strangers)
    fnmr = np.searchsorted(mated, thresholds, side="left") / len(mated)
    return thinned(list(zip(fmr.tolist(), fnmr.tolist(), strict=True)))


def _acquisition(listed: PairList, described: Described) -> dict[str, Any]:
    failures = [described.failures[path] for path in listed.paths if path in described.failures]
    lost = sum(pair.path_a in described.failures or pair.path_b in described.failures for pair in listed.mated)
    return {
        "failed": share(len(failures), len(listed.paths)),
        "reasons": dict(sorted(Counter(failures).items())),
        "mated_pairs_lost": lost,
    }


def _point(point: Point) -> dict[str, Any]:
    ratio = (
        None
        if point.ratio is None
        else dict(zip(("ratio", "ci_low", "ci_high"), map(rounded, point.ratio), strict=True))
    )
    rates = (point.fmr, point.fnmr, point.fmr_of_identity_pairs)
    return {"measured": {rate.kind: _rate(rate) for rate in rates}, **({} if ratio is None else {"fmr_ratio": ratio})}


def _in_force(one: InForce, comparisons: Comparisons) -> dict[str, Any]:
    return {"fmr": one.rate, "threshold": one.threshold, **_point(point_at(comparisons, one.threshold))}


def _group(
    group: PairList, points: Sequence[Point], described: Described, run: Run, measured: Measured
) -> dict[str, Any]:
    own = comparisons_of(COSINE, described.templates[COSINE.score], group)
    return {
        **dataclasses.asdict(group.data_set()),
        "acquisition": _acquisition(group, described),
        "points": [{"fmr": rate, **_point(point)} for rate, point in zip(FMRS, points, strict=True)],
        "in_force": [
            {"fmr": one.rate, **_point(point_at(own, one.threshold, measured.comparisons))} for one in run.in_force
        ],
        "det": det_of(own),
    }


def _search(size: int, point: OperatingPoint) -> dict[str, Any]:
    (fnir,) = point.beside
    return {
        "gallery": size,
        "fpir": point.rate,
        "threshold": point.threshold,
        "is_extrapolated": point.measured.kind == "fpir_extrapolated",
        "measured": {"fpir": _rate(point.measured), "fnir": _rate(fnir)},
    }


def _rate(rate: Rate) -> dict[str, Any]:
    return {
        key: rounded(value) if isinstance(value, float) else value for key, value in dataclasses.asdict(rate).items()
    }


def _timings(times_ms: Sequence[float]) -> dict[str, Any]:
    if not times_ms:
        return {"pictures": 0}
    return {
        "pictures": len(times_ms),
        "p50_ms": rounded(float(np.median(times_ms))),
        "p95_ms": rounded(float(np.quantile(times_ms, 0.95))),
    }
