"""The phone's region against the document's. Weak: ported numbers keep the region they were first issued in."""

from __future__ import annotations

import math
from typing import Final

from kyc_service.consistency.applicability import is_resident_card, special_region
from kyc_service.consistency.evidence import backed_by, claimed_by
from kyc_service.consistency.scales import FARTHEST_KM, mapped
from kyc_service.consistency.sources import captures_of, weighed, without_document
from kyc_service.domain.checks import CheckName
from kyc_service.domain.claims import Claims
from kyc_service.domain.document import DocumentReading, FieldName
from kyc_service.domain.facts import PhoneFact
from kyc_service.domain.measurements import Finding, Measurement, NotAssessed, Score
from kyc_service.domain.reasons import Reason

_CHECK: Final = CheckName.PHONE_REGION_CONSISTENCY


def measure(
    document: DocumentReading | None,
    claims: Claims,
    phone: PhoneFact,
    distance_km: float | None,
    position_country: str | None = None,
) -> tuple[Measurement, ...]:
    """``phone.region_consistency``: the countries, and how far apart the two regions of China are where known.

    A number of the country where its holder is (``position_country``) contradicts nothing, wherever the
    document is from. Not every number has a region, and not every document: without a distance the
    countries stand alone.
    """
    if document is None:
        return without_document(_CHECK)
    country = _country(document, claims, phone, position_country)
    if distance_km is None or not math.isfinite(distance_km):
        return (country,)
    captures = captures_of(document, FieldName.ID_NUMBER)
    evidence = backed_by(claimed_by(claims, "phone_number"), phone_region=phone.region_zh)
    to_map = mapped(distance_km, FARTHEST_KM)
    score = Score(_CHECK, "distance_km", distance_km, to_map, "geodesic", captures, evidence)
    return (country, weighed(document, [FieldName.ID_NUMBER], score))


def _country(document: DocumentReading, claims: Claims, phone: PhoneFact, position_country: str | None) -> Measurement:
    captures, issuing = captures_of(document, FieldName.ISSUING_COUNTRY), document.issuing_country
    if phone.country is None or issuing is None:
        return NotAssessed(_CHECK, Reason.FACT_UNKNOWN, "a country is not known", captures)
    home = special_region(document)
    names = [FieldName.ISSUING_COUNTRY]
    if home is not None and phone.country == home != issuing:
        # Only the number tells the holder's home: its reading must be sure for that to count.
        names.append(FieldName.ID_NUMBER if is_resident_card(document) else FieldName.DOCUMENT_NUMBER)
    reasons = () if phone.country in {issuing, home, position_country} else (Reason.PHONE_COUNTRY_DIFFERS,)
    evidence = backed_by(
        claimed_by(claims, "phone_number"),
        phone_country=phone.country,
        document_country=issuing,
        holder_country=home,
        position_country=position_country,
        phone_region=phone.region_zh,
    )
    return weighed(document, names, Finding(_CHECK, reasons, captures_of(document, *names), evidence))
