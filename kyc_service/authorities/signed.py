"""A register behind a gateway of the bank: one signed call, one signed answer.

Asked, as ``POST`` of JSON with the headers of Standard Webhooks::

    {"question_id": "ver_0f...-1-carrier", "channel": "carrier",
     "full_name": "陆青禾", "id_number": "330106198503129989", "phone_number": "+8613805710000"}

Answered, with status 200 and signed for the same id::

    {"answer": "confirmed", "reference": "CMCC-20261123-000017"}

``answer`` is ``confirmed``, ``contradicted`` or ``not_on_record``; of a list of sanctions
``not_on_record`` or ``possible_hit``. Anything else is no answer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Final, Protocol

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from kyc_service.authorities.question import AuthorityQuestion
from kyc_service.authorities.silence import AuthoritySilent
from kyc_service.domain.authority import Answer, AuthorityAnswer, Channel
from kyc_service.outbound.failures import GatewayUnreachable, OutboundFailed

_WORDS: Final = {"phone": "phone_number"}
_OF_SANCTIONS: Final = frozenset({Answer.NOT_ON_RECORD, Answer.POSSIBLE_HIT})


class Gateway(Protocol):
    """Where questions are posted: :class:`kyc_service.outbound.signed_http.SignedHttp`."""

    def post(self, message_id: str, content: dict[str, Any]) -> dict[str, Any]:
        """The answer to ``content``.

        Raises:
            OutboundFailed: there is none.
        """
        ...


class _AnswerDocument(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    answer: Answer
    reference: Annotated[str, StringConstraints(strict=True, pattern=r"^[!-~]{1,120}$")]


def utc_now() -> datetime:
    """The time."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class SignedHttpAuthority:
    """Asks through ``gateway``; once more where no connection could be made, so that nothing is asked twice."""

    channel: Channel
    gateway: Gateway
    now: Callable[[], datetime] = utc_now

    def ask(self, question: AuthorityQuestion) -> AuthorityAnswer:
        """Its answer.

        Raises:
            AuthoritySilent: the call failed, or what came back is no answer of such a register.
        """
        content = _content(question)
        try:
            said = self._post(question.id, content)
        except OutboundFailed as failure:
            raise AuthoritySilent(failure.cause) from failure
        try:
            document = _AnswerDocument.model_validate(said)
        except ValidationError:
            # Without the chain: pydantic's error would hold what was answered.
            raise AuthoritySilent("the answer is not of the agreed form") from None
        if not may_answer(self.channel, document.answer):
            raise AuthoritySilent("the answer is none that such a register gives")
        return AuthorityAnswer(self.channel, document.answer, document.reference, self.now())

    def _post(self, question_id: str, content: dict[str, Any]) -> dict[str, Any]:
        try:
            return self.gateway.post(question_id, content)
        except GatewayUnreachable:
            return self.gateway.post(question_id, content)


def may_answer(channel: Channel, answer: Answer) -> bool:
    """Whether a register of ``channel`` gives such answers.

    >>> may_answer(Channel.SANCTIONS, Answer.CONFIRMED), may_answer(Channel.TAX, Answer.CONFIRMED)
    (False, True)
    """
    return answer in _OF_SANCTIONS if channel is Channel.SANCTIONS else answer is not Answer.POSSIBLE_HIT


def _content(question: AuthorityQuestion) -> dict[str, Any]:
    known = question.particulars
    given: dict[str, Any] = {
        "full_name": known.full_name,
        "other_names": list(known.other_names) or None,
        "id_number": known.id_number,
        "phone": known.phone,
        "date_of_birth": known.date_of_birth.isoformat() if known.date_of_birth else None,
    }
    asked = {_WORDS.get(name, name): value for name, value in given.items() if value is not None}
    return {"question_id": question.id, "channel": question.channel.value, **asked}
