"""Fit the small linear classifiers of document authenticity: which measures, which attacks, which way each may count.

A measure may only count in the direction that its physics gives (a peak in the spectrum never speaks for a bona fide
capture); that and the ridge keep a few hundred simulated pictures from being learnt by heart.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kyc_service.documents.authenticity import measure as scores
from kyc_service.documents.authenticity import number_line
from kyc_service.domain.checks import CheckName

Table = NDArray[np.float64]

BOUND: Final = 4.0
RIDGE: Final = 0.02
STEPS: Final = 4000
_MAD_TO_SIGMA: Final = 1.4826


@dataclass(frozen=True, slots=True)
class Plan:
    """One score: its check, the attacks it is for, and its measures.

    ``against`` speak against bona fide the higher they are, ``for_`` the other way round.
    """

    score: str
    check: CheckName
    species: tuple[str, ...]
    against: tuple[str, ...]
    for_: tuple[str, ...] = ()
    min_document_px: float = 0.0
    families: tuple[str, ...] = ()
    needs_outline: bool = True

    @property
    def model_id(self) -> str:
        """The classifier's id."""
        return f"authenticity_{self.score}"

    @property
    def names(self) -> tuple[str, ...]:
        """All measures."""
        return self.against + self.for_


_PEAKS: Final = tuple(f"luma_{kind}_{i}" for kind in ("peak", "outliers") for i in (1, 2, 3))
_CARDS: Final = ("cn_resident_identity_card",)

PLANS: Final = (
    Plan(
        scores.SCREEN_RECAPTURE,
        CheckName.ORIGINAL_DOCUMENT_PRESENT,
        ("screen_phone", "screen_tablet", "screen_monitor"),
        (*_PEAKS, "chroma_peak_0", "chroma_peak_1", "chroma_peak_2"),
        min_document_px=640.0,
    ),
    Plan(
        scores.PRINT_COPY,
        CheckName.ORIGINAL_DOCUMENT_PRESENT,
        ("print_laser", "print_inkjet", "photocopy"),
        (*_PEAKS, "greyness"),
        min_document_px=640.0,
    ),
    Plan(
        scores.CAMERA_ABSENCE,
        CheckName.ORIGINAL_DOCUMENT_PRESENT,
        ("screenshot", "generated"),
        ("still_blocks", "equal_neighbours", "ground_still_blocks", "one_colour"),
        ("noise_p10", "noise_p30", "ground_noise"),
        needs_outline=False,
    ),
    Plan(
        scores.NUMBER_SPLICE,
        CheckName.DIGITAL_TAMPERING,
        ("number_splice_digital", "number_splice_physical", "copy_move"),
        number_line.FEATURES,
        families=_CARDS,
    ),
    Plan(
        scores.PORTRAIT_SPLICE,
        CheckName.PORTRAIT_INTEGRITY,
        ("portrait_splice_digital", "portrait_splice_physical"),
        (
            "edge_left",
            "edge_top",
            "edge_right",
            "edge_second",
            "noise_difference",
            "tone_luma",
            "tone_blue",
            "tone_red",
        ),
        families=_CARDS,
    ),
)


def fit(plan: Plan, bona_fide: Table, attacks: Table) -> dict[str, object]:
    """The classifier of ``plan`` as its file holds it; rows are pictures, columns ``plan.names``."""
    middles = np.median(bona_fide, axis=0)
    spreads = _MAD_TO_SIGMA * np.median(np.abs(bona_fide - middles), axis=0)
    spreads = np.maximum(spreads, np.maximum(bona_fide.std(axis=0) / 2, 1e-3))
    rows = np.clip((np.concatenate((bona_fide, attacks)) - middles) / spreads, -BOUND, BOUND)
    truth = np.concatenate((np.ones(len(bona_fide)), np.zeros(len(attacks))))
    # Both classes weigh alike, however many pictures there are of each.
    share = np.where(truth > 0, 0.5 / len(bona_fide), 0.5 / len(attacks))
    signs = np.array([-1.0] * len(plan.against) + [1.0] * len(plan.for_))
    weights, bias = _descend(rows, truth, share, signs)
    kept = [i for i, weight in enumerate(weights) if abs(weight) > 1e-4]  # noqa: PLR2004 - the rest counts for nothing
    return {
        "schema": 1,
        "id": plan.model_id,
        "check": plan.check.value,
        "score": plan.score,
        "measures": [
            {
                "name": plan.names[i],
                "middle": _six(middles[i]),
                "spread": _six(spreads[i]),
                "weight": _six(weights[i]),
            }
            for i in kept
        ],
        "bias": _six(bias),
        "bound": BOUND,
        "min_document_px": plan.min_document_px,
        "families": list(plan.families),
        "needs_outline": plan.needs_outline,
        "species": list(plan.species),
    }


def write(fitted: dict[str, object], folder: Path) -> Path:
    """The file; the same fit gives the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{fitted['score']}.json"
    path.write_text(json.dumps(fitted, indent=2, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def _descend(rows: Table, truth: Table, share: Table, signs: Table) -> tuple[Table, float]:
    """Logistic regression by projected gradient steps: a weight of the wrong sign is put to zero."""
    weights, bias = np.zeros(rows.shape[1]), 0.0
    rate = 1.0 / (0.25 * float(share @ (rows**2).sum(axis=1)) + RIDGE + 0.25)
    for _ in range(STEPS):
        odds = 1.0 / (1.0 + np.exp(-(rows @ weights + bias)))
        error = share * (odds - truth)
        weights = weights - rate * (rows.T @ error + RIDGE * weights)
        weights = np.where(weights * signs < 0, 0.0, weights)
        bias -= rate * float(error.sum())
    return weights, bias


def _six(value: float) -> float:
    return float(f"{value:.6g}")
