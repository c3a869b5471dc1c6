"""A few short clips, rendered once for all tests, at a size that is quick to draw."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import cache

import cv2
import numpy as np

from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.challenge import (
    Action,
    ActionStep,
    Challenge,
    ChallengeKind,
    FlashColour,
    FlashStep,
)
from kyc_service.domain.measurements import NotAssessed, Region
from kyc_service.domain.reasons import Reason
from kyc_service.faces.align import AlignedFace, align
from kyc_service.faces.detect import find_faces
from kyc_service.liveness.challenge.assess import ChallengeLook, assess
from specimens.heads.attacks import FILMED, Brief, Take, genuine
from specimens.heads.clips import flashed, seen_person
from specimens.heads.flat import Sheet, seen_picture
from specimens.heads.head import Person
from specimens.heads.motion import Deed, Motion
from specimens.heads.recording import record
from specimens.heads.setting import setting_of
from tests.faces.people import engines, person
from tests.liveness.challenge.signals import LIMITS

SIMILARITY = 0.43
NOW = datetime(2026, 11, 23, tzinfo=UTC)
STEPS = (ActionStep(Action.TURN_LEFT, 500, 2500), ActionStep(Action.OPEN_MOUTH, 2900, 4900))
FLASHES = tuple(
    FlashStep(colour, 400 + 500 * place, 900 + 500 * place)
    for place, colour in enumerate((FlashColour.RED, FlashColour.BLUE, FlashColour.GREEN, FlashColour.WHITE))
)


def asking(steps: tuple[ActionStep, ...] = STEPS, flashes: tuple[FlashStep, ...] = ()) -> Challenge:
    kind = ChallengeKind.FLASH if flashes else ChallengeKind.ACTIONS
    return Challenge("c", kind, () if flashes else steps, flashes, NOW, NOW)


def brief(person: int, fps: float = 10) -> Brief:
    setting = setting_of(person, "train", fps, 320)
    return Brief(Person(person), Person(person + 1), asking(), setting, np.random.default_rng(person))


@cache
def honest(person: int = 6) -> Take:
    return genuine(brief(person))


@cache
def attack(species: str) -> Take:
    return FILMED[species](brief(6))


@cache
def lit(strength: float) -> Take:
    """A person before a screen that shows ``FLASHES``; strength 0: a recording made without it."""
    made = brief(7, 15)
    scene = seen_person(made.person, Motion((), (), 1), made.setting)
    drawn = flashed(scene, FLASHES, 80, strength)
    challenge = asking(flashes=FLASHES)
    clip = record(drawn, made.setting, challenge.length_ms + 200, made.rng)
    return Take(challenge, clip, clip.frames[0].pixels)


@cache
def photograph_turned(name: str, sheet: Sheet, degrees: float) -> Take:
    """A press photograph as a print, turned as asked: the mesh lays a head over it, and sees it turn."""
    whole = person(name)
    cut = whole[: whole.shape[1] * 3 // 4]
    picture = np.asarray(cv2.resize(cut, (640, 480), interpolation=cv2.INTER_AREA), np.uint8)
    made = brief(3)
    deed = Deed(Action.TURN_LEFT, 700, 500, 300, 500, degrees)
    motion = Motion((deed, replace(deed, action=Action.LOOK_UP, at_ms=3100, amount=0.8 * degrees)), (), 1)
    asked = asking((STEPS[0], replace(STEPS[1], action=Action.LOOK_UP)))
    clip = record(seen_picture(picture, motion, sheet, made.setting), made.setting, asked.length_ms + 200, made.rng)
    return Take(asked, clip, picture)


def selfie_face(take: Take) -> AlignedFace | None:
    faces = find_faces(take.selfie, engines().detector)
    return align(take.selfie, faces[0], Region(CaptureKind.SELFIE, (), "face")) if faces else None


def look(take: Take, challenge: Challenge | None = None) -> ChallengeLook:
    return assess(challenge or take.challenge, take.clip, selfie_face(take), engines(), LIMITS, SIMILARITY)


def reasons_of(found: ChallengeLook) -> set[Reason]:
    return {
        reason
        for one in found.measurements
        for reason in ((one.reason,) if isinstance(one, NotAssessed) else getattr(one, "reasons", ()))
    }


def reasons(take: Take, challenge: Challenge | None = None) -> set[Reason]:
    return reasons_of(look(take, challenge))


def swapped_actions() -> Challenge:
    first, second = STEPS
    return asking((replace(first, action=second.action), replace(second, action=first.action)))
