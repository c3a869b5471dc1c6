"""Whether the turns that were done were those of a head: relief while turning there and back."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kyc_service.domain.challenge import Action
from kyc_service.imaging.clip import Clip
from kyc_service.liveness.challenge.actions import Excursion
from kyc_service.liveness.challenge.limits import ChallengeLimits
from kyc_service.liveness.challenge.observe import Seen
from kyc_service.liveness.challenge.relief import Relief, relief

_FAR_ENOUGH_DEG: Final = 22.0
"""Farther than this, features go out of sight faster than relief grows."""
_SURELY_FOLLOWED: Final = 60
_FLAT_MISFIT: Final = 0.02
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
        return self.best is not None and (
            self.best.parallax >= max(limits.parallax, limits.parallax_share * self.sine)
            and self.best.certainty >= limits.parallax_errors
        )

    def is_flat(self, limits: ChallengeLimits) -> bool:
        """Whether many features went where a flat picture sends them, and nothing stood out."""
        return self.best is not None and (
            self.best.features >= _SURELY_FOLLOWED
            and self.best.misfit < _FLAT_MISFIT
            and self.best.parallax < limits.flat_parallax
        )


def turn_relief(clip: Clip, seen: Sequence[Seen], turn: Excursion) -> TurnRelief:
    """Follow the features of ``turn`` (one of ``TURNING``) there and back."""
    is_sideways = turn.action in _SIDEWAYS
    sign = 1 if turn.action in {Action.TURN_LEFT, Action.LOOK_UP} else -1
    angles = [sign * (one.pose.yaw_deg if is_sideways else one.pose.pitch_deg) for one in seen]
    shown: list[tuple[Relief, float]] = []
    for span in _spans(angles, turn):
        frames = [seen[index] for index in span]
        found = relief(
            [clip.frames[one.index].pixels for one in frames], frames, is_sideways=is_sideways, sign=sign
        )
        sine = math.sin(math.radians(abs(angles[span[-1]] - angles[span[0]])))
        if found is not None:
            shown.append((found, sine))
    if not shown:
        return TurnRelief(turn.action, None, 0.0)
    best, sine = max(shown, key=lambda pair: min(pair[0].certainty, 100 * pair[0].parallax))
    return TurnRelief(turn.action, best, sine)


def _spans(angles: Sequence[float], turn: Excursion) -> list[range]:
    """Indices from rest to far enough: on the way there, and on the way back in reverse."""
    there = _until_far(angles, range(turn.start, turn.peak + 1))
    back = _until_far(angles, range(turn.end, turn.peak - 1, -1))
    return [span for span in (there, back) if len(span) > 1]


def _until_far(angles: Sequence[float], way: range) -> range:
    for count, index in enumerate(way, start=1):
        if angles[index] - angles[way[0]] >= _FAR_ENOUGH_DEG:
            return way[:count]
    return way
