"""What must not happen: a wrong value that passes for certain, or that ends as clear.

Attacked pictures are counted apart: what an attack has altered is read rightly where it
differs from the genuine document, so there the same counts say how many alterations pass.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Final

from kyc_service.evaluation.documents.comparing import Compared, compare, population_of
from kyc_service.evaluation.documents.observing import FIELDS_THAT_DECIDE
from kyc_service.evaluation.documents.seen import PictureSeen
from kyc_service.evaluation.intervals import share_of

POPULATIONS: Final = ("plain", "fault", "attack")


def wrong_figures(pictures: Iterable[PictureSeen]) -> list[dict[str, Any]]:
    """Wrong but certain, and wrong but clear, of the kept pictures; by field and population."""
    found: dict[tuple[str, str], list[Compared]] = defaultdict(list)
    for seen in pictures:
        for compared in compare(seen):
            if compared.is_kept and compared.field in FIELDS_THAT_DECIDE:
                found[compared.field, population_of(seen.picture)].append(compared)
    return [
        {
            "field": field,
            "population": population,
            "wrong_but_certain": share_of(c.is_wrong_but_certain for c in found[field, population]),
            "wrong_but_clear": share_of(c.is_wrong_but_clear for c in found[field, population]),
        }
        for field in FIELDS_THAT_DECIDE
        for population in POPULATIONS
        if (field, population) in found
    ]


def wrong_cases(pictures: Iterable[PictureSeen]) -> list[Compared]:
    """Every wrong value of a field that decides which was certain or clear; bona fide pictures first, the clear first."""
    cases = [c for seen in pictures for c in compare(seen) if c.field in FIELDS_THAT_DECIDE]
    return sorted((c for c in cases if c.is_wrong_but_certain or c.is_wrong_but_clear), key=_gravity)


def _gravity(compared: Compared) -> tuple[int, bool, int]:
    population = population_of(compared.seen.picture)
    rank = POPULATIONS.index(population) if population in POPULATIONS else len(POPULATIONS)
    return rank, not compared.is_wrong_but_clear, compared.seen.picture.row
