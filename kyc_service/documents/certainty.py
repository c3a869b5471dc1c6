"""How sure is sure: below which confidence a field may neither clear nor reject anything.

A limit belongs to the recogniser and the kind of field. It was set where, on drawn cards
with their blur, noise and light made worse step by step, no wrong field was seen above it;
``python -m pytest tests/documents/test_certainty.py -m models`` repeats a small run of that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from kyc_service.documents.rows import Row
from kyc_service.domain.document import FieldName

_FILLERS: Final = "<«‹＜"
DEFAULT_LIMIT: Final = 0.80
LIMITS: Final[Mapping[FieldName, float]] = MappingProxyType({})


def confidences_of(rows: Sequence[Row]) -> tuple[float, float]:
    """Mean and lowest confidence of all characters; 0, 0 where there are none.

    Filler of a machine-readable zone is left out: how many of a run were seen is not what
    a field says, and its length comes from the format.
    """
    values = [c.confidence for row in rows for c in row.characters if c.text not in _FILLERS]
    return (sum(values) / len(values), min(values)) if values else (0.0, 0.0)


CHECKED_LIMIT: Final = 0.5
"""For fields that check digits cover and confirm: two wrong characters pass those of a zone once in a hundred."""


def is_certain(name: FieldName, lowest: float, *, is_confirmed: bool = False) -> bool:
    """Whether the lowest character of a field called ``name`` is above the limit measured for it.

    ``is_confirmed``: check digits cover the field and hold. They expose a misreading; they
    never choose between readings.
    """
    return lowest >= (CHECKED_LIMIT if is_confirmed else LIMITS.get(name, DEFAULT_LIMIT))
