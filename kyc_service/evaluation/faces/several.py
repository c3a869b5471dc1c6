"""One template from several pictures of a person: what averaging the frames of a clip may give.

Of every person with enough pictures, each run of k of them (in the order of their names,
round and round) makes a template, which is compared with the person's other pictures and
with all pictures of others, at thresholds set for single pictures. Every person weighs alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kyc_service.evaluation.intervals import draws
from kyc_service.evaluation.rates import Rate, wilson
from kyc_service.faces.embed import averaged

COUNTS: Final = (1, 2, 3)
LEAST_PICTURES: Final = 5
_INTERVAL: Final = (2.5, 97.5)


def several_at(
    templates: NDArray[np.float32], people: NDArray[np.int64], count: int, threshold: float
) -> tuple[Rate, Rate] | None:
    """What templates of ``count`` pictures miss and match falsely: fnmr and fmr; None where nobody has enough.

    ``templates`` are T x D, ``people`` the person on each. ``n`` is how many people there are.
    """
    enough = np.flatnonzero(np.bincount(people) >= LEAST_PICTURES)
    if not len(enough):
        return None
    shares = np.array([_shares(templates, people == person, count, threshold) for person in enough])
    fnmr, fmr = (_rate(kind, column) for kind, column in zip(("fnmr", "fmr"), shares.T, strict=True))
    return fnmr, fmr


def _shares(
    templates: NDArray[np.float32], own: NDArray[np.bool_], count: int, threshold: float
) -> tuple[float, float]:
    """Share of own pictures missed, and of others' matched."""
    pictures, strangers = templates[own], templates[~own]
    missed, matched = [], []
    for chosen in _runs(len(pictures), count):
        template = averaged(list(pictures[chosen]))
        rest = np.delete(pictures, chosen, axis=0)
        missed.append(float(np.mean(rest @ template < threshold)))
        matched.append(float(np.mean(strangers @ template >= threshold)))
    return float(np.mean(missed)), float(np.mean(matched))


def _runs(pictures: int, count: int) -> Iterator[Sequence[int]]:
    """Every run of ``count`` neighbours, the first following on the last."""
    for start in range(pictures):
        yield [(start + step) % pictures for step in range(count)]


def _rate(kind: str, shares: NDArray[np.float64]) -> Rate:
    """The mean over people; its interval from drawing them, where nobody has an error Wilson's."""
    rate = float(shares.mean())
    if not shares.any():
        return wilson(kind, 0, len(shares))
    low, high = np.percentile(draws(len(shares)) @ shares / len(shares), _INTERVAL)
    return Rate(kind, rate, min(rate, float(low)), max(rate, float(high)), len(shares))
