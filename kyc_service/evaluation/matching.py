"""Verification error rates from templates: the given mated pairs, and all pairs of strangers.

Comparisons that share a person are not independent, so intervals come from drawing
identities, not comparisons, with replacement; where that says less than Wilson's
interval (few errors or none), the wider of the two stands.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kyc_service.evaluation.rates import Rate, Scores, wilson

_REPLICATES: Final = 2000
_SEED: Final = 20261123
_INTERVAL: Final = (2.5, 97.5)


@dataclass(frozen=True, slots=True, eq=False)
class Comparisons:
    """Scores (higher is better) with the identities behind them.

    ``mated``: M scores, ``mated_identity``: M indices. ``non_mated``: K scores between
    different identities, ``non_mated_identities``: K x 2 indices. ``templates_of``: how
    many templates each identity has.
    """

    mated: Scores
    mated_identity: NDArray[np.int64]
    non_mated: Scores
    non_mated_identities: NDArray[np.int64]
    templates_of: NDArray[np.int64]


def compare_all(similarity: Scores, identities: NDArray[np.int64], mated_pairs: NDArray[np.int64]) -> Comparisons:
    """Sort a full matrix of scores (T x T) into mated and non-mated comparisons.

    ``identities``: the identity of each template (T), ``mated_pairs``: M x 2 indices of templates.
    """
    rows, columns = np.triu_indices(len(identities), k=1)
    strangers = identities[rows] != identities[columns]
    rows, columns = rows[strangers], columns[strangers]
    return Comparisons(
        mated=similarity[mated_pairs[:, 0], mated_pairs[:, 1]],
        mated_identity=identities[mated_pairs[:, 0]],
        non_mated=similarity[rows, columns],
        non_mated_identities=np.stack([identities[rows], identities[columns]], axis=1),
        templates_of=np.bincount(identities),
    )


def fmr_at(comparisons: Comparisons, threshold: float) -> Rate:
    """Share of comparisons between strangers that meet ``threshold``."""
    falsely = comparisons.non_mated >= threshold
    plain = wilson("fmr", int(falsely.sum()), len(falsely))
    return _widened(plain, _redrawn(_errors(comparisons, threshold), _trials(comparisons)))


def fmr_of_identity_pairs_at(comparisons: Comparisons, threshold: float) -> Rate:
    """The same with every two persons weighing alike, however many pictures there are of them.

    Two much-photographed look-alikes can make up most of :func:`fmr_at`.
    """
    trials = _trials(comparisons)
    shares = _errors(comparisons, threshold) / np.maximum(trials, 1.0)
    pairs = (trials > 0).astype(np.float64)
    n = int(pairs.sum())
    plain = wilson("fmr_of_identity_pairs", round(float(shares.sum())), n)
    return _widened(replace(plain, rate=float(shares.sum()) / n), _redrawn(shares, pairs))


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


def _draws(count: int) -> NDArray[np.float64]:
    """How often each identity is drawn, per replicate; the same draws every time."""
    generator = np.random.default_rng(_SEED)
    return generator.multinomial(count, np.full(count, 1 / count), size=_REPLICATES).astype(np.float64)


def _errors(comparisons: Comparisons, threshold: float) -> NDArray[np.float64]:
    """False matches by identity (I x I, above the diagonal)."""
    count = len(comparisons.templates_of)
    errors = np.zeros((count, count))
    ends = comparisons.non_mated_identities[comparisons.non_mated >= threshold]
    np.add.at(errors, (ends.min(axis=1), ends.max(axis=1)), 1.0)
    return errors


def _trials(comparisons: Comparisons) -> NDArray[np.float64]:
    """Comparisons by identity (I x I, above the diagonal)."""
    counts = comparisons.templates_of.astype(np.float64)
    return np.triu(np.outer(counts, counts), k=1)


def _redrawn(errors: NDArray[np.float64], trials: NDArray[np.float64]) -> NDArray[np.float64]:
    """The rate in each replicate."""
    weights = _draws(len(errors))
    return _weighted(weights, errors) / np.maximum(_weighted(weights, trials), 1.0)


def _weighted(weights: NDArray[np.float64], matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sum over pairs of identities, each weighted by how often both were drawn."""
    return np.asarray(((weights @ matrix) * weights).sum(axis=1), dtype=np.float64)


def _widened(plain: Rate, rates: NDArray[np.float64]) -> Rate:
    low, high = np.percentile(rates, _INTERVAL)
    return replace(plain, ci_low=min(plain.ci_low, float(low)), ci_high=max(plain.ci_high, float(high)))
