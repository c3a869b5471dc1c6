"""Clients and callers: who asks the service for something, and on whose behalf."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

FIRST_CLIENT: Final = "cli_" + "0" * 32
"""Whose the verifications are that were made before there were clients, and those of the command line."""


class ClientMode(StrEnum):
    """Whether a client's applicants are people, or samples whose outcomes are fixed."""

    LIVE = "live"
    SANDBOX = "sandbox"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who makes a request: a client by its key, or the applicant of one of its verifications by a short-lived token.

    ``actor`` is what events name: ``key:key_...`` or ``applicant:ver_...``. ``verification_id`` is set for an
    applicant, who may touch that one verification and nothing else.
    """

    client_id: str
    mode: ClientMode
    actor: str
    verification_id: str | None = None

    @property
    def is_applicant(self) -> bool:
        """Whether what is said comes from the applicant's own browser, and weighs less.

        >>> Caller(FIRST_CLIENT, ClientMode.LIVE, "key:key_1").is_applicant
        False
        """
        return self.verification_id is not None
