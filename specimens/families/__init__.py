"""The families that can be drawn, by name."""

from specimens.families.cn_resident_card import CnResidentCard
from specimens.families.protocol import Family

FAMILIES: dict[str, Family] = {family.name: family for family in (CnResidentCard(),)}
