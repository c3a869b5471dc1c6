"""The exception tree.

KycError
├── InvalidInput   what was sent cannot be used; sending it again will not help
├── NotFound       no such thing for this caller
├── Conflict       the thing is in a state that does not allow this
├── Forbidden      the caller may not do this
└── Unavailable    the service cannot do this now; trying later may help

Leaves live beside the code that raises them, name the state, and carry a stable
``code``. The docstring is the message when none is given. No class knows HTTP, and
no message carries personal data.
"""

from __future__ import annotations

from typing import ClassVar


class KycError(Exception):
    """Something went wrong."""

    code: ClassVar[str] = "error"

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or (type(self).__doc__ or "").strip().splitlines()[0])

    @property
    def message(self) -> str:
        """The sentence for the caller."""
        return str(self.args[0])


class InvalidInput(KycError):
    """What was sent cannot be used."""

    code = "invalid_input"


class NotFound(KycError):
    """There is no such thing."""

    code = "not_found"


class Conflict(KycError):
    """The present state does not allow this."""

    code = "conflict"


class Forbidden(KycError):
    """This is not allowed for the caller."""

    code = "forbidden"


class Unavailable(KycError):
    """The service cannot do this now."""

    code = "unavailable"
