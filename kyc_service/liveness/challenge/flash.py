"""Whether the colours that the screen showed are seen on the face.

A face near a screen takes on its colour, the wall behind hardly does; the camera's own
white balance changes both alike. So what is measured is the face against the background,
per colour channel, in logarithms, as it changes from one step to the next.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kyc_service.domain.challenge import FlashColour, FlashStep
from kyc_service.imaging.clip import Clip
from kyc_service.liveness.challenge.observe import Seen, box_of

SHOWN: Final[dict[FlashColour, tuple[float, float, float]]] = {
    FlashColour.RED: (0.0, 0.0, 1.0),
    FlashColour.GREEN: (0.0, 1.0, 0.0),
    FlashColour.BLUE: (1.0, 0.0, 0.0),
    FlashColour.WHITE: (1.0, 1.0, 1.0),
    FlashColour.BLACK: (0.0, 0.0, 0.0),
}
"""Light of the screen, BGR."""
LAGS_MS: Final = range(0, 351, 50)
"""How late the colour may be seen: the screen's, the camera's and the encoder's delay."""
_SETTLE_MS: Final = 60
"""Frames this near to a change of colour show both."""
_MIN_FRAMES: Final = 8


@dataclass(frozen=True, slots=True)
class FlashSeen:
    """How the face's colour follows the screen's.

    ``correlation``: -1..1; ``gain``: response to full light, in natural logarithms;
    ``lag_ms``: how late; ``steps``: how many steps have a frame.
    """

    correlation: float
    gain: float
    lag_ms: int
    steps: int


def respond(clip: Clip, seen: Sequence[Seen], flashes: Sequence[FlashStep]) -> FlashSeen | None:
    """How the face answered the ``flashes``, at the lag that fits best; None with too few frames."""
    colours = [_face_against_wall(clip, one) for one in seen]
    found = [_at_lag(colours, [one.at_ms for one in seen], flashes, lag) for lag in LAGS_MS]
    known = [one for one in found if one is not None]
    return max(known, key=lambda one: one.correlation, default=None)


def _at_lag(
    colours: Sequence[NDArray[np.float64]], times: Sequence[int], flashes: Sequence[FlashStep], lag_ms: int
) -> FlashSeen | None:
    means, expected, frames = [], [], 0
    for step in flashes:
        inside = [
            colour
            for colour, at in zip(colours, times, strict=True)
            if step.from_ms + lag_ms + _SETTLE_MS <= at < step.until_ms + lag_ms
        ]
        if inside:
            frames += len(inside)
            means.append(np.mean(inside, axis=0))
            expected.append(SHOWN[step.colour])
    if frames < min(_MIN_FRAMES, 2 * len(flashes)) or len(means) < len(flashes):
        return None
    # What is common to all steps is the room's light and the skin's colour.
    answer = (np.array(means) - np.mean(means, axis=0)).ravel()
    asked = (np.array(expected) - np.mean(expected, axis=0)).ravel()
    power = float(asked @ asked)
    lengths = float(np.linalg.norm(answer) * np.linalg.norm(asked))
    if power <= 0 or lengths <= 0:
        return FlashSeen(0.0, 0.0, lag_ms, len(means))
    return FlashSeen(float(answer @ asked) / lengths, float(answer @ asked) / power, lag_ms, len(means))


def _face_against_wall(clip: Clip, seen: Seen) -> NDArray[np.float64]:
    """Logarithm of the face's mean colour over the background's, BGR."""
    pixels = clip.frames[seen.index].pixels
    x, y, width, height = box_of(seen.mesh)
    rows, columns = pixels.shape[:2]
    left, right = np.clip([x + 0.2 * width, x + 0.8 * width], 0, columns).astype(int)
    top, bottom = np.clip([y + 0.15 * height, y + 0.85 * height], 0, rows).astype(int)
    face = pixels[top:bottom, left:right].reshape(-1, 3)
    is_wall = np.ones((rows, columns), dtype=np.bool_)
    # Below the face are shoulders, as near to the screen as the face.
    outer = np.clip([x - 0.5 * width, x + 1.5 * width], 0, columns).astype(int)
    is_wall[max(0, int(y - 0.4 * height)) :, outer[0] : outer[1]] = False
    is_wall[max(0, int(y + 0.9 * height)) :] = False
    wall = pixels[is_wall]
    face_mean = face.mean(axis=0) if len(face) else np.zeros(3)
    wall_mean = wall.mean(axis=0) if len(wall) else np.full(3, 128.0)
    return np.asarray(np.log((face_mean + 2.0) / (wall_mean + 2.0)), np.float64)
