from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.challenge import Action, ActionStep, FlashColour
from kyc_service.domain.checks import CheckName
from kyc_service.domain.measurements import Finding, NotAssessed
from kyc_service.domain.reasons import Reason
from kyc_service.imaging.clip import Clip, TimedFrame
from kyc_service.inference.null_engines import null_face_engines
from kyc_service.liveness.challenge.assess import SAMPLED_FACES, assess
from specimens.heads.attacks import Take
from specimens.heads.flat import Sheet
from specimens.heads.reused import other_person, out_of_time, recording_looped, still_looped
from tests.faces.people import engines
from tests.liveness.challenge.signals import LIMITS
from tests.liveness.challenge.takes import (
    FLASHES,
    SIMILARITY,
    asking,
    attack,
    honest,
    lit,
    look,
    photograph_turned,
    reasons,
    reasons_of,
    selfie_face,
    swapped_actions,
)

pytestmark = pytest.mark.models


def with_pictures(take: Take, picture: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> Take:
    frames = tuple(TimedFrame(picture, frame.at_ms) for frame in take.clip.frames)
    return replace(take, clip=Clip(frames))


def test_an_honest_answer_has_nothing_against_it() -> None:
    found = look(honest())
    assert reasons_of(found) == set()
    assert {one.check for one in found.measurements} == {CheckName.LIVENESS_CHALLENGE}
    assert all(CaptureKind.LIVENESS in one.captures for one in found.measurements)


def test_every_number_of_evidence_is_one() -> None:
    values = [value for one in look(honest()).measurements for value in one.evidence.values.values()]
    assert all(math.isfinite(value) for value in values if isinstance(value, (int, float)))


def test_frames_are_handed_on_with_their_faces() -> None:
    faces = look(honest()).faces
    assert 2 <= len(faces) <= SAMPLED_FACES
    assert all(one.face.aligned.shape == (112, 112, 3) for one in faces)
    assert all(one.pixels.shape == honest().clip.frames[0].pixels.shape for one in faces)


def test_the_right_actions_in_the_wrong_order_fail() -> None:
    assert Reason.CHALLENGE_WRONG_ORDER in reasons(honest(), swapped_actions())


def test_an_answer_to_another_challenge_fails() -> None:
    other = asking((ActionStep(Action.TURN_RIGHT, 500, 2500), ActionStep(Action.LOOK_UP, 2900, 4900)))
    assert Reason.CHALLENGE_ACTION_MISSING in reasons(honest(), other)


def test_actions_out_of_their_time_fail() -> None:
    late = out_of_time(honest(), honest(), np.random.default_rng(1))
    assert reasons(late) & {Reason.CHALLENGE_OUT_OF_TIME, Reason.CHALLENGE_WRONG_ORDER}


def test_a_still_looped_fails() -> None:
    assert Reason.CHALLENGE_STILL_MOVED in reasons(still_looped(honest(), honest(), np.random.default_rng(0)))


def test_a_recording_looped_repeats_its_frames() -> None:
    looped = recording_looped(honest(), honest(), np.random.default_rng(0))
    assert Reason.CHALLENGE_REPEATED_FRAMES in reasons(looped)


def test_another_person_than_the_selfies_fails() -> None:
    stranger = other_person(honest(), honest(9), np.random.default_rng(0))
    assert Reason.CHALLENGE_NOT_THE_SELFIE in reasons(stranger)


def test_a_second_face_fails() -> None:
    assert Reason.CHALLENGE_SEVERAL_FACES in reasons(attack("two_faces"))


def test_a_face_swapped_on_the_way_fails() -> None:
    assert reasons(attack("face_swapped")) & {Reason.CHALLENGE_FACE_CHANGED, Reason.CHALLENGE_CUT}


@pytest.mark.parametrize("species", ["photo_turned", "photo_bent", "still_moved"])
def test_a_flat_picture_fails_however_it_is_moved(species: str) -> None:
    assert reasons(attack(species)) & {
        Reason.CHALLENGE_FLAT_FACE,
        Reason.CHALLENGE_STILL_MOVED,
        Reason.CHALLENGE_ACTION_MISSING,
    }


@pytest.mark.parametrize(
    ("name", "sheet", "degrees"), [("hopper", Sheet(), 55), ("collins", Sheet(), 35), ("collins", Sheet(0.8), 45)]
)
def test_a_flat_photograph_of_a_real_face_shows_no_depth(name: str, sheet: Sheet, degrees: float) -> None:
    assert Reason.CHALLENGE_FLAT_FACE in reasons(photograph_turned(name, sheet, degrees))


def test_a_clip_that_ends_early_or_jerks_is_said_to() -> None:
    frames = honest().clip.frames
    assert Reason.CLIP_TOO_SHORT in reasons(replace(honest(), clip=Clip(frames[: len(frames) // 2])))
    assert Reason.CLIP_TOO_FEW_FRAMES in reasons(replace(honest(), clip=Clip(frames[::4])))
    assert Reason.CLIP_TOO_FEW_FRAMES in reasons(replace(honest(), clip=Clip(frames[:1])))


def test_a_clip_without_a_face_has_lost_it() -> None:
    grey = np.full((240, 320, 3), 120, np.uint8)
    assert Reason.CLIP_FACE_LOST in reasons(with_pictures(honest(), grey))


def test_a_face_that_leaves_is_lost() -> None:
    grey = np.full_like(honest().clip.frames[0].pixels, 120)
    frames = [TimedFrame(grey if 2500 < f.at_ms < 4000 else f.pixels, f.at_ms) for f in honest().clip.frames]
    assert Reason.CLIP_FACE_LOST in reasons(replace(honest(), clip=Clip(tuple(frames))))


def test_no_frame_at_all_is_told_and_nothing_breaks() -> None:
    found = assess(asking(), Clip(()), None, null_face_engines(), LIMITS, SIMILARITY)
    assert reasons_of(found) >= {Reason.CLIP_TOO_FEW_FRAMES, Reason.CLIP_FACE_LOST}


def test_without_a_selfie_the_person_is_not_assessed() -> None:
    found = assess(asking(), honest().clip, None, engines(), LIMITS, SIMILARITY)
    assert [one.reason for one in found.measurements if isinstance(one, NotAssessed)] == [Reason.CAPTURE_UNUSABLE]


def test_a_challenge_that_turns_nothing_shows_no_depth() -> None:
    mouth = asking((ActionStep(Action.OPEN_MOUTH, 2900, 4900),))
    found = assess(mouth, honest().clip, selfie_face(honest()), engines(), LIMITS, SIMILARITY)
    assert Reason.NOT_MEASURED in reasons_of(found)


def test_colours_of_the_screen_are_seen_on_the_face_and_show_no_depth() -> None:
    found = look(lit(0.6))
    assert reasons_of(found) == {Reason.NOT_MEASURED}
    (seen,) = [one for one in found.measurements if isinstance(one, Finding) and "lag_ms" in one.evidence.values]
    assert float(str(seen.evidence.values["correlation"])) > 0.8


def test_a_recording_made_without_the_colours_fails() -> None:
    assert Reason.CHALLENGE_FLASH_NOT_SEEN in reasons(lit(0.0))


def test_colours_of_another_challenge_fail() -> None:
    other = (FlashColour.GREEN, FlashColour.WHITE, FlashColour.RED, FlashColour.BLUE)
    asked = asking(flashes=tuple(replace(step, colour=colour) for step, colour in zip(FLASHES, other, strict=True)))
    assert Reason.CHALLENGE_FLASH_NOT_SEEN in reasons(lit(0.6), asked)
