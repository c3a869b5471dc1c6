"""The families that can be drawn, by name."""

from specimens.families.protocol import Family

FAMILIES: dict[str, Family] = {}
