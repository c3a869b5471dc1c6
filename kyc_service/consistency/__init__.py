"""Compares what was read, what was claimed and what is known, and says what it saw.

Pure functions from values to measurements. No limit stands here: the decision compares
scores with the policy's thresholds and looks values up in its lists.
"""

from __future__ import annotations

from datetime import datetime

from kyc_service.consistency import (
    authority,
    barcode,
    identity,
    phone,
    place,
    printed_text,
    resident_card,
    velocity,
)
from kyc_service.consistency import document as document_checks
from kyc_service.consistency.applicability import not_applicable
from kyc_service.domain.background import NOTHING_KNOWN, Background
from kyc_service.domain.claims import Claims
from kyc_service.domain.document import DocumentReading
from kyc_service.domain.facts import Facts
from kyc_service.domain.measurements import Measurement

__all__ = ["assess", "not_applicable"]


def assess(
    document: DocumentReading | None,
    claims: Claims,
    facts: Facts,
    now: datetime,
    background: Background = NOTHING_KNOWN,
) -> tuple[Measurement, ...]:
    """Every measurement that follows from values alone.

    ``document`` is ``None`` where no usable one was sent: then every question about it is
    not assessed. ``now`` is timezone-aware; ages and validity go by its own calendar day.
    ``background`` is what the service remembers, and what registers and the applicant's phone answered.
    Questions that :func:`not_applicable` names for the document get no measurement.
    """
    return (
        *document_checks.measure(document, now.date()),
        *resident_card.measure(document, now.date(), facts.region),
        *printed_text.measure(document, now.date()),
        *barcode.measure(document, now.date()),
        *identity.measure(document, claims, facts, now.date()),
        *phone.measure(document, claims, facts, now, background),
        *place.measure(document, claims, facts, now, background),
        *velocity.measure(background.history),
        *authority.measure(background),
    )
