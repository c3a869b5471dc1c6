"""Draw a challenge: which actions, in which order and when; or which colours.

Nobody can record an answer in advance: 150 sequences of three actions, or 4 to 5 colours, and
windows whose beginnings are drawn to the millisecond. A turn of the head is always among
the actions, since only what turns shows whether it has depth.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Final, assert_never

from kyc_service.domain.challenge import Action, ActionStep, Challenge, ChallengeKind, FlashColour, FlashStep

ACTIONS_ASKED: Final = 3
TURNS: Final = (Action.TURN_LEFT, Action.TURN_RIGHT)
EXPIRES_AFTER: Final = timedelta(minutes=2)

_LEAD_MS: Final = (500, 1100)
"""Until the first step: long enough to see the face at rest."""
_GAP_MS: Final = (400, 800)
"""Between two windows: long enough to come back to rest."""
_WINDOW_MS: Final = (2500, 3100)
"""People see the request within 0.9 s and have turned there and back 1.7 s later."""
_FLASHES: Final = (4, 5)
_FLASH_MS: Final = (400, 700)
_ID_BITS: Final = 128


def draw(kind: ChallengeKind, at: datetime, randomness: Random) -> Challenge:
    """A new challenge of ``kind``, issued ``at`` (aware). ``randomness``: ``secrets.SystemRandom()`` outside tests."""
    identity = f"{randomness.getrandbits(_ID_BITS):032x}"
    actions: tuple[ActionStep, ...] = ()
    flashes: tuple[FlashStep, ...] = ()
    match kind:
        case ChallengeKind.ACTIONS:
            actions = _timed_actions(randomness)
        case ChallengeKind.FLASH:
            flashes = _timed_flashes(randomness)
        case _:
            assert_never(kind)
    return Challenge(identity, kind, actions, flashes, at, at + EXPIRES_AFTER)


def _timed_actions(randomness: Random) -> tuple[ActionStep, ...]:
    steps: list[ActionStep] = []
    from_ms = randomness.randint(*_LEAD_MS)
    for action in _actions(randomness):
        until_ms = from_ms + randomness.randint(*_WINDOW_MS)
        steps.append(ActionStep(action, from_ms, until_ms))
        from_ms = until_ms + randomness.randint(*_GAP_MS)
    return tuple(steps)


def _actions(randomness: Random) -> Sequence[Action]:
    """Three different actions; drawn again until one of them turns the head."""
    while True:
        drawn = randomness.sample(list(Action), ACTIONS_ASKED)
        if any(action in TURNS for action in drawn):
            return drawn


def _timed_flashes(randomness: Random) -> tuple[FlashStep, ...]:
    steps: list[FlashStep] = []
    from_ms = randomness.randint(*_LEAD_MS)
    for colour in _colours(randomness):
        until_ms = from_ms + randomness.randint(*_FLASH_MS)
        steps.append(FlashStep(colour, from_ms, until_ms))
        from_ms = until_ms
    return tuple(steps)


def _colours(randomness: Random) -> Sequence[FlashColour]:
    """Four or five colours, neighbours different, at least two different hues among them."""
    hues = {FlashColour.RED, FlashColour.GREEN, FlashColour.BLUE}
    while True:
        drawn = [randomness.choice(list(FlashColour)) for _ in range(randomness.randint(*_FLASHES))]
        differ = all(one is not other for one, other in itertools.pairwise(drawn))
        if differ and len(hues & set(drawn)) > 1:
            return drawn
