"""The panel of registers: all that are configured, asked at the same time, within one deadline."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Final

from kyc_service.authorities.question import Authority, Particulars, question_for
from kyc_service.authorities.silence import AuthoritySilent
from kyc_service.domain.authority import AuthorityAnswer, AuthorityFailure, Channel

DEADLINE_S: Final = 8.0


@dataclass(frozen=True, slots=True)
class Panel:
    """``authorities``: one for each channel at most. Safe for several threads."""

    authorities: Sequence[Authority] = ()
    deadline_s: float = DEADLINE_S

    @property
    def channels(self) -> frozenset[Channel]:
        """The registers that are configured."""
        return frozenset(authority.channel for authority in self.authorities)

    def ask(self, known: Particulars, asking: str) -> tuple[AuthorityAnswer | AuthorityFailure, ...]:
        """What every register says of whom is ``known``; those that need more than is known are not asked.

        ``asking`` names the occasion without personal data: questions asked again on the same
        one keep their ids. Never raises: whoever crashes or is too slow has failed.
        """
        questions = {a.channel: question_for(a.channel, known, f"{asking}-{a.channel}") for a in self.authorities}
        asked = [(authority, question) for authority in self.authorities if (question := questions[authority.channel])]
        if not asked:
            return ()
        # Threads of their own: whoever is too slow ends by its own limit, and holds up nobody's next question.
        executor = ThreadPoolExecutor(len(asked), thread_name_prefix="authority")
        futures = {authority.channel: executor.submit(authority.ask, question) for authority, question in asked}
        wait(futures.values(), timeout=self.deadline_s)
        executor.shutdown(wait=False, cancel_futures=True)
        return tuple(self._heard(channel, future) for channel, future in futures.items())

    def _heard(self, channel: Channel, future: Future[AuthorityAnswer]) -> AuthorityAnswer | AuthorityFailure:
        if not future.done() or future.cancelled():
            return AuthorityFailure(channel, f"no answer within {self.deadline_s:g} s")
        error = future.exception()
        if error is None:
            return future.result()
        # The text of anything else could quote what was asked.
        return AuthorityFailure(channel, error.cause if isinstance(error, AuthoritySilent) else type(error).__name__)


NO_PANEL: Final = Panel()
