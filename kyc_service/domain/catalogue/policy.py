"""Outside registers, and what the policy itself says of the checks together."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from kyc_service.domain.catalogue.entry import consider, rejected, unassessed
from kyc_service.domain.reason_codes import Reason

POLICY: Final = MappingProxyType(
    {
        Reason.AUTHORITY_CONTRADICTS: rejected("An outside register says that the particulars are not this person's."),
        Reason.AUTHORITY_NOT_ON_RECORD: consider("An outside register does not know the person."),
        Reason.AUTHORITY_UNREACHABLE: unassessed("An outside register was asked and did not answer."),
        Reason.SANCTIONS_POSSIBLE_HIT: consider("A list of sanctioned persons holds somebody of these particulars."),
        Reason.CROSS_CHECKS_TOO_FEW: unassessed("Fewer independent outside checks are clear than the tier asks for."),
        Reason.SIGNALS_COMBINED: consider("Several signals that mean little alone occur together."),
    }
)
