"""Fit the classifier of passive liveness: how much each cue may lower the score.

A cue counts only above its knee, where three quarters of the bona fide pictures lie below, and only against a face; its weight is
never negative. The network's weight is not fitted but given: on simulated pictures the network knows little, on real
ones it is the only part that ever saw real attacks.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kyc_service.domain.checks import CheckName
from kyc_service.evaluation.pad.looks import Seen
from kyc_service.liveness.passive import PAD_SCORE
from kyc_service.liveness.passive.classifier import SCHEMA, log_odds
from kyc_service.liveness.passive.cues import borders, periodic, surface

Table = NDArray[np.float64]

MODEL_ID: Final = "passive_liveness"
NAMES: Final = (*periodic.NAMES, *borders.NAMES, *surface.NAMES)
MODEL_WEIGHT: Final = 0.3
MODEL_BOUND: Final = 6.0
BOUND: Final = 3.0
RIDGE: Final = 0.02
STEPS: Final = 6000
_LEAST_SPREAD: Final = 0.05
_KNEE: Final = 75.0
_REACH: Final = 95.0


@dataclass(frozen=True, slots=True)
class Scale:
    """Where each cue starts to count, and the unit it is counted in."""

    knees: Table
    spreads: Table


def fit(honest: Sequence[Sequence[Seen]], attacks: Sequence[Seen]) -> dict[str, object]:
    """The classifier as its file holds it.

    Each of the ``honest`` sets weighs alike, and so does each species; knees and spreads are those of the set in
    which the cue is the louder, so that a cue that tells two kinds of cameras apart does not count.
    """
    sets = [_cues(part) for part in honest]
    scale = _scale(sets)
    species = sorted({one.species for one in attacks})
    parts = [*(list(part) for part in honest), *([one for one in attacks if one.species == name] for name in species)]
    shares = [*([0.5 / len(sets)] * len(sets)), *([0.5 / len(species)] * len(species))]
    rows = np.concatenate([_above(_cues(part), scale) for part in parts])
    own = np.concatenate([_network(part) for part in parts])
    truth = np.concatenate([np.full(len(_network(part)), float(i < len(sets))) for i, part in enumerate(parts)])
    share = np.concatenate(
        [np.full(len(_network(p)), s / len(_network(p))) for p, s in zip(parts, shares, strict=True)]
    )
    weights, bias = _descend(rows, own, truth, share)
    return _written(scale, weights, bias, species)


def _cues(seen: Sequence[Seen]) -> Table:
    """One row per frame; a cue that was not taken is as quiet as can be."""
    rows = [[look.cues.get(name, -np.inf) for name in NAMES] for one in seen for look in one.looks]
    return np.array(rows, np.float64).reshape(-1, len(NAMES))


def _network(seen: Sequence[Seen]) -> Table:
    found = [log_odds(look.model_probability) for one in seen for look in one.looks]
    return MODEL_WEIGHT * np.clip(np.array(found, np.float64), -MODEL_BOUND, MODEL_BOUND)


def _scale(sets: Sequence[Table]) -> Scale:
    knees = np.max([np.percentile(rows, _KNEE, axis=0) for rows in sets], axis=0)
    ends = np.max([np.percentile(rows, _REACH, axis=0) for rows in sets], axis=0)
    return Scale(knees, np.maximum(ends - knees, np.maximum(_LEAST_SPREAD * np.abs(knees), _LEAST_SPREAD / 2)))


def _above(rows: Table, scale: Scale) -> Table:
    return np.clip((rows - scale.knees) / scale.spreads, 0, BOUND)


def _descend(rows: Table, own: Table, truth: Table, share: Table) -> tuple[Table, float]:
    """Logistic regression by projected gradient steps with momentum (Nesterov); no weight becomes negative."""
    weights, bias = np.zeros(rows.shape[1]), 0.0
    ahead, ahead_bias = weights, bias
    rate = 1.0 / (0.25 * float(np.linalg.norm(rows.T * share @ rows, 2)) + RIDGE + 0.25)
    for step in range(STEPS):
        error = share * (1.0 / (1.0 + np.exp(-(ahead_bias + own - rows @ ahead))) - truth)
        new = np.maximum(0.0, ahead - rate * (RIDGE * ahead - rows.T @ error))
        new_bias = ahead_bias - rate * float(error.sum())
        pull = step / (step + 3)
        ahead, ahead_bias = new + pull * (new - weights), new_bias + pull * (new_bias - bias)
        weights, bias = new, new_bias
    return weights, bias


def _written(scale: Scale, weights: Table, bias: float, species: Sequence[str]) -> dict[str, object]:
    kept = [i for i, weight in enumerate(weights) if weight > 0.01]  # noqa: PLR2004 - the rest counts for nothing
    cues: list[Mapping[str, object]] = [
        {
            "name": NAMES[i],
            "knee": _six(scale.knees[i]),
            "spread": _six(scale.spreads[i]),
            "weight": _six(weights[i]),
            "bound": BOUND,
        }
        for i in kept
    ]
    return {
        "schema": SCHEMA,
        "id": MODEL_ID,
        "check": CheckName.LIVENESS_PASSIVE.value,
        "score": PAD_SCORE,
        "bias": _six(bias),
        "model": {"weight": MODEL_WEIGHT, "bound": MODEL_BOUND},
        "cues": cues,
        "species": list(species),
    }


def to_bytes(fitted: Mapping[str, object]) -> bytes:
    """The file's content; the same fit gives the same bytes."""
    return (json.dumps(fitted, indent=2, sort_keys=True, ensure_ascii=False) + "\n").encode()


def _six(value: float) -> float:
    return float(f"{value:.6g}")
