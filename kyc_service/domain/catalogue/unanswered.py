"""Why a question could not be answered."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from kyc_service.domain.catalogue.entry import consider, unassessed
from kyc_service.domain.reason_codes import Reason

UNANSWERED: Final = MappingProxyType(
    {
        Reason.NOT_PROVIDED: unassessed("What this check needs was not provided."),
        Reason.NOT_MEASURED: unassessed("No stage answered this check."),
        Reason.FACT_UNKNOWN: unassessed("The data the service holds do not answer this."),
        Reason.STAGE_FAILED: unassessed("The stage that should answer this failed."),
        Reason.DOCUMENT_NOT_READ: unassessed("No document was read that this check could look at."),
        Reason.CAPTURE_MISSING: unassessed("The capture this check needs was not sent."),
        Reason.CAPTURE_UNUSABLE: unassessed("The capture this check needs is unusable and is to be taken again."),
        Reason.ATTEMPTS_EXHAUSTED: consider("The applicant has used all attempts to take usable captures."),
    }
)
