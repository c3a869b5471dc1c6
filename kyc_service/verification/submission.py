"""Submission: what the pipeline is given, decoded from storage or straight from a request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.challenge import Challenge
from kyc_service.domain.claims import Claims
from kyc_service.domain.history import PhonePossession
from kyc_service.domain.verification import UseCase
from kyc_service.verification.checkpoints import NO_CHECKPOINTS, Checkpoints
from kyc_service.verification.memory import Memory


@dataclass(frozen=True, slots=True)
class ChallengeAnswer:
    """Which challenge the ``liveness`` capture answers, and when its bytes came."""

    challenge: Challenge
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Submission:
    """One attempt: ``captures`` are the bytes as uploaded, ``attempt`` counts from 1, ``now`` is UTC-aware.

    ``answer`` comes with a ``liveness`` capture. ``memory`` is asked what was seen before; without one, nobody can say.
    ``possession`` is of the number that ``claims`` name, as it was confirmed in this verification. Unless
    ``asks_registers``, no outside register hears of the applicant. ``checkpoints`` keep what costly stages saw, should
    the run be cut off.
    """

    verification_id: str
    captures: Mapping[CaptureKind, bytes]
    claims: Claims
    use_case: UseCase
    tier: str
    attempt: int
    now: datetime
    answer: ChallengeAnswer | None = None
    memory: Memory | None = None
    possession: PhonePossession | None = None
    asks_registers: bool = True
    checkpoints: Checkpoints = NO_CHECKPOINTS
