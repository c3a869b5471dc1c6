"""Verification error rates from templates: the given mated pairs, and all pairs of strangers.

Comparisons that share a person are not independent, so intervals come from drawing
identities, not comparisons, with replacement; where that says less than Wilson's
interval (few errors or none), the wider of the two stands.

Source: ISO/IEC 19795-1 (fmr, fnmr); Bolle, Ratha, Pankanti, "Error analysis of pattern
recognition systems: the subsets bootstrap" (2004).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kyc_service.evaluation.rates import Rate, wilson

_REPLICATES: Final = 2000
_SEED: Final = 20261123
_INTERVAL: Final = (2.5, 97.5)
_BLOCK: Final = 1024
"""Rows of templates compared at once: keeps the memory to what is returned."""

Similarities = NDArray[np.floating]
Indices = NDArray[np.integer]


@dataclass(frozen=True, slots=True, eq=False)
class Comparisons:
    """Scores (higher is better) with the identities behind them.

    ``mated``: M scores, ``mated_identity``: M indices. ``non_mated``: K scores between
    different identities, ``non_mated_identities``: K x 2 indices. ``templates_of``: how
    many templates each identity has.
    """

    mated: Similarities
    mated_identity: Indices
    non_mated: Similarities
    non_mated_identities: Indices
    templates_of: Indices


def compare_all(similarity: Similarities, identities: Indices, mated_pairs: Indices) -> Comparisons:
    """Sort a full matrix of scores (T x T) into mated and non-mated comparisons.

    ``identities``: the identity of each template (T), ``mated_pairs``: M x 2 indices of templates.
    """
    scores, ends = [], []
    for start in range(0, len(identities), _BLOCK):
        rows = np.arange(start, min(start + _BLOCK, len(identities)))
        columns = np.arange(len(identities))
        wanted = (columns[np.newaxis, :] > rows[:, np.newaxis]) & (identities[rows, np.newaxis] != identities)
        one, two = np.nonzero(wanted)
        scores.append(similarity[rows][wanted])
        ends.append(np.stack([identities[rows[one]], identities[two]], axis=1).astype(np.int32))
    return Comparisons(
        mated=similarity[mated_pairs[:, 0], mated_pairs[:, 1]],
        mated_identity=identities[mated_pairs[:, 0]],
        non_mated=np.concatenate(scores),
        non_mated_identities=np.concatenate(ends),
        templates_of=np.bincount(identities),
    )


def fmr_at(comparisons: Comparisons, threshold: float) -> Rate:
    """Share of comparisons between strangers that meet ``threshold``."""
    falsely = int((comparisons.non_mated >= threshold).sum())
    plain = wilson("fmr", falsely, len(comparisons.non_mated))
    return _widened(plain, fmr_replicates(comparisons, threshold))


def fmr_replicates(comparisons: Comparisons, threshold: float) -> NDArray[np.float64]:
    """The same share in each redrawn set of identities."""
    counts = comparisons.templates_of.astype(np.float64)
    weights = _draws(len(counts))
    return _weighted_sum(_errors(comparisons, threshold), weights) / np.maximum(_pairs(weights * counts), 1.0)


def fmr_of_identity_pairs_at(comparisons: Comparisons, threshold: float) -> Rate:
    """The same with every two persons weighing alike, however many pictures there are of them.

    Two much-photographed look-alikes can make up most of :func:`fmr_at`.
    """
    counts = comparisons.templates_of.astype(np.float64)
    one, two, errors = _errors(comparisons, threshold)
    shares = errors / (counts[one] * counts[two])
    n = len(counts) * (len(counts) - 1) // 2
    plain = wilson("fmr_of_identity_pairs", round(float(shares.sum())), n)
    weights = _draws(len(counts))
    redrawn = _weighted_sum((one, two, shares), weights) / np.maximum(_pairs(weights), 1.0)
    return _widened(replace(plain, rate=float(shares.sum()) / n), redrawn)


def fnmr_at(comparisons: Comparisons, threshold: float) -> Rate:
    """Share of mated pairs that miss ``threshold``."""
    missed = comparisons.mated < threshold
    plain = wilson("fnmr", int(missed.sum()), len(missed))
    count = len(comparisons.templates_of)
    errors = np.bincount(comparisons.mated_identity, weights=missed, minlength=count)
    trials = np.bincount(comparisons.mated_identity, minlength=count)
    weights = _draws(count)
    rates = (weights @ errors) / np.maximum(weights @ trials, 1.0)
    return _widened(plain, rates)


def fmr_ratio(group: Comparisons, overall: Comparisons, threshold: float) -> tuple[float, float, float] | None:
    """``group``'s fmr over the overall one, and its 95 % interval; both sets of people redrawn.

    None where nobody at all matches falsely.
    """
    overall_rate = float(np.mean(overall.non_mated >= threshold))
    if overall_rate <= 0:
        return None
    rate = float(np.mean(group.non_mated >= threshold)) / overall_rate
    least = 0.5 / len(overall.non_mated)
    # The draws of both sets begin with the same seed; shifted by one they are independent.
    redrawn = fmr_replicates(group, threshold) / np.maximum(np.roll(fmr_replicates(overall, threshold), 1), least)
    low, high = np.percentile(redrawn, _INTERVAL)
    return rate, min(rate, float(low)), max(rate, float(high))


@lru_cache(maxsize=4)
def _draws(count: int) -> NDArray[np.float64]:
    """How often each identity is drawn, per replicate; the same draws every time."""
    generator = np.random.default_rng(_SEED)
    return generator.multinomial(count, np.full(count, 1 / count), size=_REPLICATES).astype(np.float64)


def _errors(comparisons: Comparisons, threshold: float) -> tuple[Indices, Indices, NDArray[np.float64]]:
    """Pairs of identities that match falsely (lower index, higher index), and how often each does."""
    count = len(comparisons.templates_of)
    ends = comparisons.non_mated_identities[comparisons.non_mated >= threshold].astype(np.int64)
    keys, errors = np.unique(ends.min(axis=1) * count + ends.max(axis=1), return_counts=True)
    return keys // count, keys % count, errors.astype(np.float64)


def _weighted_sum(
    errors: tuple[Indices, Indices, NDArray[np.float64]], weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Sum over pairs of identities, each weighted by how often both were drawn; one per replicate."""
    one, two, values = errors
    count = weights.shape[1]
    if len(values) * len(weights) <= count * count * 4:
        return np.asarray([(w[one] * w[two]) @ values for w in weights], dtype=np.float64)
    matrix = np.zeros((count, count), dtype=np.float32)
    matrix[one, two] = values
    small = weights.astype(np.float32)
    return np.asarray(((small @ matrix) * small).sum(axis=1), dtype=np.float64)


def _pairs(weighted: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sum of products over all pairs of different identities (R x I -> R)."""
    return np.asarray((weighted.sum(axis=1) ** 2 - (weighted**2).sum(axis=1)) / 2, dtype=np.float64)


def _widened(plain: Rate, rates: NDArray[np.float64]) -> Rate:
    low, high = np.percentile(rates, _INTERVAL)
    return replace(plain, ci_low=min(plain.ci_low, float(low)), ci_high=max(plain.ci_high, float(high)))
