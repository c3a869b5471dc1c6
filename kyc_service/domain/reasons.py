"""The reason catalogue: every reason that can stand in a report, in one place.

A reason has a stable code, a sentence for staff, a sentence in English and in Chinese that
may be shown to the applicant (or none, where saying why would teach an attacker), the
outcome it gives the check it is raised under, and the action it asks of the verdict where
the policy does not say. Reasons marked ``retake`` say that a capture is unusable: they
open the capture gate and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from kyc_service.domain.catalogue.captures import CAPTURES
from kyc_service.domain.catalogue.claims import CLAIMS
from kyc_service.domain.catalogue.document import DOCUMENT
from kyc_service.domain.catalogue.entry import ReasonEntry
from kyc_service.domain.catalogue.face import FACE
from kyc_service.domain.catalogue.phone import PHONE
from kyc_service.domain.catalogue.place import PLACE
from kyc_service.domain.catalogue.policy import POLICY
from kyc_service.domain.catalogue.unanswered import UNANSWERED
from kyc_service.domain.catalogue.velocity import VELOCITY
from kyc_service.domain.reason_codes import Reason

__all__ = ["BRANCHES", "CATALOGUE", "Reason", "ReasonEntry", "is_retake"]

BRANCHES: Final[Mapping[str, Mapping[Reason, ReasonEntry]]] = MappingProxyType(
    {
        "Captures to be taken again": CAPTURES,
        "Document": DOCUMENT,
        "Document against claims": CLAIMS,
        "Face and liveness": FACE,
        "Phone": PHONE,
        "Place": PLACE,
        "Velocity": VELOCITY,
        "Registers and policy": POLICY,
        "Questions without an answer": UNANSWERED,
    }
)
"""The entries by the branch they belong to, under a heading for people."""

CATALOGUE: Final[Mapping[Reason, ReasonEntry]] = MappingProxyType(
    {reason: entry for branch in BRANCHES.values() for reason, entry in branch.items()}
)
"""Every reason with its entry."""


def is_retake(reason: Reason) -> bool:
    """Whether ``reason`` says that the capture it was seen on is unusable."""
    return CATALOGUE[reason].retake
