"""What was read off a document: fields with their confidence and place, nothing judged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.claims import DocumentType
from kyc_service.domain.measurements import Region


class Sex(StrEnum):
    """Sex as documents state it (ICAO 9303: M, F, and X or < for unspecified)."""

    MALE = "M"
    FEMALE = "F"
    UNSPECIFIED = "X"


class FieldName(StrEnum):
    """Fields a document may carry, in one spelling for all families."""

    FULL_NAME = "full_name"
    SEX = "sex"
    ETHNICITY = "ethnicity"
    DATE_OF_BIRTH = "date_of_birth"
    ADDRESS = "address"
    ID_NUMBER = "id_number"
    AUTHORITY = "authority"
    VALID_FROM = "valid_from"
    VALID_UNTIL = "valid_until"
    DOCUMENT_NUMBER = "document_number"
    ISSUING_COUNTRY = "issuing_country"
    NATIONALITY = "nationality"
    MRZ = "mrz"
    BARCODE = "barcode"


@dataclass(frozen=True, slots=True)
class FieldReading:
    """One field as printed.

    ``text`` is what the recogniser read after the field's own type had its say (spaces,
    punctuation); ``confidence`` is the recogniser's mean, ``min_confidence`` its lowest
    character, both 0..1. ``region`` frames it on the uploaded picture. ``is_certain`` says
    that the confidence is above the limit measured for this field; what was read without
    certainty may neither clear nor reject anything.
    """

    name: FieldName
    capture: CaptureKind
    text: str
    confidence: float
    min_confidence: float
    region: Region | None = None
    is_certain: bool = False


@dataclass(frozen=True, slots=True)
class DocumentReading:
    """Everything read from the sides of one document.

    Parsed values are ``None`` where the field is absent or cannot be parsed: then the
    raw text is still among ``fields``. ``valid_until_is_open`` is the Chinese 长期
    (no expiry). ``mrz_lines`` are as read, after alphabet repairs by field type;
    ``printed_lines`` is the other text of an MRZ document or the front's of one with a
    barcode, uninterpreted. ``barcode`` is the payload of its PDF417 symbol, decoded, as
    read. ``captures`` are the pictures that were looked at for this reading, those on
    which nothing was found among them.
    """

    document_type: DocumentType
    issuing_country: str | None
    fields: tuple[FieldReading, ...]
    full_name: str | None = None
    sex: Sex | None = None
    date_of_birth: date | None = None
    id_number: str | None = None
    address: str | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    valid_until_is_open: bool = False
    mrz_lines: tuple[str, ...] = ()
    printed_lines: tuple[str, ...] = ()
    barcode: str | None = None
    captures: frozenset[CaptureKind] = frozenset()

    def field(self, name: FieldName) -> FieldReading | None:
        """The reading called ``name``, if the document has one."""
        return next((f for f in self.fields if f.name is name), None)
