"""Person: one client's customer; enrolment: the face template that a later selfie may be compared with."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

ENROLMENT_PURPOSE: Final = "enrolment"
"""What consent has to name before a face template is kept beyond its verification."""


class EnrolmentEnding(StrEnum):
    """Why an enrolment ended; whichever it was, its key and its template are gone."""

    REPLACED = "replaced"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    PERSON_DELETED = "person_deleted"


def covers_enrolment(consent: Mapping[str, Any] | None) -> bool:
    """Whether what the applicant agreed to covers an enrolment; no consent, or one without purposes, does not.

    >>> covers_enrolment({"purposes": ["verification", "enrolment"]})
    True
    >>> covers_enrolment({"purposes": ["verification"]}), covers_enrolment({}), covers_enrolment(None)
    (False, False, False)
    """
    purposes = None if consent is None else consent.get("purposes")
    return isinstance(purposes, list | tuple) and ENROLMENT_PURPOSE in purposes
