"""The families that can be drawn, by name."""

from specimens.families.aamva import Aamva
from specimens.families.cn_foreign_resident_card import CnForeignResidentCard
from specimens.families.cn_resident_card import CnResidentCard
from specimens.families.other import NotAnIdentityDocument
from specimens.families.protocol import Family
from specimens.families.travel import TRAVEL_FAMILIES

FAMILIES: dict[str, Family] = {
    family.name: family
    for family in (CnResidentCard(), CnForeignResidentCard(), *TRAVEL_FAMILIES, Aamva(), NotAnIdentityDocument())
}
