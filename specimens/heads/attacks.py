"""Attacks on a challenge: each species gives a clip that must not pass, and the selfie it comes with."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from kyc_service.domain.challenge import Action, Challenge
from kyc_service.imaging.clip import Clip, TimedFrame
from specimens.heads.clips import TAIL_MS, person_clip, seen_person, selfie_of, swapped, two_people
from specimens.heads.flat import Sheet, seen_sheet, shifted_still
from specimens.heads.head import Person
from specimens.heads.motion import Motion, answer, idle, moved
from specimens.heads.parts import ByteImage
from specimens.heads.recording import Drawn, record
from specimens.heads.setting import Setting


@dataclass(frozen=True, slots=True, eq=False)
class Take:
    """A clip sent as the answer to a challenge, and the selfie it was sent with."""

    clip: Clip
    selfie: ByteImage


@dataclass(frozen=True, slots=True, eq=False)
class Brief:
    """What an attack is made from."""

    person: Person
    other: Person
    challenge: Challenge
    another: Challenge
    setting: Setting
    rng: np.random.Generator


Attack = Callable[[Brief], Take]


def genuine(brief: Brief) -> Take:
    """An honest answer by the person of the selfie."""
    clip = person_clip(brief.person, answer(brief.challenge, brief.rng), brief.challenge, brief.setting, brief.rng)
    return Take(clip, _selfie(brief))


def _selfie(brief: Brief) -> ByteImage:
    return selfie_of(brief.person, brief.setting, brief.rng)


def _filmed(brief: Brief, drawn: Drawn) -> Take:
    return Take(record(drawn, brief.setting, brief.challenge.length_ms + TAIL_MS, brief.rng), _selfie(brief))


def _waved(brief: Brief, factor: float) -> Motion:
    """A hand that imitates the actions with the whole picture, and is less steady than a neck."""
    motion = answer(brief.challenge, brief.rng)
    return replace(motion, deeds=tuple(replace(d, amount=d.amount * factor if "turn" in d.action or "look" in d.action else d.amount) for d in motion.deeds))


def photo_moved(brief: Brief) -> Take:
    """A print held still but for the hand's unrest, brought nearer where that is asked."""
    return _filmed(brief, seen_sheet(brief.person, _waved(brief, 0.25), Sheet(), brief.setting))


def photo_turned(brief: Brief) -> Take:
    """A flat print turned and tilted as asked."""
    return _filmed(brief, seen_sheet(brief.person, _waved(brief, 1.3), Sheet(), brief.setting))


def photo_bent(brief: Brief) -> Take:
    """A print bent round a cylinder, turned and tilted as asked."""
    radius = float(brief.rng.uniform(0.9, 3.0))
    sheet = Sheet(radius, upright=bool(brief.rng.random() < 0.8))
    return _filmed(brief, seen_sheet(brief.person, _waved(brief, 1.0), sheet, brief.setting))


def screen_turned(brief: Brief) -> Take:
    """A tablet that shows the person blinking, opening the mouth and coming closer as asked, turned by hand."""
    motion = answer(brief.challenge, brief.rng)
    own = {Action.BLINK_TWICE, Action.OPEN_MOUTH}
    plays = replace(motion, deeds=tuple(deed for deed in motion.deeds if deed.action in own))
    return _filmed(brief, seen_sheet(brief.person, motion, Sheet(), brief.setting, plays))


def still_moved(brief: Brief) -> Take:
    """One still, shifted, zoomed and sheared by software."""
    return _filmed(brief, shifted_still(brief.person, answer(brief.challenge, brief.rng), brief.setting))


def still_looped(brief: Brief) -> Take:
    """One still, repeated: the very bytes, or under fresh noise."""
    take = _filmed(brief, seen_person(brief.person, idle(1, brief.rng), brief.setting))
    first = take.clip.frames[0].pixels
    fresh = brief.rng.random() < 0.5
    frames = []
    for frame in take.clip.frames:
        noise = brief.rng.normal(0, 2, first.shape) if fresh else 0
        frames.append(TimedFrame(np.asarray(np.clip(first + noise, 0, 255), np.uint8), frame.at_ms))
    return Take(Clip(tuple(frames)), take.selfie)


def recording_looped(brief: Brief) -> Take:
    """Two seconds of an honest answer, over and over."""
    take = genuine(brief)
    frames = take.clip.frames
    part = [frame for frame in frames if frame.at_ms < 2000]
    looped = tuple(TimedFrame(part[index % len(part)].pixels, frame.at_ms) for index, frame in enumerate(frames))
    return Take(Clip(looped), take.selfie)


def wrong_order(brief: Brief) -> Take:
    """The right actions, each in another one's window."""
    steps = brief.challenge.actions
    turns = 1 + int(brief.rng.integers(len(steps) - 1))
    actions = [step.action for step in steps[turns:] + steps[:turns]]
    asked = replace(brief.challenge, actions=tuple(replace(step, action=action) for step, action in zip(steps, actions, strict=True)))
    return genuine_to(brief, asked)


def recorded_answer(brief: Brief) -> Take:
    """An honest answer to another challenge."""
    return genuine_to(brief, brief.another)


def genuine_to(brief: Brief, challenge: Challenge) -> Take:
    """An honest answer to ``challenge``, as long as the one asked."""
    motion = answer(challenge, brief.rng)
    return Take(person_clip(brief.person, motion, brief.challenge, brief.setting, brief.rng), _selfie(brief))


def out_of_time(brief: Brief) -> Take:
    """The right actions in the right order, before they are asked or after their time."""
    motion = answer(brief.challenge, brief.rng)
    shift = float(brief.rng.choice([-1, 1]) * brief.rng.uniform(1900, 2600))
    late = replace(motion, deeds=moved(motion.deeds, shift))
    return Take(person_clip(brief.person, late, brief.challenge, brief.setting, brief.rng), _selfie(brief))


def face_swapped(brief: Brief) -> Take:
    """Another person from one action on, or for one action only, or from the middle of a turn."""
    steps, way = brief.challenge.actions, int(brief.rng.integers(3))
    motion = answer(brief.challenge, brief.rng)
    one = seen_person(brief.person, motion, brief.setting)
    other = seen_person(brief.other, motion, brief.setting)
    turn = next(deed for deed in motion.deeds if "turn" in deed.action)
    spans = (
        (steps[1].from_ms - 100, 1e9),
        (steps[1].from_ms - 100, steps[1].until_ms + 50),
        (turn.at_ms + turn.rise_ms, 1e9),
    )
    return _filmed(brief, swapped(one, other, *spans[way]))


def other_person(brief: Brief) -> Take:
    """An honest answer by somebody else than the selfie shows."""
    take = genuine(replace(brief, person=brief.other))
    return Take(take.clip, _selfie(brief))


def two_faces(brief: Brief) -> Take:
    """A second person looks on."""
    motion = answer(brief.challenge, brief.rng)
    aside = float(brief.rng.uniform(2.6, 3.2) * brief.rng.choice([-1, 1]))
    return _filmed(brief, two_people(brief.person, brief.other, motion, aside, brief.setting))


ATTACKS: dict[str, Attack] = {
    attack.__name__: attack
    for attack in (
        photo_moved, photo_turned, photo_bent, screen_turned, still_moved, still_looped, recording_looped, wrong_order,
        recorded_answer, out_of_time, face_swapped, other_person, two_faces,
    )
}  # fmt: skip
