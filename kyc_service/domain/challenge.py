"""Liveness challenges: what an applicant is asked to do before the camera, and when.

Nobody can know the answer before the question is drawn: which actions, in which order,
and how long until each is asked. Times are milliseconds since the first frame.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Action(StrEnum):
    """One thing to do. Left and right are the applicant's own."""

    TURN_LEFT = "turn_left"
    TURN_RIGHT = "turn_right"
    LOOK_UP = "look_up"
    LOOK_DOWN = "look_down"
    BLINK_TWICE = "blink_twice"
    OPEN_MOUTH = "open_mouth"
    COME_CLOSER = "come_closer"


class ChallengeKind(StrEnum):
    """What a challenge asks for."""

    ACTIONS = "actions"
    FLASH = "flash"


class FlashColour(StrEnum):
    """A colour the page shows in full, to be seen on the face."""

    RED = "red"
    GREEN = "green"
    BLUE = "blue"
    WHITE = "white"
    BLACK = "black"


@dataclass(frozen=True, slots=True)
class ActionStep:
    """``action`` is asked at ``from_ms`` and must have been done by ``until_ms``."""

    action: Action
    from_ms: int
    until_ms: int


@dataclass(frozen=True, slots=True)
class FlashStep:
    """``colour`` is shown from ``from_ms`` until ``until_ms``."""

    colour: FlashColour
    from_ms: int
    until_ms: int


@dataclass(frozen=True, slots=True)
class Challenge:
    """A challenge as drawn: ``actions`` for one kind, ``flashes`` for the other.

    It can be answered once, by a clip uploaded before ``expires_at``.
    """

    id: str
    kind: ChallengeKind
    actions: tuple[ActionStep, ...]
    flashes: tuple[FlashStep, ...]
    issued_at: datetime
    expires_at: datetime

    @property
    def length_ms(self) -> int:
        """How long an answer lasts at least: until the last step's end."""
        ends = [*(step.until_ms for step in self.actions), *(step.until_ms for step in self.flashes)]
        return max(ends, default=0)
