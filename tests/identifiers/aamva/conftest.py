"""Payloads as the versions of the standard lay them out; holders and numbers are invented."""

from __future__ import annotations

from datetime import date

import pytest

TODAY = date(2026, 11, 23)

V10 = (
    "@\n\x1e\rANSI 636000100102DL00410278ZV03190008"
    "DLDAQT64235789\nDCSSAMPLE\nDDEN\nDACMICHAEL\nDDFN\nDADJOHN\nDDGN\nDCUJR\nDCAD\nDCBK\nDCDPH\nDBD06062019\n"
    "DBB06061986\nDBA12102034\nDBC1\nDAU068 in\nDAYBRO\nDAG2300 WEST BROAD STREET\nDAIRICHMOND\nDAJVA\n"
    "DAK232690000  \nDCF2424244747474786102204\nDCGUSA\nDCK123456789\nDDAF\nDDB06062018\nDDC06062030\nDDD1\r"
    "ZVZVA01\r"
)
"""Version 10 (2020): the example of the standard's own annex, with later dates."""

V1 = (
    "@\n\x1e\rANSI 6360030101DL00290171"
    "DLDAQX-520-098-009-843\nDAADOE,SUE,ANN,\nDAG1 SAMPLE RD\nDAIANYTOWN\nDAJMD\nDAK21201     \nDARC   \nDASB   \n"
    "DAT     \nDBA20300405\nDBB19700405\nDBC2\nDBD20150405\nDAU505\nDAW135\r"
)
"""Version 1 (2000): one field for the name, years first, no jurisdiction version."""

V3 = (
    "@\n\x1e\rANSI 636026030102DL00410200ZA02410010"
    "DLDCAD\nDCBNONE\nDCDNONE\nDBA01021930\nDCSROE\nDCTJANE,MARY\nDBD01022025\nDBB01021980\nDBC9\nDAYBRO\nDAU066 IN\n"
    "DAG99 EXAMPLE AVE\nDAIPHOENIX\nDAJAZ\nDAK850011234\nDAQD01234567\nDCFDD12\nDCGUSA\nDCHNONE\r"
    "ZAZAAN\r"
)
"""Version 3 (2005): given names in one field (and a date of expiry that lies before its issue)."""

ONTARIO = (
    "@\n\x1e\rANSI 636012030001DL00000367"
    "DLDCAG   \nDCBX    \nDCDNONE \nDBA20291107\nDCSPUBLIC\nDCTJOHN,QUINCY\nDBD20241107\nDBB19801107\nDBC1\nDAYNONE\n"
    "DAU180 CM\nDAG2 EXAMPLE ST\nDAITORONTO\nDAJON\nDAKM5V 2T6   \nDAQP9999-12345-01107\nDCFDF1234567\nDCGCAN\r"
)
"""Version 3 as Ontario prints it: an offset of zero, years first, codes padded with spaces."""


@pytest.fixture(params=[V10, V1, ONTARIO], ids=["v10", "v1", "ontario"])
def genuine(request: pytest.FixtureRequest) -> str:
    """Each payload in which nothing is wrong."""
    return str(request.param)
