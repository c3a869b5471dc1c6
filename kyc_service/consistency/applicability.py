"""Which questions a document does not raise."""

from __future__ import annotations

from datetime import date
from typing import Final

from kyc_service.domain.checks import CheckName
from kyc_service.domain.claims import DocumentType
from kyc_service.domain.document import DocumentReading, FieldName
from kyc_service.identifiers import mrz
from kyc_service.identifiers.errors import MalformedIdentifier
from kyc_service.identifiers.national_number import find_in_mrz

_CITIZENS_ONLY: Final = frozenset({CheckName.FRONT_BACK_CONSISTENCY, CheckName.DISTANCE_DOCUMENT_REGION})
_RESIDENT_CARD_ONLY: Final = _CITIZENS_ONLY | {CheckName.NUMBER_CONSISTENCY}
_PRINTED_ADDRESS: Final = frozenset({CheckName.ADDRESS_COMPARISON, CheckName.DISTANCE_PRINTED_ADDRESS})
_MRZ_OR_BARCODE_ONLY: Final = frozenset({CheckName.MRZ, CheckName.BARCODE, CheckName.PRINTED_TEXT_CONSISTENCY})
# Optional data are the same whichever century the zone's dates belong to.
_ANY_DAY: Final = date(2000, 1, 1)
# GB/T 2260, and 83 of the residence permits for people from Taiwan (港澳台居民居住证, 2018).
_CHINA: Final = "CHN"
_SPECIAL_REGIONS: Final = {"71": "TWN", "81": "HKG", "82": "MAC", "83": "TWN"}
# Passports of the special administrative regions name China as the issuing state; their numbers tell them apart.
_SPECIAL_PASSPORTS: Final = {"H": "HKG", "K": "HKG", "M": "MAC"}


def is_resident_card(document: DocumentReading) -> bool:
    """Whether ``document`` is a Chinese resident identity card."""
    return document.document_type is DocumentType.CN_RESIDENT_IDENTITY_CARD


def is_foreign_resident_card(document: DocumentReading) -> bool:
    """Whether ``document`` is a Chinese foreign permanent resident ID card."""
    return document.document_type is DocumentType.CN_FOREIGN_PERMANENT_RESIDENT_CARD


def has_barcode_instead_of_mrz(document: DocumentReading) -> bool:
    """Whether ``document`` is laid out by the AAMVA card design standard: a licence, or an identity card with its barcode."""
    if is_resident_card(document) or is_foreign_resident_card(document):
        return False
    return document.document_type is DocumentType.DRIVING_LICENCE or document.barcode is not None


def national_number_in_zone(document: DocumentReading) -> str | None:
    """The national number in the zone's optional data, where the issuing state is known to put one there."""
    try:
        zone = mrz.parse(document.mrz_lines, _ANY_DAY)
    except MalformedIdentifier:
        return None
    return find_in_mrz(zone.issuing_state, zone.format, zone.document_code, zone.optional_data)


def special_region(document: DocumentReading) -> str | None:
    """Hong Kong, Macau or Taiwan (alpha-3), where a document issued by China says that its holder is from there."""
    if is_resident_card(document):
        return _SPECIAL_REGIONS.get((document.id_number or "")[:2])
    number = document.field(FieldName.DOCUMENT_NUMBER)
    if document.document_type is not DocumentType.PASSPORT or document.issuing_country != _CHINA or number is None:
        return None
    return _SPECIAL_PASSPORTS.get(number.text[:1])


def not_applicable(document: DocumentReading) -> frozenset[CheckName]:
    """Checks that have no meaning for ``document``; they get no measurement.

    Chinese cards have neither MRZ nor barcode. A foreign resident's number says birth date
    and, since 2023, sex, but where the card was applied for and not where its holder lives; the
    numbers of other documents say nothing that could be compared, and not all have a national
    one. A document has a barcode or a zone, never both. An address is printed on citizens' cards and
    on licences.
    """
    if is_resident_card(document):
        return _MRZ_OR_BARCODE_ONLY
    if is_foreign_resident_card(document):
        return _CITIZENS_ONLY | _MRZ_OR_BARCODE_ONLY | _PRINTED_ADDRESS
    if has_barcode_instead_of_mrz(document):
        return _RESIDENT_CARD_ONLY | {CheckName.MRZ, CheckName.ID_NUMBER}
    if _has_national_number(document):
        return _RESIDENT_CARD_ONLY | _PRINTED_ADDRESS | {CheckName.BARCODE}
    return _RESIDENT_CARD_ONLY | _PRINTED_ADDRESS | {CheckName.BARCODE, CheckName.ID_NUMBER}


def _has_national_number(document: DocumentReading) -> bool:
    has_own = document.id_number is not None or document.field(FieldName.ID_NUMBER) is not None
    if has_own and document.document_type is not DocumentType.PASSPORT:
        return True
    return national_number_in_zone(document) is not None
