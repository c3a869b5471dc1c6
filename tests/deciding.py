"""Submitting and deciding in one go, for tests that look at what came of it."""

from __future__ import annotations

from typing import Any

from kyc_service.verification.deciding import Decider, decide_submission
from kyc_service.verification.idempotency import Once
from kyc_service.verification.service import VerificationService
from kyc_service.verification.submissions import submit
from kyc_service.verification.use_cases import VerificationView, read_verification
from tests.conftest import CALLER


def decided(
    service: VerificationService, pipeline: Any, verification_id: str, once: Once[VerificationView] | None = None
) -> VerificationView:
    """The verification once its submission was decided."""
    view = submit(service, verification_id, CALLER, once)
    decide_submission(Decider(service, pipeline), verification_id, view.record.attempt)
    return read_verification(service, verification_id, CALLER)
