"""What a zone's alphabet makes of the recogniser's doubts.

The recogniser knows thousands of characters and shares its certainty among those that
look alike: ``O``, ``o`` and ``0`` in a name, ``P`` and ``p`` at the start. A zone holds
capitals, digits and fillers only, and a name no digits (ICAO 9303-3), so readings that
come to the same character there count together.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from kyc_service.documents.reading.rows import Row
from kyc_service.inference.ocr import Character

_LETTERS: Final = str.maketrans("015826ρ", "OISBZGP")


def in_zone(row: Row, *, holds_letters_only: bool) -> Row:
    """``row`` with the confidence of each character as one of the zone's; text and places unchanged."""
    lines = []
    for line in row.lines:
        characters = tuple(_pooled(c, holds_letters_only=holds_letters_only) for c in line.characters)
        lines.append(replace(line, characters=characters))
    return Row(tuple(lines))


def _pooled(character: Character, *, holds_letters_only: bool) -> Character:
    def fold(text: str) -> str:
        capital = text.upper()
        return capital.translate(_LETTERS) if holds_letters_only else capital

    alike = sum(share for text, share in character.alternatives if fold(text) == fold(character.text))
    return replace(character, confidence=min(1.0, character.confidence + alike))
