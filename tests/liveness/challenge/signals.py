"""Signals as a face gives them that does exactly what it is told."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

from kyc_service.domain.challenge import Action, ActionStep
from kyc_service.liveness.challenge.actions import Signals
from kyc_service.liveness.challenge.limits import read_limits

LIMITS = read_limits(Path(__file__).parents[3] / "models")
EXTENT = {
    Action.TURN_LEFT: 25.0,
    Action.TURN_RIGHT: 25.0,
    Action.LOOK_UP: 15.0,
    Action.LOOK_DOWN: 15.0,
    Action.OPEN_MOUTH: 0.4,
    Action.COME_CLOSER: 0.4,
    Action.BLINK_TWICE: 0.25,
}
LASTS_MS = 1200


def signals_for(deeds: Sequence[tuple[Action, int]], length_ms: int, fps: float = 15) -> Signals:
    """``deeds``: what is done and when it begins; each takes 1.2 s."""
    times = tuple(round(index * 1000 / fps) for index in range(int(length_ms * fps / 1000) + 2))

    def moved(action: Action) -> list[float]:
        return [sum(EXTENT[action] * _swing(at - begin) for does, begin in deeds if does is action) for at in times]

    left, right, up, down = (moved(Action(name)) for name in ("turn_left", "turn_right", "look_up", "look_down"))
    closed = [sum(_blinks(at - begin) for does, begin in deeds if does is Action.BLINK_TWICE) for at in times]
    return Signals(
        at_ms=times,
        yaw_deg=tuple(2 + one - other for one, other in zip(left, right, strict=True)),
        pitch_deg=tuple(-3 + one - other for one, other in zip(up, down, strict=True)),
        eyes=tuple(0.3 - 0.2 * min(1.0, one) for one in closed),
        mouth=tuple(0.02 + one for one in moved(Action.OPEN_MOUTH)),
        size=tuple(100 * (1 + one) for one in moved(Action.COME_CLOSER)),
    )


def steps_of(actions: Sequence[Action]) -> tuple[ActionStep, ...]:
    """A window of 2.6 s for each, half a second apart."""
    return tuple(ActionStep(action, 700 + 3100 * place, 3300 + 3100 * place) for place, action in enumerate(actions))


def length_of(steps: Sequence[ActionStep]) -> int:
    return steps[-1].until_ms + 300


def _swing(since: float) -> float:
    return math.sin(math.pi * since / LASTS_MS) ** 2 if 0 < since < LASTS_MS else 0.0


def _blinks(since: float) -> float:
    return float(100 < since < 350 or 650 < since < 900)
