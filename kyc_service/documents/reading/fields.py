"""From rows of text to a field: its confidence, its place, and whether it is certain."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from kyc_service.documents.finding.locate import LocatedDocument
from kyc_service.documents.reading.certainty import confidences_of, is_certain, is_gapless
from kyc_service.documents.reading.rows import Row, outline
from kyc_service.domain.document import FieldName, FieldReading

_FREE_TEXT: Final = frozenset({FieldName.FULL_NAME, FieldName.ADDRESS, FieldName.AUTHORITY})


def field_of(
    document: LocatedDocument,
    name: FieldName,
    rows: Sequence[Row | None],
    *,
    text: str | None = None,
    is_sound: bool = True,
    is_confirmed: bool = False,
    has_fixed_pitch: bool = False,
) -> FieldReading | None:
    """The field called ``name`` on ``rows`` of ``document``; ``None`` where nothing stands there.

    Without ``is_sound`` it is uncertain. ``is_confirmed``: check digits cover it and hold.
    ``has_fixed_pitch``: every character has its cell, so a gap hides nothing that was dropped.
    """
    found = [row for row in rows if row is not None and row.characters]
    if not found:
        return None
    mean, lowest = confidences_of(found)
    return FieldReading(
        name=name,
        capture=document.region.capture,
        text="".join(row.text for row in found) if text is None else text,
        confidence=mean,
        min_confidence=lowest,
        region=document.region_of(outline(found), name.value),
        is_certain=is_sound
        and (has_fixed_pitch or name not in _FREE_TEXT or is_gapless(found))
        and is_certain(name, lowest, is_confirmed=is_confirmed),
    )
