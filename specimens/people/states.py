"""States that issue the invented travel documents: real codes with designs that are no state's, and Utopia.

Source of the codes: ICAO 9303-3, section 5 (ISO 3166-1 alpha-3, `D` for Germany, UTO for specimens).
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class State:
    """Code in the machine readable zone and name as printed."""

    code: str
    name: str

    @property
    def iso(self) -> str:
        """ISO 3166-1 alpha-3: Germany alone is written otherwise in the zone."""
        return "DEU" if self.code == "D" else self.code


STATES = tuple(
    State(code, name)
    for code, name in (
        ("UTO", "UTOPIA"), ("NZL", "NEW ZEALAND"), ("D", "GERMANY"), ("FRA", "FRANCE"), ("ESP", "SPAIN"), ("ITA", "ITALY"),
        ("POL", "POLAND"), ("SWE", "SWEDEN"), ("NLD", "NETHERLANDS"), ("PRT", "PORTUGAL"), ("BRA", "BRAZIL"),
        ("MEX", "MEXICO"), ("CAN", "CANADA"), ("USA", "UNITED STATES"), ("GBR", "UNITED KINGDOM"), ("IRL", "IRELAND"),
        ("CHN", "CHINA"), ("JPN", "JAPAN"), ("KOR", "KOREA"), ("SGP", "SINGAPORE"), ("MYS", "MALAYSIA"), ("IND", "INDIA"),
        ("TUR", "TURKIYE"), ("EGY", "EGYPT"), ("NGA", "NIGERIA"), ("ZAF", "SOUTH AFRICA"), ("KEN", "KENYA"),
        ("AUS", "AUSTRALIA"), ("CHE", "SWITZERLAND"), ("AUT", "AUSTRIA"), ("CZE", "CZECHIA"), ("HUN", "HUNGARY"),
        ("ROU", "ROMANIA"), ("GRC", "GREECE"), ("VNM", "VIET NAM"), ("THA", "THAILAND"), ("IDN", "INDONESIA"),
        ("ISL", "ICELAND"), ("FIN", "FINLAND"), ("NOR", "NORWAY"),
    )
)  # fmt: skip
