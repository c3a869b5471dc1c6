"""Issuing states: ISO 3166-1 alpha-3 and the codes that only travel documents know.

Source: ISO 3166-1; ICAO Doc 9303 part 3, section 5 (parts A to D).
"""

from __future__ import annotations

from typing import Final

ISO_ALPHA_3: Final = frozenset(
    """
    ABW AFG AGO AIA ALA ALB AND ARE ARG ARM ASM ATA ATF ATG AUS AUT AZE BDI BEL BEN BES BFA BGD BGR BHR BHS BIH
    BLM BLR BLZ BMU BOL BRA BRB BRN BTN BVT BWA CAF CAN CCK CHE CHL CHN CIV CMR COD COG COK COL COM CPV CRI CUB
    CUW CXR CYM CYP CZE DEU DJI DMA DNK DOM DZA ECU EGY ERI ESH ESP EST ETH FIN FJI FLK FRA FRO FSM GAB GBR GEO
    GGY GHA GIB GIN GLP GMB GNB GNQ GRC GRD GRL GTM GUF GUM GUY HKG HMD HND HRV HTI HUN IDN IMN IND IOT IRL IRN
    IRQ ISL ISR ITA JAM JEY JOR JPN KAZ KEN KGZ KHM KIR KNA KOR KWT LAO LBN LBR LBY LCA LIE LKA LSO LTU LUX LVA
    MAC MAF MAR MCO MDA MDG MDV MEX MHL MKD MLI MLT MMR MNE MNG MNP MOZ MRT MSR MTQ MUS MWI MYS MYT NAM NCL NER
    NFK NGA NIC NIU NLD NOR NPL NRU NZL OMN PAK PAN PCN PER PHL PLW PNG POL PRI PRK PRT PRY PSE PYF QAT REU ROU
    RUS RWA SAU SDN SEN SGP SGS SHN SJM SLB SLE SLV SMR SOM SPM SRB SSD STP SUR SVK SVN SWE SWZ SXM SYC SYR TCA
    TCD TGO THA TJK TKL TKM TLS TON TTO TUN TUR TUV TWN TZA UGA UKR UMI URY USA UZB VAT VCT VEN VGB VIR VNM VUT
    WLF WSM YEM ZAF ZMB ZWE
    """.split()  # noqa: SIM905 - 249 quoted strings would hide the list
)
_BRITISH: Final = frozenset({"GBD", "GBN", "GBO", "GBP", "GBS"})
# Organisations, Kosovo, the Order of Malta and the Utopia of specimens issue under their own codes.
_OTHER_ISSUERS: Final = frozenset(
    {
        "EUE",
        "RKS",
        "UNA",
        "UNK",
        "UNO",
        "UTO",
        "XBA",
        "XCC",
        "XCE",
        "XCO",
        "XDC",
        "XEC",
        "XES",
        "XIM",
        "XMP",
        "XOM",
        "XPO",
    }
)


def issuing_country(code: str) -> str | None:
    """The alpha-3 code of who issued the document; ``None`` for codes that name no issuer.

    Organisations and the specimens' Utopia keep their own code.

    >>> issuing_country("D<<"), issuing_country("GBN"), issuing_country("CHN"), issuing_country("UTO")
    ('DEU', 'GBR', 'CHN', 'UTO')
    >>> issuing_country("XXA") is None, issuing_country("QQQ") is None
    (True, True)
    """
    letters = code.rstrip("<")
    if letters == "D":
        return "DEU"
    if letters in _BRITISH:
        return "GBR"
    return letters if letters in ISO_ALPHA_3 | _OTHER_ISSUERS else None
