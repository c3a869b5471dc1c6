"""Everything that was measured of one list of pairs, and of the groups beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kyc_service.evaluation.faces.pairs import PairList
from kyc_service.evaluation.faces.scales import COSINE, Scale, comparisons_of, people_of
from kyc_service.evaluation.faces.searching import Searches, searches_of
from kyc_service.evaluation.faces.several import COUNTS, several_at
from kyc_service.evaluation.matching import (
    Comparisons,
    fmr_at,
    fmr_of_identity_pairs_at,
    fmr_ratio,
    fnmr_at,
)
from kyc_service.evaluation.rates import Rate, accepting_threshold
from kyc_service.inference.engines import Embedding

FMRS: Final = (1e-1, 1e-2, 1e-3, 1e-4, 1e-5)
_SEVERAL_AT: Final = (1e-3, 1e-4)


@dataclass(frozen=True, slots=True)
class Point:
    """What happens at one threshold (as a similarity) of one list. ``ratio``: fmr over the overall one, with its interval."""

    fmr: Rate
    fnmr: Rate
    fmr_of_identity_pairs: Rate
    ratio: tuple[float, float, float] | None = None


@dataclass(frozen=True, slots=True)
class Several:
    """Templates of ``count`` pictures at the threshold for ``rate`` among single pictures."""

    count: int
    rate: float
    fnmr: Rate
    fmr: Rate


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """A list of pairs under one scale: thresholds as similarities, one point each, and each group's points."""

    listed: PairList
    comparisons: Comparisons
    thresholds: tuple[float, ...]
    points: tuple[Point, ...]
    groups: tuple[tuple[PairList, tuple[Point, ...]], ...]
    searches: Searches
    several: tuple[Several, ...] = ()


def measure(scale: Scale, templates: dict[str, Embedding], listed: PairList, groups: Sequence[PairList]) -> Measured:
    """Compare all there is; groups are measured at the thresholds of ``listed`` and move none.

    Raises:
        ValueError: No mated or no non-mated comparison has templates on both sides.
    """
    comparisons = comparisons_of(scale, templates, listed)
    if not len(comparisons.mated) or not len(comparisons.non_mated):
        raise ValueError("nothing to compare: in no mated pair, or in no two folders, was a face found")
    thresholds = tuple(accepting_threshold(comparisons.non_mated, rate) for rate in FMRS)
    paths = [path for path in listed.paths if path in templates]
    stacked, people = np.stack([templates[path] for path in paths]), people_of(paths)
    return Measured(
        listed=listed,
        comparisons=comparisons,
        thresholds=thresholds,
        points=tuple(point_at(comparisons, threshold) for threshold in thresholds),
        groups=tuple((group, _group(scale, templates, group, comparisons, thresholds)) for group in groups),
        searches=searches_of(scale.similarity(stacked), people),
        several=tuple(_several(stacked, people, thresholds)) if scale is COSINE else (),
    )


def _several(
    templates: NDArray[np.float32], people: NDArray[np.int64], thresholds: Sequence[float]
) -> Iterator[Several]:
    wanted = [(rate, at) for rate, at in zip(FMRS, thresholds, strict=True) if rate in _SEVERAL_AT]
    for rate, threshold in wanted:
        for count in COUNTS:
            found = several_at(templates, people, count, threshold)
            if found is not None:
                yield Several(count, rate, *found)


def point_at(comparisons: Comparisons, threshold: float, overall: Comparisons | None = None) -> Point:
    """Error rates of ``comparisons`` at ``threshold``, beside ``overall`` where these are of a group."""
    return Point(
        fmr=fmr_at(comparisons, threshold),
        fnmr=fnmr_at(comparisons, threshold),
        fmr_of_identity_pairs=fmr_of_identity_pairs_at(comparisons, threshold),
        ratio=None if overall is None else fmr_ratio(comparisons, overall, threshold),
    )


def _group(
    scale: Scale, templates: dict[str, Embedding], group: PairList, overall: Comparisons, thresholds: Sequence[float]
) -> tuple[Point, ...]:
    comparisons = comparisons_of(scale, templates, group)
    return tuple(point_at(comparisons, threshold, overall) for threshold in thresholds)
