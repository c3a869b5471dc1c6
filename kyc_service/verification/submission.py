"""Submission: what the pipeline is given, decoded from storage or straight from a request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.claims import Claims
from kyc_service.domain.verification import UseCase


@dataclass(frozen=True, slots=True)
class Submission:
    """One attempt: ``captures`` are the bytes as uploaded, ``attempt`` counts from 1, ``now`` is UTC-aware."""

    verification_id: str
    captures: Mapping[CaptureKind, bytes]
    claims: Claims
    use_case: UseCase
    tier: str
    attempt: int
    now: datetime
