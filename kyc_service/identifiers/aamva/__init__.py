"""PDF417 payloads of North American driving licences and identity cards, by the AAMVA card design standard.

``decode`` -> ``parse`` is the way of what a barcode reader read; ``problems`` says what is
wrong with it. All versions from 1 (DL/ID-2000) to 10 (2020) are read, and those to come
where they add elements only. Source: AAMVA DL/ID-2000; AAMVA DL/ID Card Design
Specification 2003 and 2005; AAMVA DL/ID Card Design Standard 2009 to 2020, annex D.
"""

from __future__ import annotations

from kyc_service.identifiers.aamva.elements import Elements
from kyc_service.identifiers.aamva.jurisdictions import JURISDICTIONS, Jurisdiction, jurisdiction_of
from kyc_service.identifiers.aamva.names import Name, letters_only
from kyc_service.identifiers.aamva.reading import Card, compact, decode, is_valid, parse, problems, validate

__all__ = [
    "JURISDICTIONS",
    "Card",
    "Elements",
    "Jurisdiction",
    "Name",
    "compact",
    "decode",
    "is_valid",
    "jurisdiction_of",
    "letters_only",
    "parse",
    "problems",
    "validate",
]
