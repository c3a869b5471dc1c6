"""The phone number: valid, of which kind, and from where. Its region is only where it was first issued."""

from __future__ import annotations

import math

from kyc_service.consistency.scales import FARTHEST_KM, mapped
from kyc_service.consistency.sources import captures_of, weighed, without_document
from kyc_service.domain.checks import CheckName
from kyc_service.domain.claims import Claims
from kyc_service.domain.document import DocumentReading, FieldName
from kyc_service.domain.facts import Facts, PhoneFact
from kyc_service.domain.measurements import Evidence, Finding, Measurement, NotAssessed, Score
from kyc_service.domain.reasons import Reason


def measure(document: DocumentReading | None, claims: Claims, facts: Facts) -> tuple[Measurement, ...]:
    """``phone``: validity, line type, and region against the document's."""
    checks = (CheckName.PHONE_VALID, CheckName.PHONE_LINE_TYPE, CheckName.PHONE_REGION_CONSISTENCY)
    if claims.phone_number is None or not claims.phone_number.strip():
        return tuple(NotAssessed(check, Reason.NOT_PROVIDED, "not claimed") for check in checks)
    phone = facts.phone
    if phone is None:
        return tuple(NotAssessed(check, Reason.FACT_UNKNOWN, "the number was not looked up") for check in checks)
    return (_validity(phone), _line_type(phone), *_region(document, phone, facts))


def _validity(phone: PhoneFact) -> Finding:
    reasons = () if phone.is_valid else (Reason.PHONE_INVALID,)
    return Finding(CheckName.PHONE_VALID, reasons, evidence=Evidence(values={"e164": phone.e164}))


def _line_type(phone: PhoneFact) -> Finding:
    values = {"line_type": phone.line_type.value, "carrier": phone.carrier}
    return Finding(CheckName.PHONE_LINE_TYPE, evidence=Evidence(values=values))


def _region(document: DocumentReading | None, phone: PhoneFact, facts: Facts) -> tuple[Measurement, ...]:
    check = CheckName.PHONE_REGION_CONSISTENCY
    if document is None:
        return without_document(check)
    captures = captures_of(document, FieldName.ISSUING_COUNTRY)
    if phone.country is None or document.issuing_country is None:
        return (NotAssessed(check, Reason.FACT_UNKNOWN, "a country is not known", captures),)
    reasons = () if phone.country == document.issuing_country else (Reason.PHONE_COUNTRY_DIFFERS,)
    values = {
        "phone_country": phone.country,
        "document_country": document.issuing_country,
        "phone_region": phone.region_en,
    }
    finding = weighed(document, [FieldName.ISSUING_COUNTRY], Finding(check, reasons, captures, Evidence(values=values)))
    km = facts.distance_document_region_to_phone_region_km
    if km is None or not math.isfinite(km):
        return (finding,)
    number_captures = captures_of(document, FieldName.ID_NUMBER)
    score = Score(check, "distance_km", km, mapped(km, FARTHEST_KM), "geodesic", number_captures)
    return (finding, weighed(document, [FieldName.ID_NUMBER], score))
