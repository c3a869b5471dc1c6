"""The document against what is claimed."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from kyc_service.domain.catalogue.entry import rejected, weak
from kyc_service.domain.outcome import Action
from kyc_service.domain.reason_codes import Reason

CLAIMS: Final = MappingProxyType(
    {
        Reason.NAME_MISMATCH: rejected("The claimed name is not the one on the document."),
        Reason.NAME_MATCHES_NORMALISED: weak(
            "The claimed name equals the document's only after transliteration or reordering."
        ),
        Reason.DATE_OF_BIRTH_MISMATCH: rejected(
            "The claimed birth date is not the one on the document.", action=Action.DECLINE
        ),
        Reason.ID_NUMBER_MISMATCH: rejected(
            "The claimed number is not the one on the document.", action=Action.DECLINE
        ),
        Reason.DOCUMENT_TYPE_MISMATCH: rejected("The document is of another type than claimed."),
        Reason.ISSUING_COUNTRY_MISMATCH: rejected("The document was issued by another country than claimed."),
        Reason.NAME_MATCHES_SIMPLIFIED: weak(
            "The claimed name equals the document's in the other of traditional and simplified characters."
        ),
        Reason.NAME_MATCHES_PINYIN: weak("The claimed name is the document's in pinyin, or the other way round."),
        Reason.ADDRESS_DIFFERS: weak(
            "The stated address lies in another city than the one printed on the document (a weak signal: cards keep old addresses)."
        ),
        Reason.CLAIM_FROM_APPLICANT_ONLY: weak(
            "Only the applicant's own device says this; neither the client nor the service saw it."
        ),
    }
)
