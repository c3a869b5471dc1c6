"""Questions to registers: what each channel needs of a person, and nothing else.

A register is asked only when everything it needs is there; half a question would get an
answer that means something else.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Protocol

from kyc_service.domain.authority import AuthorityAnswer, Channel


@dataclass(frozen=True, slots=True)
class Particulars:
    """Everything that is known of a person and could be asked about.

    ``other_names`` are further spellings and scripts of the name, ``phone`` is E.164.
    """

    full_name: str | None = None
    other_names: tuple[str, ...] = ()
    id_number: str | None = None
    phone: str | None = None
    date_of_birth: date | None = None


@dataclass(frozen=True, slots=True)
class AuthorityQuestion:
    """One question to one register. ``id`` stays the same when it is asked again, and is not personal."""

    id: str
    channel: Channel
    particulars: Particulars


class Authority(Protocol):
    """One register. Safe to ask from several threads."""

    @property
    def channel(self) -> Channel:
        """Which register it is."""
        ...

    def ask(self, question: AuthorityQuestion) -> AuthorityAnswer:
        """Its answer.

        Raises:
            AuthoritySilent: there is none that could be used.
        """
        ...


_NAME_AND_NUMBER: Final = frozenset({"full_name", "id_number"})
_WITH_PHONE: Final = _NAME_AND_NUMBER | {"phone"}
NEEDED: Final[dict[Channel, frozenset[str]]] = {
    Channel.CITIZEN_IDENTITY: _NAME_AND_NUMBER,
    Channel.CARRIER: _WITH_PHONE,
    Channel.BANK_CARD: _WITH_PHONE,
    Channel.CREDIT_AGENCY: _NAME_AND_NUMBER,
    Channel.SOCIAL_SECURITY: _NAME_AND_NUMBER,
    Channel.TAX: _NAME_AND_NUMBER,
    Channel.EDUCATION: _NAME_AND_NUMBER,
    Channel.SANCTIONS: frozenset({"full_name"}),
}
_WELCOME: Final[dict[Channel, frozenset[str]]] = {Channel.SANCTIONS: frozenset({"other_names", "date_of_birth"})}


def question_for(channel: Channel, known: Particulars, question_id: str) -> AuthorityQuestion | None:
    """The question to ``channel`` about whom is ``known``; ``None`` where something it needs is not there.

    >>> question_for(Channel.CARRIER, Particulars(full_name="陆青禾", id_number="1"), "q") is None
    True
    >>> known = Particulars(full_name="陆青禾", id_number="1", phone="+8613800000000")
    >>> question_for(Channel.TAX, known, "q").particulars.phone is None
    True
    """
    needed = NEEDED[channel]
    if any(getattr(known, name) is None for name in needed):
        return None
    given = needed | _WELCOME.get(channel, frozenset())
    nothing = Particulars()
    kept = {name: getattr(known, name) for name in given}
    return AuthorityQuestion(question_id, channel, replace(nothing, **kept))
