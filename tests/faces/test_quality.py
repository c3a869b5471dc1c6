from __future__ import annotations

import math
from dataclasses import asdict, fields

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kyc_service.faces.align import align
from kyc_service.faces.detect import find_faces
from kyc_service.faces.mesh import FaceMesh, mesh_of
from kyc_service.faces.quality import COMPONENTS, FaceQuality, measure_face
from kyc_service.faces.quality.light import brightness, dynamic_range_bits, overexposed_fraction
from kyc_service.faces.quality.sharpness import blockiness, sharpness
from kyc_service.inference.engines import Pixels
from kyc_service.inference.null_engines import null_face_engines
from tests.faces.people import NOWHERE, PEOPLE, blurred, detected, engines, exposed, person, resized, rolled


def meshed(pixels: Pixels) -> FaceMesh:
    return mesh_of(pixels, find_faces(pixels, engines().detector)[0], engines())


def quality_of(pixels: Pixels) -> FaceQuality:
    face = find_faces(pixels, engines().detector)[0]
    return measure_face(pixels, align(pixels, face, NOWHERE), mesh_of(pixels, face, engines()))


def saved(pixels: Pixels, quality: int) -> Pixels:
    _, encoded = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(encoded, cv2.IMREAD_COLOR), dtype=np.uint8)


def half_shaded(pixels: Pixels) -> Pixels:
    middle = float(meshed(pixels).points[4, 0])
    across = np.arange(pixels.shape[1]) - middle
    return np.clip(pixels * (0.25 + 0.75 / (1 + np.exp(across / 6)))[:, None], 0, 255).astype(np.uint8)


def with_dark_glasses(pixels: Pixels) -> Pixels:
    worn, mesh = pixels.copy(), meshed(pixels)
    width = float(np.linalg.norm(mesh.points[263, :2] - mesh.points[33, :2])) / 1.4
    for corners in ((33, 133), (263, 362)):
        x, y = np.round(mesh.points[list(corners), :2].mean(axis=0)).astype(int).tolist()
        cv2.ellipse(worn, (x, y), (round(0.45 * width), round(0.32 * width)), 0, 0, 360, (22, 20, 20), -1)
    return worn


def with_mask(pixels: Pixels) -> Pixels:
    worn, mesh = pixels.copy(), meshed(pixels)
    jaw = [93, 132, 58, 172, 136, 150, 149, 176, 148, 152, 377, 400, 378, 379, 365, 397, 288, 361, 323]
    outline = np.vstack([mesh.points[jaw, :2], mesh.points[[195], :2]])
    cv2.fillPoly(worn, [np.round(outline).astype(np.int32)], (215, 190, 140))
    return np.asarray(cv2.GaussianBlur(worn, (0, 0), 0.7), dtype=np.uint8)


def test_every_measure_is_a_component_and_the_framing_has_two_more() -> None:
    measured = {field.name for field in fields(FaceQuality)}
    assert {one.name for one in COMPONENTS} == measured | {"inter_eye_px", "second_face_ratio"}
    assert len({one.iso_name for one in COMPONENTS}) == len(COMPONENTS)


@given(st.floats(0, 1e4), st.floats(0, 1e4))
def test_mapped_scores_are_0_to_100_and_go_one_way(one: float, other: float) -> None:
    low, high = sorted((one, other))
    for component in COMPONENTS:
        worse, better = (low, high) if component.is_higher_better else (high, low)
        assert 0 <= component.mapped(worse) <= component.mapped(better) <= 100


@given(st.integers(0, 255))
@settings(max_examples=8, deadline=None)
def test_without_a_mesh_worth_the_name_every_number_is_finite(level: int) -> None:
    pixels, face = np.full((240, 320, 3), level, dtype=np.uint8), detected(100, 60)
    mesh = mesh_of(pixels, face, null_face_engines())
    measured = asdict(measure_face(pixels, align(pixels, face, NOWHERE), mesh))
    assert all(math.isfinite(value) for value in measured.values())
    assert measured["sharpness"] == measured["eye_contrast"] == measured["background_deviation"] == 0


def test_plain_patches_have_the_light_they_were_given() -> None:
    grey, white = np.full((80, 60), 77, dtype=np.float32), np.full((80, 60), 255, dtype=np.float32)
    assert (brightness(grey), overexposed_fraction(grey), dynamic_range_bits(grey), sharpness(grey)) == (77, 0, 0, 0)
    assert overexposed_fraction(white) == 1


def test_even_use_of_all_levels_is_eight_bits() -> None:
    assert dynamic_range_bits(np.arange(256, dtype=np.float32)) == pytest.approx(8)


@pytest.mark.models
@pytest.mark.parametrize("name", PEOPLE)
def test_each_fault_shows_in_its_own_number(name: str) -> None:
    good = quality_of(person(name))
    assert quality_of(blurred(person(name), 5)).sharpness < 0.5 * good.sharpness
    assert quality_of(exposed(person(name), 0.25)).brightness < 0.4 * good.brightness
    assert quality_of(exposed(person(name), 2.2)).overexposed_fraction > good.overexposed_fraction + 0.3
    assert quality_of(half_shaded(person(name))).illumination_uniformity < 0.6 * good.illumination_uniformity
    assert quality_of(rolled(person(name), 25)).roll_deg > good.roll_deg + 15


@pytest.mark.models
@pytest.mark.parametrize("name", PEOPLE)
def test_what_covers_a_face_takes_its_contrasts(name: str) -> None:
    good, glasses, mask = (
        quality_of(made) for made in (person(name), with_dark_glasses(person(name)), with_mask(person(name)))
    )
    assert glasses.eye_contrast < 0.6 * good.eye_contrast
    assert mask.mouth_contrast < 0.5 * good.mouth_contrast
    assert mask.skin_deviation > good.skin_deviation + 4
    assert mask.eye_contrast == pytest.approx(good.eye_contrast, rel=0.5)


@pytest.mark.models
@pytest.mark.parametrize("name", PEOPLE)
@pytest.mark.parametrize("factor", [0.6, 0.8])
def test_contrasts_are_those_of_the_face_and_not_of_the_light(name: str, factor: float) -> None:
    good, darker = quality_of(person(name)), quality_of(exposed(person(name), factor))
    assert darker.sharpness == pytest.approx(good.sharpness, rel=0.1)
    assert darker.eye_contrast == pytest.approx(good.eye_contrast, rel=0.2)
    assert darker.mouth_contrast == pytest.approx(good.mouth_contrast, rel=0.2)


@pytest.mark.models
@pytest.mark.parametrize("name", PEOPLE)
def test_blocks_show_and_count_less_on_a_large_face(name: str) -> None:
    small = resized(person(name), 0.5)
    face = find_faces(small, engines().detector)[0]
    poor, good = (blockiness(saved(small, quality), face.box, 40) for quality in (15, 92))
    assert poor > good + 2
    assert blockiness(saved(small, 15), face.box, 180) == pytest.approx(poor / 4)


@pytest.mark.models
@pytest.mark.parametrize("name", PEOPLE)
def test_measures_do_not_depend_on_the_size_of_the_picture(name: str) -> None:
    once, twice = quality_of(person(name)), quality_of(resized(person(name), 3))
    for one in ("eye_contrast", "mouth_contrast", "illumination_uniformity"):
        assert getattr(twice, one) == pytest.approx(getattr(once, one), rel=0.2)
