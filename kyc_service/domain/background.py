"""Background: what is known of an attempt beside its claims, captures and facts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kyc_service.domain.authority import AuthorityAnswer, AuthorityFailure, Channel
from kyc_service.domain.history import History, PhonePossession


@dataclass(frozen=True, slots=True)
class Background:
    """What the service remembers and what others told it.

    ``history`` is ``None`` where nobody looked (the command line keeps none), ``possession``
    where no code was repeated. ``authorities`` holds what the registers that were asked
    answered, at most one entry each; ``channels`` are the registers the operator runs, asked
    or not.
    """

    history: History | None = None
    possession: PhonePossession | None = None
    authorities: tuple[AuthorityAnswer | AuthorityFailure, ...] = ()
    channels: frozenset[Channel] = frozenset()


NOTHING_KNOWN: Final = Background()
