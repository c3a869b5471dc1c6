"""What a claim compared with a field of the document comes to."""

from __future__ import annotations

from collections.abc import Mapping

from kyc_service.consistency.sources import captures_of, evidence_of, weighed
from kyc_service.domain.checks import CheckName
from kyc_service.domain.document import DocumentReading, FieldName
from kyc_service.domain.measurements import EvidenceValue, Finding, Measurement, NotAssessed
from kyc_service.domain.reasons import Reason


def compared(
    document: DocumentReading,
    check: CheckName,
    name: FieldName,
    reasons: tuple[Reason, ...],
    values: Mapping[str, EvidenceValue],
) -> Measurement:
    """``check`` answered with ``reasons`` by the field called ``name``, as far as its reading is sure."""
    evidence = evidence_of(document, [name], **values)
    return weighed(document, [name], Finding(check, reasons, captures_of(document, name), evidence))


def not_claimed(check: CheckName) -> NotAssessed:
    """``check`` has nothing to compare."""
    return NotAssessed(check, Reason.NOT_PROVIDED, "not claimed")
