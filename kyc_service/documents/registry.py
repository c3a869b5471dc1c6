"""The families that are read. A country is added by a module in ``families`` and its line here."""

from __future__ import annotations

from typing import Final

from kyc_service.documents.families.cn_resident_card import CnResidentCardBack, CnResidentCardFront
from kyc_service.documents.families.icao_mrz import IcaoMrz
from kyc_service.documents.families.protocol import Family, PrintFamily

LINE_FAMILIES: Final[tuple[Family, ...]] = (IcaoMrz(), CnResidentCardBack(), CnResidentCardFront())
"""In the order in which they are asked: the surer a line tells, the earlier."""
PRINT_FAMILIES: Final[tuple[PrintFamily, ...]] = ()
"""Asked once all text of a page was read, because no line of it told a family."""
