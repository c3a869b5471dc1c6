"""Attacks made of an honest clip: used for another challenge, another person, at another time, or looped."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from kyc_service.domain.challenge import ActionStep, Challenge
from kyc_service.imaging.clip import Clip, TimedFrame
from specimens.heads.attacks import Take
from specimens.heads.parts import ByteImage

Reuse = Callable[[Take, Take, np.random.Generator], Take]
"""An honest take, another person's honest take, randomness."""
LOOP_MS = 2000


def wrong_order(take: Take, other: Take, rng: np.random.Generator) -> Take:
    """The right actions, each done in another one's window."""
    del other
    steps = take.challenge.actions
    by = 1 + int(rng.integers(len(steps) - 1))
    actions = [step.action for step in (*steps[by:], *steps[:by])]
    return replace(
        take, challenge=_asking(take.challenge, [replace(s, action=a) for s, a in zip(steps, actions, strict=True)])
    )


def recorded_answer(take: Take, other: Take, rng: np.random.Generator) -> Take:
    """An honest answer to another challenge than the one asked."""
    del rng
    return replace(take, challenge=other.challenge)


def out_of_time(take: Take, other: Take, rng: np.random.Generator) -> Take:
    """The right actions in the right order, long before they are asked or after their time."""
    del other
    shift = int(rng.choice([-1, 1]) * rng.integers(1900, 2600))
    moved = [replace(s, from_ms=s.from_ms + shift, until_ms=s.until_ms + shift) for s in take.challenge.actions]
    return replace(take, challenge=_asking(take.challenge, moved))


def other_person(take: Take, other: Take, rng: np.random.Generator) -> Take:
    """An honest answer by somebody else than the selfie shows."""
    del rng
    return replace(take, selfie=other.selfie)


def recording_looped(take: Take, other: Take, rng: np.random.Generator) -> Take:
    """Two seconds of an honest answer, over and over."""
    del other, rng
    part = [frame for frame in take.clip.frames if frame.at_ms < LOOP_MS]
    return _with_pictures(take, [part[index % len(part)].pixels for index in range(len(take.clip.frames))])


def still_looped(take: Take, other: Take, rng: np.random.Generator) -> Take:
    """One frame, repeated: its very bytes, or under fresh noise."""
    del other
    first = take.clip.frames[0].pixels
    noise = 2.0 if rng.random() < 0.5 else 0.0
    pictures = [
        np.asarray(np.clip(first + noise * rng.standard_normal(first.shape, np.float32), 0, 255), np.uint8)
        for _ in take.clip.frames
    ]
    return _with_pictures(take, pictures)


def _asking(challenge: Challenge, steps: list[ActionStep]) -> Challenge:
    return replace(challenge, actions=tuple(steps))


def _with_pictures(take: Take, pictures: list[ByteImage]) -> Take:
    frames = (TimedFrame(pixels, frame.at_ms) for pixels, frame in zip(pictures, take.clip.frames, strict=True))
    return replace(take, clip=Clip(tuple(frames)))


REUSED: dict[str, Reuse] = {
    reuse.__name__: reuse
    for reuse in (wrong_order, recorded_answer, out_of_time, other_person, recording_looped, still_looped)
}
"""Attacks that cost no new clip."""
