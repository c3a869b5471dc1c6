"""Person: one client's customer; enrolment: the face template that a later selfie may be compared with."""

from __future__ import annotations

from enum import StrEnum


class EnrolmentEnding(StrEnum):
    """Why an enrolment ended; whichever it was, its key and its template are gone."""

    REPLACED = "replaced"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    PERSON_DELETED = "person_deleted"
