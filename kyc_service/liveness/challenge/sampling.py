"""Which frames of a clip are looked at: enough to follow a movement, no more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from kyc_service.domain.challenge import Action, ActionStep

APART_MS: Final = 60
"""About 15 frames a second: a turn of the head takes 350 ms at least."""
APART_IN_BLINKS_MS: Final = 28
"""About 30 a second while a blink is asked, which may last 100 ms."""
_BLINK_MARGIN_MS: Final = 150


def sampled(times_ms: Sequence[int], steps: Sequence[ActionStep]) -> tuple[int, ...]:
    """Indices of the frames to look at; ``times_ms`` ascending.

    >>> sampled([0, 30, 60, 90, 120], [])
    (0, 2, 4)
    >>> sampled([0, 30, 60, 90, 120], [ActionStep(Action.BLINK_TWICE, 0, 100)])
    (0, 1, 2, 3, 4)
    """
    taken: list[int] = []
    for index, at in enumerate(times_ms):
        apart = APART_IN_BLINKS_MS if _is_in_blink(at, steps) else APART_MS
        if not taken or at - times_ms[taken[-1]] >= apart:
            taken.append(index)
    return tuple(taken)


def _is_in_blink(at_ms: int, steps: Sequence[ActionStep]) -> bool:
    return any(
        step.action is Action.BLINK_TWICE
        and step.from_ms - _BLINK_MARGIN_MS <= at_ms <= step.until_ms + _BLINK_MARGIN_MS
        for step in steps
    )
