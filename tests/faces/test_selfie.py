from __future__ import annotations

import numpy as np
import pytest

from kyc_service.domain.checks import CheckName
from kyc_service.domain.measurements import Finding, Score
from kyc_service.domain.reasons import Reason
from kyc_service.faces.quality import COMPONENTS
from kyc_service.faces.selfie import SelfieLook, look
from kyc_service.inference.null_engines import null_face_engines
from tests.faces.people import detected, engines, person, picture, resized

GREY = np.full((240, 320, 3), 120, dtype=np.uint8)
SCORES = {component.name for component in COMPONENTS}


def scores_of(seen: SelfieLook) -> dict[str, float]:
    return {m.name: m.native for m in seen.measurements if isinstance(m, Score)}


def reasons_of(seen: SelfieLook) -> tuple[Reason, ...]:
    (finding,) = (m for m in seen.measurements if isinstance(m, Finding))
    return finding.reasons


def test_no_face_is_a_finding_and_nothing_more() -> None:
    seen = look(picture(GREY), null_face_engines())
    assert (reasons_of(seen), seen.face, scores_of(seen)) == ((Reason.FACE_NOT_FOUND,), None, {})


def test_a_face_gives_every_score_and_an_empty_finding() -> None:
    seen = look(picture(GREY), null_face_engines((detected(100, 60),)))
    assert reasons_of(seen) == ()
    assert set(scores_of(seen)) == SCORES
    assert {m.check for m in seen.measurements} == {CheckName.FACE_QUALITY}
    assert seen.face is not None
    assert seen.face.aligned.shape == (112, 112, 3)
    assert seen.mesh is not None
    assert seen.mesh.points.shape == (468, 3)


@pytest.mark.parametrize("x", [-60, -17, 225, 260])
def test_a_face_at_the_edge_is_cut_off(x: float) -> None:
    seen = look(picture(GREY), null_face_engines((detected(x, 60),)))
    assert reasons_of(seen) == (Reason.FACE_CUT_OFF,)


def test_a_second_face_is_measured_against_the_first_and_shown() -> None:
    seen = look(picture(GREY), null_face_engines((detected(100, 60), detected(10, 10, 0.5))))
    assert scores_of(seen)["second_face_ratio"] == pytest.approx(0.25)
    (finding,) = (m for m in seen.measurements if isinstance(m, Finding))
    assert [region.label for region in finding.evidence.regions] == ["face", "another face"]


def test_sizes_and_regions_are_those_of_the_full_picture() -> None:
    large = np.full((960, 1280, 3), 120, dtype=np.uint8)
    reduced = picture(large, target_long_side_px=320)
    assert reduced.scale == pytest.approx(0.25)
    seen = look(reduced, null_face_engines((detected(100, 60),)))
    assert scores_of(seen)["inter_eye_px"] == pytest.approx(144)
    assert seen.face is not None
    assert seen.face.region.points[0] == (464.0, 288.0)


@pytest.mark.models
@pytest.mark.parametrize("factor", [1.0, 3.0])
def test_a_portrait_photograph_is_usable(factor: float) -> None:
    seen = look(picture(resized(person("hopper"), factor)), engines())
    assert reasons_of(seen) == ()
    assert scores_of(seen)["inter_eye_px"] == pytest.approx(80 * factor, rel=0.05)
    assert scores_of(seen)["second_face_ratio"] == 0


@pytest.mark.models
def test_half_a_face_is_cut_off() -> None:
    half = np.ascontiguousarray(person("hopper")[:, :256])
    assert Reason.FACE_CUT_OFF in reasons_of(look(picture(half), engines()))


@pytest.mark.models
def test_two_people_side_by_side_show_as_two() -> None:
    height = 400
    side = [resized(person(name), height / person(name).shape[0])[:height] for name in ("collins", "hopper")]
    seen = look(picture(np.ascontiguousarray(np.hstack(side))), engines())
    assert scores_of(seen)["second_face_ratio"] > 0.3
