"""Verifications as they stand before the tests of single use cases begin."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import sqlalchemy

from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.claims import Claims
from kyc_service.domain.clients import Caller
from kyc_service.domain.verification import UseCase
from kyc_service.storage.tables import VerificationRow
from kyc_service.verification.consent_document import ConsentDocument
from kyc_service.verification.service import VerificationService
from kyc_service.verification.steps import NewVerification
from kyc_service.verification.use_cases import create_verification, put_capture
from tests.conftest import CALLER, picture_bytes

AGREED: Final = ConsentDocument.model_validate(
    {"text_version": "2026-01", "locale": "zh-CN", "purposes": ["verification"]}
)
REQUIRED: Final = (CaptureKind.DOCUMENT_FRONT, CaptureKind.SELFIE)


def opened(
    service: VerificationService,
    caller: Caller = CALLER,
    *,
    claims: Claims | None = None,
    consent: ConsentDocument | None = None,
    reference: str | None = None,
) -> str:
    """A new verification."""
    new = NewVerification(UseCase.ONBOARDING, "standard", claims or Claims(), caller, reference, consent)
    return create_verification(service, new).record.id


def ready(service: VerificationService, caller: Caller = CALLER) -> str:
    """One that can be submitted."""
    verification_id = opened(service, caller, consent=AGREED)
    for kind in REQUIRED:
        put_capture(service, verification_id, kind, picture_bytes(), caller)
    return verification_id


def let_expire(service: VerificationService, verification_id: str, ago: timedelta = timedelta(seconds=1)) -> None:
    """Move the end of a verification's time into the past of the database's clock."""
    past = sqlalchemy.func.clock_timestamp() - ago
    with service.database.engine.begin() as connection:
        statement = sqlalchemy.update(VerificationRow).where(VerificationRow.id == verification_id)
        connection.execute(statement.values(expires_at=past))
