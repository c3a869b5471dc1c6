"""How a verification is answered, and the token that an applicant's browser is given."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

from kyc_service.access.tokens import LIFETIME, issue_token
from kyc_service.api.schemas import ClientTokenText, VerificationDetail, capture_of, challenge_of, verification_of
from kyc_service.domain.clients import Caller
from kyc_service.verification.service import VerificationService
from kyc_service.verification.use_cases import VerificationView


def render_detail(view: VerificationView, token: ClientTokenText | None = None) -> bytes:
    """``view`` as JSON; ``token`` where one was made for it."""
    detail = VerificationDetail(
        **verification_of(view.record).model_dump(),
        challenge=None if view.challenge is None else challenge_of(view.challenge),
        captures=[capture_of(view.captures[kind]) for kind in sorted(view.captures)],
        report=None if view.report is None else json.loads(view.report),
        client_token=token,
    )
    return detail.model_dump_json().encode()


def render_for(caller: Caller, view: VerificationView) -> bytes:
    """``view`` as ``caller`` may see it: an applicant learns where it stands, nothing of the report or of the client's own."""
    if not caller.is_applicant:
        return render_detail(view)
    record = replace(view.record, reference=None, person_id=None, policy_version=None)
    return render_detail(VerificationView(record, view.captures, None, view.challenge))


def token_for(
    service: VerificationService, caller: Caller, verification_id: str, lifetime: timedelta = LIFETIME
) -> ClientTokenText:
    """A token for one of the caller's verifications."""
    token = issue_token(
        service.master_key.digest, caller.client_id, caller.mode, verification_id, service.now() + lifetime
    )
    return ClientTokenText(token=token.text, expires_at=token.expires_at)
