"""Codes that a null sender keeps, by a clock that tests set."""

from __future__ import annotations

import pytest

from kyc_service.verification.service import VerificationService
from tests.verification.phone_codes import Clock, NullSender, with_codes


@pytest.fixture
def sender() -> NullSender:
    return NullSender()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def codes(service: VerificationService, sender: NullSender, clock: Clock) -> VerificationService:
    return with_codes(service, sender, clock)
