"""Whether the turns that were done were those of a head: relief while turning there and back."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kyc_service.domain.challenge import Action, ActionStep
from kyc_service.imaging.clip import Clip
from kyc_service.liveness.challenge.actions import Excursion
from kyc_service.liveness.challenge.limits import ChallengeLimits
from kyc_service.liveness.challenge.observe import Seen
from kyc_service.liveness.challenge.relief import Relief, relief

_FAR_ENOUGH_DEG: Final = (14.0, 22.0)
"""How far a turn is followed: less shows less relief, more loses more features."""
_SURELY_FOLLOWED: Final = 60
_FLAT_MISFIT: Final = 0.02
_PLAINLY_TURNED: Final = 0.93
"""The cosine of 21 degrees: a picture that has become this narrow was turned."""
_LEAST_SPAN: Final = 2
_SIDEWAYS: Final = frozenset({Action.TURN_LEFT, Action.TURN_RIGHT})
TURNING: Final = frozenset({Action.TURN_LEFT, Action.TURN_RIGHT, Action.LOOK_UP, Action.LOOK_DOWN})
"""Actions that show depth."""


@dataclass(frozen=True, slots=True)
class TurnRelief:
    """What one turn showed: the better of there and back, and the sine of the angle that was followed."""

    action: Action
    best: Relief | None
    sine: float

    def shows_depth(self, limits: ChallengeLimits) -> bool:
        """Whether what stands out went farther than any flat or bent picture explains."""
        least = limits.parallax if self.is_sideways else limits.tilt_parallax
        share = limits.parallax_share if self.is_sideways else limits.tilt_parallax_share
        return self.best is not None and (
            self.best.parallax >= max(least, share * self.sine) and self.best.certainty >= limits.parallax_errors
        )

    @property
    def is_sideways(self) -> bool:
        """Turned to the left or to the right."""
        return self.action in _SIDEWAYS

    def is_unclear(self, limits: ChallengeLimits) -> bool:
        """Whether so few features could be followed that nothing is certain either way."""
        return self.best is None or (
            self.best.features < _SURELY_FOLLOWED and abs(self.best.certainty) < limits.parallax_errors
        )

    def is_flat(self, limits: ChallengeLimits) -> bool:
        """Whether many features went where a flat picture sends them, and nothing stood out."""
        return self.best is not None and (
            self.best.features >= _SURELY_FOLLOWED
            and self.best.misfit < _FLAT_MISFIT
            and self.best.parallax < limits.flat_parallax
        )


def flat_turn(clip: Clip, seen: Sequence[Seen], step: ActionStep, limits: ChallengeLimits) -> TurnRelief | None:
    """A flat picture being turned in the time of ``step``, where no turn of a head was seen; None without one.

    It grows narrow as it turns, and nothing on it stands out.
    """
    window = [index for index, one in enumerate(seen) if step.from_ms <= one.at_ms <= step.until_ms]
    if not window:
        return None
    farthest = max(window, key=lambda index: _sign(step.action) * _angle(seen[index], step.action))
    found = _along(clip, seen, range(window[0], farthest + 1), step.action)
    if found is None or found.best is None or found.best.narrowing > _PLAINLY_TURNED:
        return None
    return found if found.is_flat(limits) else None


def turn_relief(clip: Clip, seen: Sequence[Seen], turn: Excursion) -> TurnRelief:
    """Follow the features of ``turn`` (one of ``TURNING``) there and back."""
    angles = [_sign(turn.action) * _angle(one, turn.action) for one in seen]
    shown = [found for span in _spans(angles, turn) if (found := _along(clip, seen, span, turn.action))]
    certain = [found for found in shown if found.best is not None]
    if not certain:
        return TurnRelief(turn.action, None, 0.0)
    return max(certain, key=lambda found: _weight(found.best))


def _weight(best: Relief | None) -> float:
    return 0.0 if best is None else min(best.certainty, 100 * best.parallax)


def _along(clip: Clip, seen: Sequence[Seen], span: range, action: Action) -> TurnRelief | None:
    """The relief shown along ``span``, from rest to far."""
    if len(span) < _LEAST_SPAN:
        return None
    frames = [seen[index] for index in span]
    pictures = [clip.frames[one.index].pixels for one in frames]
    found = relief(pictures, frames, is_sideways=action in _SIDEWAYS, sign=_sign(action))
    turned = _angle(frames[-1], action) - _angle(frames[0], action)
    return TurnRelief(action, found, math.sin(math.radians(abs(turned))))


def _sign(action: Action) -> int:
    return 1 if action in {Action.TURN_LEFT, Action.LOOK_UP} else -1


def _angle(one: Seen, action: Action) -> float:
    return one.pose.yaw_deg if action in _SIDEWAYS else one.pose.pitch_deg


def _spans(angles: Sequence[float], turn: Excursion) -> list[range]:
    """Indices from rest to far enough: on the way there, and on the way back in reverse."""
    ways = (range(turn.start, turn.peak + 1), range(turn.end, turn.peak - 1, -1))
    return list(dict.fromkeys(_until_far(angles, way, far) for way in ways for far in _FAR_ENOUGH_DEG))


def _until_far(angles: Sequence[float], way: range, far: float) -> range:
    for count, index in enumerate(way, start=1):
        if angles[index] - angles[way[0]] >= far:
            return way[:count]
    return way
