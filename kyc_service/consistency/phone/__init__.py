"""The phone number: valid, of which kind, held by the applicant, from where, and shared with whom."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from kyc_service.consistency.evidence import backed_by, claimed_by
from kyc_service.consistency.phone import possession, region, reuse
from kyc_service.domain.background import Background
from kyc_service.domain.checks import CheckName
from kyc_service.domain.claims import Claims
from kyc_service.domain.document import DocumentReading
from kyc_service.domain.facts import Facts, PhoneFact
from kyc_service.domain.measurements import Finding, Measurement, NotAssessed
from kyc_service.domain.reasons import Reason

_LOOKED_UP: Final = (
    CheckName.PHONE_VALID,
    CheckName.PHONE_LINE_TYPE,
    CheckName.PHONE_POSSESSION,
    CheckName.PHONE_REGION_CONSISTENCY,
)


def measure(
    document: DocumentReading | None, claims: Claims, facts: Facts, now: datetime, background: Background
) -> tuple[Measurement, ...]:
    """``phone``: all five checks, whatever is known."""
    if claims.phone_number is None or not claims.phone_number.strip():
        checks = (*_LOOKED_UP, CheckName.PHONE_REUSE)
        return tuple(NotAssessed(check, Reason.NOT_PROVIDED, "no phone number was claimed") for check in checks)
    shared = reuse.measure(background.history)
    phone = facts.phone
    if phone is None:
        unknown = (NotAssessed(check, Reason.FACT_UNKNOWN, "the number was not looked up") for check in _LOOKED_UP)
        return (*unknown, *shared)
    return (
        _validity(claims, phone),
        _line_type(claims, phone),
        possession.measure(claims, phone, background.possession, now),
        *region.measure(
            document,
            claims,
            phone,
            facts.distance_document_region_to_phone_region_km,
            facts.position.country if facts.position else None,
        ),
        *shared,
    )


def _validity(claims: Claims, phone: PhoneFact) -> Finding:
    reasons = () if phone.is_valid else (Reason.PHONE_INVALID,)
    evidence = backed_by(claimed_by(claims, "phone_number"), e164=phone.e164)
    return Finding(CheckName.PHONE_VALID, reasons, evidence=evidence)


def _line_type(claims: Claims, phone: PhoneFact) -> Finding:
    """The kind of line; which kinds will do is the policy's list."""
    source = claimed_by(claims, "phone_number")
    evidence = backed_by(source, line_type=phone.line_type.value, carrier=phone.carrier)
    return Finding(CheckName.PHONE_LINE_TYPE, evidence=evidence)
