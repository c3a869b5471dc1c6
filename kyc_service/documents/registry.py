"""The families that are read. A country is added by a module in ``families`` and its line here."""

from __future__ import annotations

from typing import Final

from kyc_service.documents.families.aamva import AamvaCard
from kyc_service.documents.families.cn_foreign_resident_card import CnForeignResidentCard
from kyc_service.documents.families.cn_resident_card import CnResidentCardBack, CnResidentCardFront
from kyc_service.documents.families.icao_mrz import IcaoMrz
from kyc_service.documents.families.protocol import BarcodeFamily, Family, PlacedFamily, PrintFamily

LINE_FAMILIES: Final[tuple[Family, ...]] = (
    IcaoMrz(),
    CnForeignResidentCard(),
    CnResidentCardBack(),
    CnResidentCardFront(),
)
"""In the order in which they are asked: the surer a line tells, the earlier."""
BARCODE_FAMILIES: Final[tuple[BarcodeFamily, ...]] = (AamvaCard(),)
"""Asked of every barcode, where no line told a family."""
PRINT_FAMILIES: Final[tuple[PrintFamily, ...]] = (AamvaCard(),)
"""Asked once all text of a page was read, because no line of it told a family."""
PLACED_FAMILIES: Final[tuple[PlacedFamily, ...]] = (CnResidentCardFront(), CnResidentCardBack())
"""Those of them that are found and read by places."""
