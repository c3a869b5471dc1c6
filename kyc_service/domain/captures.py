"""Captures: the things an applicant uploads."""

from __future__ import annotations

from enum import StrEnum


class CaptureKind(StrEnum):
    """One uploaded thing."""

    DOCUMENT_FRONT = "document_front"
    DOCUMENT_BACK = "document_back"
    SELFIE = "selfie"
    LIVENESS = "liveness"
