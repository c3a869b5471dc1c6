"""Issuing states and nationalities: ISO 3166-1 alpha-3 and the codes that only travel documents know.

Source: ISO 3166-1; ICAO Doc 9303 part 3, section 5 (parts A to G).
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
# Part A: the one state whose code has one letter, and the classes of British nationality.
_GERMANY: Final = "D"
_BRITISH: Final = frozenset({"GBD", "GBN", "GBO", "GBP", "GBS"})
# Parts A to D and G: Kosovo, the European and the United Nations, other organisations, the Utopia of specimens.
_OTHER_ISSUERS: Final = frozenset(
    "EUE RKS UNA UNK UNO UTO XBA XCC XCE XCO XDC XEC XES XIM XMP XOM XPO".split()  # noqa: SIM905 - as above
)
# Part F: no longer in ISO 3166, still on documents in force.
_FORMER: Final = frozenset({"ANT", "NTZ"})
# Part E: persons without a defined nationality.
_STATELESS: Final = frozenset({"XXA", "XXB", "XXC", "XXX"})
_ISSUERS: Final = ISO_ALPHA_3 | _OTHER_ISSUERS | _FORMER


def issuing_country(code: str) -> str | None:
    """The alpha-3 code of who issued the document; ``None`` for codes that name no issuer.

    Organisations and the specimens' Utopia keep their own code.

    >>> issuing_country("D<<"), issuing_country("GBN"), issuing_country("CHN"), issuing_country("UTO")
    ('DEU', 'GBR', 'CHN', 'UTO')
    >>> issuing_country("XXA") is None, issuing_country("QQQ") is None
    (True, True)
    """
    letters = code.rstrip("<")
    if letters == _GERMANY:
        return "DEU"
    if letters in _BRITISH:
        return "GBR"
    return letters if letters in _ISSUERS else None


def is_nationality(code: str) -> bool:
    """Whether section 5 lists ``code`` for the nationality of a holder, or the lack of one.

    >>> [is_nationality(code) for code in ("D<<", "GBN", "XXA", "UNO", "QQQ")]
    [True, True, True, True, False]
    """
    letters = code.rstrip("<")
    return letters in _STATELESS or issuing_country(letters) is not None
