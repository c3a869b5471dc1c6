"""The document by itself: what it is, what it says, whether it is an original."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from kyc_service.domain.catalogue.entry import Told, consider, rejected, unassessed
from kyc_service.domain.outcome import Action
from kyc_service.domain.reason_codes import Reason

DOCUMENT: Final = MappingProxyType(
    {
        Reason.DOCUMENT_UNSUPPORTED: rejected(
            "Text was read, but the document belongs to no supported family.",
            Told("We do not accept this kind of document.", "我们暂不支持这类证件。"),
        ),
        Reason.PORTRAIT_NOT_FOUND: rejected("No portrait was found on the document."),
        Reason.PORTRAIT_POOR: consider("The portrait on the document is too poor to be compared safely."),
        Reason.FIELD_UNCERTAIN: consider("A field was read with low confidence."),
        Reason.ID_NUMBER_MISSING: rejected("The document's number was not found."),
        Reason.ID_NUMBER_MALFORMED: rejected("The number has not the form that the standard asks for."),
        Reason.ID_NUMBER_CHECK_DIGIT: rejected("The number's check digit is wrong (GB 11643).", action=Action.DECLINE),
        Reason.ID_NUMBER_IMPOSSIBLE_DATE: rejected(
            "The number holds a birth date that does not exist or lies ahead.", action=Action.DECLINE
        ),
        Reason.ID_NUMBER_UNKNOWN_REGION: rejected("The number holds a region code that was never issued."),
        Reason.MRZ_MISSING: rejected("The document should carry a machine-readable zone, and none was found."),
        Reason.MRZ_MALFORMED: rejected("The machine-readable zone breaks the form of ICAO 9303."),
        Reason.MRZ_CHECK_DIGIT: rejected(
            "A check digit of the machine-readable zone is wrong (ICAO 9303).", action=Action.DECLINE
        ),
        Reason.DOCUMENT_EXPIRED: rejected(
            "The document has expired.",
            Told("Your document has expired. Please use a valid one.", "您的证件已过期。请使用有效的证件。"),
            action=Action.DECLINE,
        ),
        Reason.DOCUMENT_NOT_YET_VALID: rejected("The document's validity begins in the future.", action=Action.DECLINE),
        Reason.EXPIRY_UNKNOWN: unassessed(
            "The date of expiry is not on what was sent.",
            Told("Please also photograph the other side of your document.", "请同时拍摄证件的另一面。"),
        ),
        Reason.UNDER_AGE: rejected(
            "The holder is younger than the policy allows.",
            Told("You are not old enough to use this service.", "您尚未达到使用本服务的年龄。"),
            action=Action.DECLINE,
        ),
        Reason.IMPLAUSIBLE_AGE: consider("The holder would be older than the policy finds plausible."),
        Reason.BIRTH_DATE_CONTRADICTS_NUMBER: rejected(
            "The printed birth date is not the one in the number.", action=Action.DECLINE
        ),
        Reason.SEX_CONTRADICTS_NUMBER: rejected("The printed sex is not the one in the number.", action=Action.DECLINE),
        Reason.MRZ_CONTRADICTS_PRINTED_TEXT: rejected(
            "The machine-readable zone and the printed text contradict each other."
        ),
        Reason.PRINTED_TEXT_NOT_CONFIRMED: consider(
            "Values of the machine-readable zone were not found again in the printed text."
        ),
        Reason.VALIDITY_CONTRADICTS_AGE: consider(
            "The card's period of validity does not fit the holder's age at issue."
        ),
        Reason.BARCODE_MISSING: consider("The document should carry a PDF417 barcode, and none was read."),
        Reason.BARCODE_MALFORMED: rejected("The barcode breaks the form of the AAMVA card design standard."),
        Reason.BARCODE_CONTRADICTS_PRINTED_TEXT: rejected("The barcode and the printed text contradict each other."),
        Reason.NATIONAL_NUMBER_INVALID: rejected(
            "The national number breaks the rule of the country that issues it.", action=Action.DECLINE
        ),
        Reason.DOCUMENT_RECAPTURED: rejected("The picture shows a screen and not the document itself."),
        Reason.DOCUMENT_RECAPTURE_POSSIBLE: consider("The picture may show a screen, a print or a copy."),
        Reason.DOCUMENT_PRINTED_COPY: rejected("The picture shows a print or a photocopy of the document."),
        Reason.DOCUMENT_NOT_PHOTOGRAPHED: consider(
            "The picture carries no trace of a camera: drawn, generated or edited."
        ),
        Reason.DOCUMENT_TAMPERED: rejected("Parts of the print do not belong to the rest of the picture."),
        Reason.DOCUMENT_TAMPERING_POSSIBLE: consider("Parts of the print may not belong to the rest of the picture."),
        Reason.PORTRAIT_REPLACED: consider("The portrait may not belong to the document it is on."),
        Reason.SIDES_OF_DIFFERENT_DOCUMENTS: consider("Front and back seem to belong to different documents."),
    }
)
