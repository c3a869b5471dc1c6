"""The stated address against the printed one: another city, or the same. People move within one more often than they say.

What is compared is the prefecture by its code of today; of municipalities and the special
regions the province, and of counties that no prefecture governs the county itself.
"""

from __future__ import annotations

from typing import Final

from kyc_service.consistency.evidence import claimed_by
from kyc_service.consistency.identity.comparison import compared, not_claimed
from kyc_service.consistency.sources import captures_of, unread
from kyc_service.domain.checks import CheckName
from kyc_service.domain.claims import Claims
from kyc_service.domain.document import DocumentReading, FieldName
from kyc_service.domain.facts import AddressFact, Facts
from kyc_service.domain.measurements import Measurement, NotAssessed
from kyc_service.domain.reasons import Reason

_CHECK: Final = CheckName.ADDRESS_COMPARISON
# GB/T 2260: Beijing, Tianjin, Shanghai, Chongqing; Taiwan, Hong Kong, Macau.
_CITIES_OF_THEIR_OWN: Final = frozenset({"11", "12", "31", "50", "71", "81", "82"})
_NO_PREFECTURE: Final = "00"
_GOVERNED_BY_PROVINCE: Final = "90"


def measure(document: DocumentReading, claims: Claims, facts: Facts) -> Measurement:
    """``document.data_comparison.address``."""
    claimed, name = (claims.address or "").strip(), FieldName.ADDRESS
    if not claimed:
        return not_claimed(_CHECK)
    if not document.address:
        return unread(document, _CHECK, name)
    stated, printed = _code(facts.stated_address), _code(facts.printed_address)
    is_same = _is_same_city(stated, printed)
    if is_same is None:
        return NotAssessed(_CHECK, Reason.FACT_UNKNOWN, "a city is not known", captures_of(document, name))
    reasons = () if is_same else (Reason.ADDRESS_DIFFERS,)
    seen = {"claimed": claimed, "document": document.address, "claimed_code": stated, "document_code": printed}
    return compared(document, _CHECK, name, reasons, claimed_by(claims, "address") | seen)


def city_of(code: str) -> str | None:
    """The leading digits that tell one city from another; ``None`` where ``code`` names only a province.

    >>> city_of("330106"), city_of("310104"), city_of("429004"), city_of("330000"), city_of("429000")
    ('3301', '31', '429004', None, None)
    """
    province, prefecture, county = code[:2], code[2:4], code[4:6]
    if province in _CITIES_OF_THEIR_OWN:
        return province
    if prefecture == _GOVERNED_BY_PROVINCE and county != _NO_PREFECTURE:
        return code
    return None if prefecture in {_NO_PREFECTURE, _GOVERNED_BY_PROVINCE} else code[:4]


def _is_same_city(stated: str | None, printed: str | None) -> bool | None:
    """Whether two codes lie in one city; ``None`` where they share a province and a city is not known."""
    if stated is None or printed is None:
        return None
    if stated[:2] != printed[:2]:
        return False
    cities = city_of(stated), city_of(printed)
    return None if None in cities else cities[0] == cities[1]


def _code(address: AddressFact | None) -> str | None:
    return address.region.current_code if address and address.region else None
