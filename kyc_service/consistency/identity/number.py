"""The claimed number against the national number or, where there is none, the document's own."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from kyc_service.consistency.applicability import is_resident_card
from kyc_service.consistency.evidence import claimed_by
from kyc_service.consistency.identity.comparison import compared, not_claimed
from kyc_service.consistency.identity.written_name import zone_of
from kyc_service.consistency.sources import unread
from kyc_service.domain.checks import CheckName
from kyc_service.domain.claims import Claims
from kyc_service.domain.document import DocumentReading, FieldName
from kyc_service.domain.measurements import Measurement
from kyc_service.domain.reasons import Reason
from kyc_service.identifiers import gb11643
from kyc_service.identifiers.errors import InvalidIdentifier

_CHECK: Final = CheckName.ID_NUMBER_COMPARISON
_NOT_ALPHANUMERIC: Final = re.compile(r"[^0-9A-Z]")


def measure(document: DocumentReading, claims: Claims, today: date) -> Measurement:
    """``document.data_comparison.id_number``."""
    claimed = claims.id_number
    if claimed is None or not claimed.strip():
        return not_claimed(_CHECK)
    name, number = FieldName.ID_NUMBER, document.id_number
    if number is None and not is_resident_card(document) and not _is_resident_number(claimed):
        name, number = FieldName.DOCUMENT_NUMBER, _own_number(document, today)
    if not number or not _plain(number):
        return unread(document, _CHECK, name)
    said, read = _plain(claimed), _plain(number)
    reasons = () if said == read else (Reason.ID_NUMBER_MISMATCH,)
    values = claimed_by(claims, "id_number") | {"claimed": said, "document": read}
    return compared(document, _CHECK, name, reasons, values)


def _own_number(document: DocumentReading, today: date) -> str | None:
    reading, zone = document.field(FieldName.DOCUMENT_NUMBER), zone_of(document, today)
    if reading:
        return reading.text
    return zone.document_number if zone else None


def _is_resident_number(number: str) -> bool:
    try:
        gb11643.parse(number)
    except InvalidIdentifier:
        return False
    return True


def _plain(number: str) -> str:
    return _NOT_ALPHANUMERIC.sub("", gb11643.compact(number))
