"""Which questions a document does not raise."""

from __future__ import annotations

from typing import Final

from kyc_service.domain.checks import CheckName
from kyc_service.domain.claims import DocumentType
from kyc_service.domain.document import DocumentReading, FieldName

_RESIDENT_CARD_ONLY: Final = frozenset(
    {CheckName.NUMBER_CONSISTENCY, CheckName.FRONT_BACK_CONSISTENCY, CheckName.DISTANCE_DOCUMENT_REGION}
)
_MRZ_ONLY: Final = frozenset({CheckName.MRZ, CheckName.PRINTED_TEXT_CONSISTENCY})


def is_resident_card(document: DocumentReading) -> bool:
    """Whether ``document`` is a Chinese resident identity card; all others carry an MRZ."""
    return document.document_type is DocumentType.CN_RESIDENT_IDENTITY_CARD


def not_applicable(document: DocumentReading) -> frozenset[CheckName]:
    """Checks that have no meaning for ``document``; they get no measurement.

    A resident card has no MRZ; other documents have no GB 11643 number whose region,
    birth date or sex could be compared, and not all of them a national number.
    """
    if is_resident_card(document):
        return _MRZ_ONLY
    has_number = document.id_number is not None or document.field(FieldName.ID_NUMBER) is not None
    if has_number and document.document_type is not DocumentType.PASSPORT:
        return _RESIDENT_CARD_ONLY
    return _RESIDENT_CARD_ONLY | {CheckName.ID_NUMBER}
