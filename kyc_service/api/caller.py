"""Who asks: a client by its key, or an applicant by the token that was made for one verification."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from kyc_service.access.keys import AuthenticationRequired, caller_with, check_enabled
from kyc_service.access.tokens import TOKEN_PREFIX, caller_of_token
from kyc_service.api.state import Service
from kyc_service.domain.clients import Caller
from kyc_service.errors import Forbidden
from kyc_service.verification.service import VerificationService

_BEARER: Final = HTTPBearer(
    auto_error=False,
    scheme_name="bearer",
    description="A client's API key, or a client token where an applicant's browser asks.",
)
_LONGEST: Final = 600


class ApplicantNotAllowed(Forbidden):
    """This is for the client's own servers: a client token does not open it."""

    code = "applicant_not_allowed"


def _anyone(
    request: Request,
    service: Service,
    shown: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)],
) -> Caller:
    del request
    if shown is None or len(shown.credentials) > _LONGEST:
        raise AuthenticationRequired
    return caller_of(service, shown.credentials)


def caller_of(service: VerificationService, shown: str) -> Caller:
    """Who shows this.

    Raises:
        AuthenticationRequired: nobody whom the service knows.
    """
    if shown.startswith(TOKEN_PREFIX):
        caller = caller_of_token(service.master_key.digest, shown, service.now())
        check_enabled(service.database, caller.client_id)
        return caller
    return caller_with(service.database, shown)


Anyone = Annotated[Caller, Depends(_anyone)]
"""A client, or an applicant for the verification that the token names."""


def _client(caller: Anyone) -> Caller:
    if caller.is_applicant:
        raise ApplicantNotAllowed
    return caller


Client = Annotated[Caller, Depends(_client)]
"""A client by its key, never an applicant."""
