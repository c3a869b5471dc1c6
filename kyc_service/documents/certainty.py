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

DEFAULT_LIMIT: Final = 0.80
LIMITS: Final[Mapping[FieldName, float]] = MappingProxyType({})


def confidences_of(rows: Sequence[Row]) -> tuple[float, float]:
    """Mean and lowest confidence of all characters; 0, 0 where there are none."""
    values = [c.confidence for row in rows for c in row.characters]
    return (sum(values) / len(values), min(values)) if values else (0.0, 0.0)


def is_certain(name: FieldName, lowest: float) -> bool:
    """Whether the lowest character of a field called ``name`` is above the limit measured for it."""
    return lowest >= LIMITS.get(name, DEFAULT_LIMIT)
