"""How a call to a gateway can fail. Neither message nor attributes ever hold what was sent or answered."""

from __future__ import annotations

from http import HTTPStatus
from typing import ClassVar, Final

from kyc_service.errors import InvalidInput, Unavailable

_PASSING_STATUSES: Final = frozenset({408, 425, 429, 500, 502, 503, 504})


class UrlNotAllowed(InvalidInput):
    """A gateway's address must be https (http only on this machine), without credentials."""

    code = "outbound_url_not_allowed"


class SigningSecretUnusable(Unavailable):
    """A signing secret's file must hold base64 of 24 to 64 bytes and be readable by its owner alone."""

    code = "outbound_secret_unusable"


class CertificatesUnusable(Unavailable):
    """The file of trusted certificates cannot be read, or holds none."""

    code = "outbound_certificates_unusable"


class OutboundFailed(Unavailable):
    """A gateway could not be asked, or did not answer as agreed."""

    code = "outbound_failed"
    is_passing: ClassVar[bool] = False
    has_perhaps_arrived: ClassVar[bool] = True

    @property
    def may_pass(self) -> bool:
        """Whether the same call may work a moment later."""
        return self.is_passing

    @property
    def may_have_arrived(self) -> bool:
        """Whether the gateway may have done what was asked all the same."""
        return self.has_perhaps_arrived

    @property
    def cause(self) -> str:
        """The code of what happened, for events and measurements."""
        return self.code


class GatewayUnreachable(OutboundFailed):
    """The gateway could not be connected to."""

    code = "outbound_unreachable"
    is_passing = True
    has_perhaps_arrived = False


class HostUnknown(OutboundFailed):
    """The host has no address, or was not found in time."""

    code = "outbound_host_unknown"
    is_passing = True
    has_perhaps_arrived = False


class GatewayHungUp(OutboundFailed):
    """The gateway broke off, or spoke something other than HTTP."""

    code = "outbound_hung_up"
    is_passing = True


class GatewayTimedOut(OutboundFailed):
    """The gateway did not answer in time."""

    code = "outbound_timed_out"
    is_passing = True


class GatewayNotTrusted(OutboundFailed):
    """The gateway's certificate is not one that is trusted."""

    code = "outbound_not_trusted"
    has_perhaps_arrived = False


class GatewayRefused(OutboundFailed):
    """The gateway answered with a status other than success; redirects are not followed."""

    code = "outbound_refused"

    def __init__(self, status: int) -> None:
        super().__init__(f"The gateway answered with status {status}.")
        self.status = status

    @property
    def may_pass(self) -> bool:
        """Whether the status tells of something passing."""
        return self.status in _PASSING_STATUSES

    @property
    def may_have_arrived(self) -> bool:
        """Whether the gateway broke down over it, instead of turning it away."""
        return self.status >= HTTPStatus.INTERNAL_SERVER_ERROR

    @property
    def cause(self) -> str:
        """The code with the status."""
        return f"{self.code}: {self.status}"


class AnswerTooLarge(OutboundFailed):
    """The gateway's answer is larger than was agreed."""

    code = "outbound_answer_too_large"


class AnswerUnusable(OutboundFailed):
    """The gateway's answer is not a JSON object."""

    code = "outbound_answer_unusable"


class AnswerNotSigned(OutboundFailed):
    """The gateway's answer is not signed, or not for this call, or not now."""

    code = "outbound_answer_not_signed"
