"""Why a register gave no answer that could be used. Never says what was asked."""

from __future__ import annotations

from kyc_service.errors import InvalidInput, Unavailable


class AuthoritySilent(Unavailable):
    """An outside register gave no answer that can be used."""

    code = "authority_silent"

    def __init__(self, cause: str) -> None:
        super().__init__()
        self.cause = cause


class AuthoritiesInvalid(InvalidInput):
    """The file of outside registers cannot be used."""

    code = "authorities_invalid"
