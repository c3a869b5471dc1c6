"""Clips of people before the camera: honest answers, and answers that are honest but wrong."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from kyc_service.domain.challenge import Challenge, FlashColour, FlashStep
from kyc_service.imaging.clip import Clip
from specimens.heads.head import Head, Person, Pose, head_of
from specimens.heads.motion import Motion
from specimens.heads.parts import ByteImage
from specimens.heads.recording import Drawn, record, sensed
from specimens.heads.scene import Camera, Light, blank, draw_head, finished
from specimens.heads.setting import LIGHTS, Setting, room

TAIL_MS = 300
"""How long the page goes on recording after the last step."""
_SCREEN_LIGHT = {
    FlashColour.RED: (0.05, 0.05, 1.0), FlashColour.GREEN: (0.05, 1.0, 0.05), FlashColour.BLUE: (1.0, 0.05, 0.05),
    FlashColour.WHITE: (1.0, 1.0, 1.0), FlashColour.BLACK: (0.0, 0.0, 0.0),
}  # fmt: skip


def person_clip(
    person: Person, motion: Motion, challenge: Challenge, setting: Setting, rng: np.random.Generator
) -> Clip:
    """``person`` moving as ``motion`` says, for as long as ``challenge`` lasts."""
    return record(seen_person(person, motion, setting), setting, challenge.length_ms + TAIL_MS, rng)


def seen_person(person: Person, motion: Motion, setting: Setting) -> Drawn:
    """What a camera sees of a person."""
    head, background = head_of(person), room_of(setting)

    def drawn(at: float, camera: Camera) -> NDArray[np.float32]:
        first = _head_before(head, motion.at(at), camera, LIGHTS[setting.light], background)
        later = motion.at(at + 20)
        if abs(later.yaw - motion.at(at).yaw) + abs(later.pitch - motion.at(at).pitch) < 0.8:
            return first
        # What moves fast is blurred by an exposure of 20 ms.
        return np.asarray(
            (first + _head_before(head, later, camera, LIGHTS[setting.light], background)) / 2, np.float32
        )

    return drawn


def two_people(one: Person, other: Person, motion: Motion, aside: float, setting: Setting) -> Drawn:
    """``one`` answers; ``other`` looks on, ``aside`` decimetres to the right and a little behind."""
    heads, background, light = (head_of(one), head_of(other)), room_of(setting), LIGHTS[setting.light]

    def drawn(at: float, camera: Camera) -> NDArray[np.float32]:
        canvas = blank(camera, background)
        draw_head(canvas, heads[0], motion.at(at), camera, light, (-0.35 * aside, 0, 0))
        draw_head(canvas, heads[1], Pose(yaw=4 * np.sin(at / 900)), camera, light, (0.65 * aside, 0.1, -0.6))
        return finished(canvas, camera)

    return drawn


def swapped(one: Drawn, other: Drawn, from_ms: float, until_ms: float) -> Drawn:
    """``one``, but ``other`` between two times: a cut."""
    return lambda at, camera: (other if from_ms <= at < until_ms else one)(at, camera)


def selfie_of(person: Person, setting: Setting, rng: np.random.Generator) -> ByteImage:
    """A still of ``person`` looking into the camera."""
    return sensed(
        seen_person(person, Motion((), (), int(rng.integers(1 << 30))), setting)(0.0, setting.camera), 1.5, 92, rng
    )


def flashed(drawn: Drawn, flashes: tuple[FlashStep, ...], lag_ms: float, strength: float) -> Drawn:
    """The same scene lit by a screen that shows ``flashes``, seen ``lag_ms`` late."""

    def lit(at: float, camera: Camera) -> NDArray[np.float32]:
        shown = next((step.colour for step in flashes if step.from_ms <= at - lag_ms < step.until_ms), None)
        glow = _SCREEN_LIGHT[shown] if shown else (0.15, 0.15, 0.15)
        b, g, r = (strength * value for value in glow)
        return drawn(at, replace(camera, screen=(b, g, r)))

    return lit


def room_of(setting: Setting) -> ByteImage:
    """The setting's room at the size of the picture."""
    return room(setting.room, setting.camera.width, setting.camera.height)


def _head_before(head: Head, pose: Pose, camera: Camera, light: Light, background: ByteImage) -> NDArray[np.float32]:
    canvas = blank(camera, background)
    draw_head(canvas, head, pose, camera, light)
    return finished(canvas, camera)
