"""Who issued a card: the issuer identification numbers of AAMVA's members.

Source: AAMVA, "Issuer Identification Numbers (IIN)", as of 2023-12-29, compared entry by
entry between two published copies. Alberta's older cards carry 990876, which the list
does not hold.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """A state, province or territory that issues cards. ``country`` is ISO 3166-1 alpha-3."""

    iin: str
    code: str
    country: str
    name: str


JURISDICTIONS: Final[tuple[Jurisdiction, ...]] = (
    Jurisdiction("604426", "PE", "CAN", "Prince Edward Island"),
    Jurisdiction("604427", "AS", "USA", "American Samoa"),
    Jurisdiction("604428", "QC", "CAN", "Quebec"),
    Jurisdiction("604429", "YT", "CAN", "Yukon"),
    Jurisdiction("604430", "MP", "USA", "Northern Mariana Islands"),
    Jurisdiction("604431", "PR", "USA", "Puerto Rico"),
    Jurisdiction("604432", "AB", "CAN", "Alberta"),
    Jurisdiction("604433", "NU", "CAN", "Nunavut"),
    Jurisdiction("604434", "NT", "CAN", "Northwest Territories"),
    Jurisdiction("636000", "VA", "USA", "Virginia"),
    Jurisdiction("636001", "NY", "USA", "New York"),
    Jurisdiction("636002", "MA", "USA", "Massachusetts"),
    Jurisdiction("636003", "MD", "USA", "Maryland"),
    Jurisdiction("636004", "NC", "USA", "North Carolina"),
    Jurisdiction("636005", "SC", "USA", "South Carolina"),
    Jurisdiction("636006", "CT", "USA", "Connecticut"),
    Jurisdiction("636007", "LA", "USA", "Louisiana"),
    Jurisdiction("636008", "MT", "USA", "Montana"),
    Jurisdiction("636009", "NM", "USA", "New Mexico"),
    Jurisdiction("636010", "FL", "USA", "Florida"),
    Jurisdiction("636011", "DE", "USA", "Delaware"),
    Jurisdiction("636012", "ON", "CAN", "Ontario"),
    Jurisdiction("636013", "NS", "CAN", "Nova Scotia"),
    Jurisdiction("636014", "CA", "USA", "California"),
    Jurisdiction("636015", "TX", "USA", "Texas"),
    Jurisdiction("636016", "NL", "CAN", "Newfoundland and Labrador"),
    Jurisdiction("636017", "NB", "CAN", "New Brunswick"),
    Jurisdiction("636018", "IA", "USA", "Iowa"),
    Jurisdiction("636019", "GU", "USA", "Guam"),
    Jurisdiction("636020", "CO", "USA", "Colorado"),
    Jurisdiction("636021", "AR", "USA", "Arkansas"),
    Jurisdiction("636022", "KS", "USA", "Kansas"),
    Jurisdiction("636023", "OH", "USA", "Ohio"),
    Jurisdiction("636024", "VT", "USA", "Vermont"),
    Jurisdiction("636025", "PA", "USA", "Pennsylvania"),
    Jurisdiction("636026", "AZ", "USA", "Arizona"),
    Jurisdiction("636027", "DS", "USA", "Department of State"),
    Jurisdiction("636028", "BC", "CAN", "British Columbia"),
    Jurisdiction("636029", "OR", "USA", "Oregon"),
    Jurisdiction("636030", "MO", "USA", "Missouri"),
    Jurisdiction("636031", "WI", "USA", "Wisconsin"),
    Jurisdiction("636032", "MI", "USA", "Michigan"),
    Jurisdiction("636033", "AL", "USA", "Alabama"),
    Jurisdiction("636034", "ND", "USA", "North Dakota"),
    Jurisdiction("636035", "IL", "USA", "Illinois"),
    Jurisdiction("636036", "NJ", "USA", "New Jersey"),
    Jurisdiction("636037", "IN", "USA", "Indiana"),
    Jurisdiction("636038", "MN", "USA", "Minnesota"),
    Jurisdiction("636039", "NH", "USA", "New Hampshire"),
    Jurisdiction("636040", "UT", "USA", "Utah"),
    Jurisdiction("636041", "ME", "USA", "Maine"),
    Jurisdiction("636042", "SD", "USA", "South Dakota"),
    Jurisdiction("636043", "DC", "USA", "District of Columbia"),
    Jurisdiction("636044", "SK", "CAN", "Saskatchewan"),
    Jurisdiction("636045", "WA", "USA", "Washington"),
    Jurisdiction("636046", "KY", "USA", "Kentucky"),
    Jurisdiction("636047", "HI", "USA", "Hawaii"),
    Jurisdiction("636048", "MB", "CAN", "Manitoba"),
    Jurisdiction("636049", "NV", "USA", "Nevada"),
    Jurisdiction("636050", "ID", "USA", "Idaho"),
    Jurisdiction("636051", "MS", "USA", "Mississippi"),
    Jurisdiction("636052", "RI", "USA", "Rhode Island"),
    Jurisdiction("636053", "TN", "USA", "Tennessee"),
    Jurisdiction("636054", "NE", "USA", "Nebraska"),
    Jurisdiction("636055", "GA", "USA", "Georgia"),
    Jurisdiction("636056", "CU", "MEX", "Coahuila"),
    Jurisdiction("636057", "HL", "MEX", "Hidalgo"),
    Jurisdiction("636058", "OK", "USA", "Oklahoma"),
    Jurisdiction("636059", "AK", "USA", "Alaska"),
    Jurisdiction("636060", "WY", "USA", "Wyoming"),
    Jurisdiction("636061", "WV", "USA", "West Virginia"),
    Jurisdiction("636062", "VI", "USA", "Virgin Islands"),
    Jurisdiction("990876", "AB", "CAN", "Alberta"),
)
_BY_IIN: Final = {jurisdiction.iin: jurisdiction for jurisdiction in JURISDICTIONS}


def jurisdiction_of(iin: str) -> Jurisdiction | None:
    """Who issues cards under ``iin``; ``None`` where the list holds no such number.

    >>> jurisdiction_of("636014").name, jurisdiction_of("636012").country, jurisdiction_of("636099")
    ('California', 'CAN', None)
    """
    return _BY_IIN.get(iin)
