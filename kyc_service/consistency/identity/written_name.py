"""The name as the document's machine-readable zone or barcode writes it."""

from __future__ import annotations

from datetime import date

from kyc_service.consistency.identity.names import WrittenName
from kyc_service.domain.document import DocumentReading
from kyc_service.identifiers import aamva, mrz
from kyc_service.identifiers.errors import MalformedIdentifier


def written_name_of(document: DocumentReading, today: date) -> WrittenName | None:
    """Surname and given names, parted; ``None`` where no zone or barcode says them."""
    zone = zone_of(document, today)
    if zone:
        return WrittenName(zone.surname, zone.given_names, zone.is_name_truncated)
    name = _name_in_barcode(document, today)
    if name is None:
        return None
    family, given = aamva.letters_only(name.family), aamva.letters_only(name.given)
    return WrittenName(family, given, name.is_truncated)


def zone_of(document: DocumentReading, today: date) -> mrz.Mrz | None:
    """The document's zone, where its lines have the form of one."""
    try:
        return mrz.parse(document.mrz_lines, today)
    except MalformedIdentifier:
        return None


def _name_in_barcode(document: DocumentReading, today: date) -> aamva.Name | None:
    try:
        return aamva.parse(document.barcode or "", today).name
    except MalformedIdentifier:
        return None
