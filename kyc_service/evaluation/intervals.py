"""Figures with their 95 % intervals, in the form the report keeps them.

A share of independent trials has Wilson's interval. Where a document has several trials (the
characters of a name), documents are redrawn with replacement, the same draws every time.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import Final, TypedDict

import numpy as np
from numpy.typing import NDArray

from kyc_service.evaluation.rates import wilson

_REPLICATES: Final = 1000
_SEED: Final = 19795
_INTERVAL: Final = (2.5, 97.5)
_DIGITS: Final = 6


class Share(TypedDict):
    """``count`` of ``n``; the rate and its interval are ``None`` where there were no trials."""

    count: int
    n: int
    rate: float | None
    ci_low: float | None
    ci_high: float | None


def share(count: int, n: int) -> Share:
    """``count`` of ``n`` with Wilson's interval.

    >>> share(1, 2)["rate"], share(0, 0)["rate"]
    (0.5, None)
    """
    if n == 0:
        return {"count": 0, "n": 0, "rate": None, "ci_low": None, "ci_high": None}
    rate = wilson("share", count, n)
    return {
        "count": count,
        "n": n,
        "rate": rounded(rate.rate),
        "ci_low": rounded(rate.ci_low),
        "ci_high": rounded(rate.ci_high),
    }


def share_of(claims: Iterable[bool]) -> Share:
    """How many of ``claims`` hold.

    >>> share_of([True, False, True, True])["count"]
    3
    """
    held = list(claims)
    return share(sum(held), len(held))


def error_rate(trials: Iterable[tuple[Hashable, int, int]]) -> Share:
    """Errors per unit of length, from (document, errors, length); documents are redrawn for the interval.

    >>> error_rate([("a", 1, 10), ("a", 0, 10), ("b", 1, 20)])["rate"]
    0.05
    """
    totals: dict[Hashable, NDArray[np.float64]] = {}
    for document, errors, length in trials:
        totals[document] = totals.get(document, np.zeros(2)) + np.array([errors, length], np.float64)
    if not totals:
        return share(0, 0)
    table = np.stack(list(totals.values()))
    errors_in_all, length_of_all = table.sum(axis=0)
    redrawn = draws(len(table)) @ table
    low, high = np.percentile(redrawn[:, 0] / redrawn[:, 1], _INTERVAL)
    return {
        "count": int(errors_in_all),
        "n": int(length_of_all),
        "rate": rounded(errors_in_all / length_of_all),
        "ci_low": rounded(low),
        "ci_high": rounded(high),
    }


def draws(count: int, replicates: int = _REPLICATES, seed: int = _SEED) -> NDArray[np.float64]:
    """How often each of ``count`` documents is drawn, per replicate (replicates x count)."""
    generator = np.random.default_rng(seed)
    return generator.multinomial(count, np.full(count, 1 / count), size=replicates).astype(np.float64)


def rounded(value: float) -> float:
    """Six significant digits: more would be noise, and would differ between machines."""
    return float(f"{float(value):.{_DIGITS}g}")
