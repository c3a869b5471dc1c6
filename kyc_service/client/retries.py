"""Retries: a request whose answer did not come, or was "later", is sent again, ever more slowly, until time is up.

Safe because every request is: GET, PUT and DELETE do the same however often they are
sent, and each POST carries its Idempotency-Key.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

from kyc_service.client.errors import AnswerUnusable, ServiceUnreachable
from kyc_service.client.steps import Answer, Call, Request, Step, now_s, pause, retry_after_s

Result = TypeVar("Result")

WORTH_ANOTHER_TRY: Final = frozenset({429, 502, 503, 504})
_CONFLICT: Final = 409


@dataclass(frozen=True, slots=True)
class Pace:
    """How patiently to ask.

    The pause after the n-th try is drawn from [half, whole] of ``first_pause_s * 2**(n-1)``, at most
    ``longest_pause_s``; what the service itself asks for (``Retry-After``) is the least. After ``deadline_s`` since
    the first try no further one is begun, and the last failure stands. ``chance`` gives numbers in [0, 1).
    """

    deadline_s: float
    first_pause_s: float
    longest_pause_s: float
    chance: Callable[[], float]

    def pause_s(self, tries: int, asked_s: float | None) -> float:
        """How long to wait after ``tries`` tries.

        >>> pace = Pace(60.0, 0.2, 8.0, lambda: 0.0)
        >>> [pace.pause_s(tries, None) for tries in (1, 2, 3, 99)], pace.pause_s(1, 7.0)
        ([0.1, 0.2, 0.4, 4.0], 7.0)
        """
        whole = min(self.longest_pause_s, self.first_pause_s * 2.0 ** min(tries - 1, 30))
        return max(whole * (1 + self.chance()) / 2, asked_s or 0.0)


def patiently(call: Call[Result], pace: Pace) -> Call[Result]:
    """``call``, each of whose requests is sent again as ``pace`` says."""
    given: object = None
    failure: Exception | None = None
    while True:
        try:
            step: Step = call.send(given) if failure is None else call.throw(failure)
        except StopIteration as done:
            result: Result = done.value
            return result
        given, failure = None, None
        if not isinstance(step, Request):
            given = yield step
            continue
        try:
            given = yield from _answer(step, pace)
        except ServiceUnreachable as unreachable:
            failure = unreachable


def _answer(request: Request, pace: Pace) -> Call[Answer]:
    until_s = (yield from now_s()) + pace.deadline_s + request.waits_s
    tries = 0
    while True:
        tries += 1
        asked_s: float | None = None
        try:
            answer: Answer = yield request
        except ServiceUnreachable as failure:
            wait_s = pace.pause_s(tries, None)
            if (yield from now_s()) + wait_s >= until_s:
                raise
            del failure
        else:
            asked_s = retry_after_s(answer)
            wait_s = pace.pause_s(tries, asked_s)
            if not _will_pass(answer) or (yield from now_s()) + wait_s >= until_s:
                return answer
        yield from pause(wait_s)


def _will_pass(answer: Answer) -> bool:
    """Whether the same request may be answered otherwise a moment later."""
    return answer.status in WORTH_ANOTHER_TRY or (answer.status == _CONFLICT and _is_still_at_it(answer))


def _is_still_at_it(answer: Answer) -> bool:
    """Whether an earlier try of this very request, whose answer was lost, is not done yet."""
    try:
        body = answer.json()
    except AnswerUnusable:
        return False
    return isinstance(body, dict) and body.get("code") == "idempotency_key_in_use"
