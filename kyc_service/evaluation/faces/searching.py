"""Open-set search (1:N) from templates: fpir and fnir at gallery sizes that can be measured, and beyond.

Every person's first picture may stand in the gallery; every picture is searched for. For
galleries of N people drawn at random the share of false alarms needs no drawing: a probe
with k of M other people at or above the threshold meets none of them with probability
C(M - k, N) / C(M, N). Beyond the measured sizes the tail of the strangers' scores is
continued; such figures are marked as extrapolated.

Source: ISO/IEC 19795-1 (fpir, fnir).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kyc_service.evaluation.rates import Rate, Scores, wilson

SIZES: Final = (100, 400)
LARGER_SIZES: Final = (10_000, 100_000)
FPIRS: Final = (0.1, 0.01)
_TAIL: Final = (1e-2, 1e-5)
"""Where the strangers' tail is followed, in fmr."""
_DECIMALS: Final = 6


@dataclass(frozen=True, slots=True, eq=False)
class Searches:
    """Every picture against every person's first picture.

    ``strangers``: P x M, each picture against the other people's first pictures, sorted from
    low to high in each row. ``mated``: scores of the pictures that are not the first against
    their own person's first.
    """

    strangers: Scores
    mated: Scores


def searches_of(similarity: NDArray[np.floating], people: NDArray[np.int64]) -> Searches:
    """From a full matrix of similarities (T x T) and the person on each picture (T)."""
    _, first = np.unique(people, return_index=True)
    against_first = similarity[:, first].astype(np.float64)
    own = people
    strangers = np.stack([np.delete(row, person) for row, person in zip(against_first, own, strict=True)])
    later = np.setdiff1d(np.arange(len(people)), first)
    return Searches(np.sort(strangers, axis=1), against_first[later, own[later]])


def fpir_at(searches: Searches, size: int, threshold: float) -> Rate:
    """Share of searches for a person who is not in a gallery of ``size`` people that raise a false alarm.

    Each person of the gallery's ``size`` is drawn from all others at random.

    Raises:
        ValueError: There are not that many other people.
    """
    pictures, others = searches.strangers.shape
    if size > others:
        raise ValueError(f"a gallery of {size} cannot be drawn from {others} people")
    above = others - np.array([np.searchsorted(row, threshold, side="left") for row in searches.strangers])
    missed = np.array([_none_drawn(others, int(k), size) for k in range(int(above.max()) + 1)])
    rate = float(np.mean(1 - missed[above]))
    return _with_rate(wilson("fpir", round(rate * pictures), pictures), rate)


def fnir_at(searches: Searches, threshold: float) -> Rate:
    """Share of searches for a person in the gallery who is not among the hits; the same for every size."""
    return wilson("fnir", int((searches.mated < threshold).sum()), len(searches.mated))


def threshold_for(searches: Searches, size: int, rate: float) -> float:
    """The mildest threshold of six decimals with an fpir of at most ``rate``."""
    low, high = -1.0, 1.0
    while high - low > 10**-_DECIMALS:
        middle = (low + high) / 2
        low, high = (low, middle) if fpir_at(searches, size, middle).rate <= rate else (middle, high)
    return math.ceil(high * 10**_DECIMALS) / 10**_DECIMALS


def extrapolated_threshold(non_mated: NDArray[np.floating], size: int, rate: float) -> float:
    """The threshold at which ``size`` independent comparisons raise an alarm with probability ``rate``.

    The logarithm of the fmr is continued as a parabola of the score, fitted where it is
    measured: what it would be if scores were normally distributed far out, too.
    """
    wanted = -math.expm1(math.log1p(-rate) / size)
    rates = np.geomspace(_TAIL[0], max(_TAIL[1], 5 / len(non_mated)), 24)
    scores = np.quantile(non_mated, 1 - rates)
    bend, slope, level = (float(value) for value in np.polyfit(scores, np.log(rates), 2))
    level -= math.log(wanted)
    if bend >= 0:
        slope, level = (float(value) for value in np.polyfit(scores, np.log(rates), 1))
        return math.ceil((math.log(wanted) - level) / slope * 10**_DECIMALS) / 10**_DECIMALS
    root = (-slope - math.sqrt(slope * slope - 4 * bend * level)) / (2 * bend)
    return math.ceil(root * 10**_DECIMALS) / 10**_DECIMALS


def _none_drawn(others: int, above: int, size: int) -> float:
    """Probability that none of ``above`` is among ``size`` drawn from ``others`` without putting back."""
    if above > others - size:
        return 0.0
    return math.exp(
        math.lgamma(others - above + 1)
        - math.lgamma(others - above - size + 1)
        - math.lgamma(others + 1)
        + math.lgamma(others - size + 1)
    )


def _with_rate(interval: Rate, rate: float) -> Rate:
    return Rate(interval.kind, rate, min(interval.ci_low, rate), max(interval.ci_high, rate), interval.n)
