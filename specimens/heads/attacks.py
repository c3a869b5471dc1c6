"""Attacks that are filmed: each species gives a clip that must not pass, and the selfie it comes with."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from kyc_service.domain.challenge import Action, Challenge
from kyc_service.imaging.clip import Clip
from specimens.heads.clips import TAIL_MS, person_clip, seen_person, selfie_of, swapped, two_people
from specimens.heads.flat import Sheet, seen_sheet, shifted_still
from specimens.heads.head import Person
from specimens.heads.motion import Motion, answer
from specimens.heads.parts import ByteImage
from specimens.heads.recording import Drawn, record
from specimens.heads.setting import Setting


@dataclass(frozen=True, slots=True, eq=False)
class Take:
    """A clip sent as the answer to a challenge, and the selfie it was sent with."""

    challenge: Challenge
    clip: Clip
    selfie: ByteImage


@dataclass(frozen=True, slots=True, eq=False)
class Brief:
    """What an attack is made from."""

    person: Person
    other: Person
    challenge: Challenge
    setting: Setting
    rng: np.random.Generator


Attack = Callable[[Brief], Take]


def genuine(brief: Brief) -> Take:
    """An honest answer by the person of the selfie."""
    clip = person_clip(brief.person, answer(brief.challenge, brief.rng), brief.challenge, brief.setting, brief.rng)
    return Take(brief.challenge, clip, _selfie(brief))


def _selfie(brief: Brief) -> ByteImage:
    return selfie_of(brief.person, brief.setting, brief.rng)


def _filmed(brief: Brief, drawn: Drawn) -> Take:
    return Take(
        brief.challenge, record(drawn, brief.setting, brief.challenge.length_ms + TAIL_MS, brief.rng), _selfie(brief)
    )


def _waved(brief: Brief, factor: float) -> Motion:
    """A hand that imitates the actions with the whole picture, and is less steady than a neck."""
    motion = answer(brief.challenge, brief.rng)
    return replace(
        motion,
        deeds=tuple(
            replace(d, amount=d.amount * factor if "turn" in d.action or "look" in d.action else d.amount)
            for d in motion.deeds
        ),
    )


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


def two_faces(brief: Brief) -> Take:
    """A second person looks on."""
    motion = answer(brief.challenge, brief.rng)
    aside = float(brief.rng.uniform(2.6, 3.2) * brief.rng.choice([-1, 1]))
    return _filmed(brief, two_people(brief.person, brief.other, motion, aside, brief.setting))


FILMED: dict[str, Attack] = {
    attack.__name__: attack
    for attack in (photo_moved, photo_turned, photo_bent, screen_turned, still_moved, face_swapped, two_faces)
}
"""Attacks that are filmed anew; the others are in :mod:`specimens.heads.reused`."""
