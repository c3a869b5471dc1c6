"""Each fault of a capture by its own reason, on a sample card made worse; and what looks bad but is usable."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from kyc_service.documents.capture.view import SIZE_PX, view_of
from kyc_service.documents.engines import DocumentEngines
from kyc_service.documents.side import read_side
from kyc_service.documents.stage import DocumentStage, read_back, read_front
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.checks import CheckName
from kyc_service.domain.measurements import Finding
from kyc_service.domain.reasons import Reason
from kyc_service.imaging.geometry import Points, map_points
from kyc_service.imaging.picture import Picture, Pixels
from tests.documents.samples import TODAY, picture_of, sample

CASE = "genuine_cn_card"
SKIN = (112, 142, 196)
Worse = Callable[[Pixels, Points], Pixels]


@pytest.fixture(scope="module")
def card() -> Picture:
    return picture_of(sample(CASE).pixels)


@pytest.fixture(scope="module")
def corners(card: Picture, engines: DocumentEngines) -> Points:
    view = view_of(card, read_side(card, CaptureKind.DOCUMENT_FRONT, engines, TODAY))
    assert view is not None
    return view.corners


def reasons_of(stage: DocumentStage) -> tuple[Reason, ...]:
    return next(
        m.reasons for m in stage.measurements if isinstance(m, Finding) and m.check is CheckName.CAPTURE_QUALITY
    )


def at(corners: Points, x: float, y: float) -> tuple[int, int]:
    """The pixel at shares (x, y) of the card."""
    unit = np.array([(0, 0), (1, 0), (1, 1), (0, 1)], np.float32)
    into = np.asarray(cv2.getPerspectiveTransform(unit, corners), np.float64)
    px, py = map_points(into, [(x, y)])[0]
    return round(float(px)), round(float(py))


def width_of(corners: Points) -> float:
    return float(np.linalg.norm(corners[1] - corners[0]))


def lit(x: float, y: float, share: float) -> Worse:
    def apply(pixels: Pixels, corners: Points) -> Pixels:
        light: NDArray[np.float32] = np.zeros(pixels.shape[:2], np.float32)
        cv2.circle(light, at(corners, x, y), round(share * width_of(corners)), 400.0, -1)
        soft = np.asarray(cv2.GaussianBlur(light, (0, 0), 0.01 * width_of(corners)), np.float32)
        return np.asarray(np.clip(pixels + soft[..., None], 0, 255), np.uint8)

    return apply


def touched(x: float, y: float, share: float) -> Worse:
    """A finger from below up to (x, y)."""

    def apply(pixels: Pixels, corners: Points) -> Pixels:
        out = pixels.copy()
        cv2.line(out, at(corners, x, y), at(corners, x, 1.6), SKIN, round(share * width_of(corners)), cv2.LINE_AA)
        return out

    return apply


def cut(y: float) -> Worse:
    """Everything below the card's ``y`` lies outside the picture."""

    def apply(pixels: Pixels, corners: Points) -> Pixels:
        return np.ascontiguousarray(pixels[: at(corners, 0.5, y)[1]])

    return apply


def darker(pixels: Pixels, corners: Points) -> Pixels:
    del corners
    noise = np.random.default_rng(1).normal(0, 6, pixels.shape[:2])
    return np.clip(pixels * 0.045 + noise[..., None], 0, 255).astype(np.uint8)


def laid_flat(picture: Picture, corners: Points) -> Pixels:
    """The card, 1000 x 630."""
    target = np.array([(0, 0), (1000, 0), (1000, 630), (0, 630)], np.float32)
    into = cv2.getPerspectiveTransform(corners * np.float32(picture.scale), target)
    return np.asarray(cv2.warpPerspective(picture.pixels, into, (1000, 630)), np.uint8)


def blurred(pixels: Pixels, corners: Points) -> Pixels:
    return np.asarray(cv2.GaussianBlur(pixels, (0, 0), 0.009 * width_of(corners)), np.uint8)


@pytest.mark.models
@pytest.mark.parametrize(
    ("worse", "reason"),
    [
        (lit(0.78, 0.40, 0.12), Reason.DOCUMENT_GLARE),
        (lit(0.55, 0.865, 0.10), Reason.DOCUMENT_GLARE),
        (touched(0.78, 0.30, 0.34), Reason.DOCUMENT_COVERED),
        (touched(0.55, 0.85, 0.15), Reason.DOCUMENT_COVERED),
        (cut(0.80), Reason.DOCUMENT_CUT_OFF),
        (darker, Reason.DOCUMENT_TOO_DARK),
        (blurred, Reason.DOCUMENT_BLURRED),
    ],
    ids=["glare on portrait", "glare on number", "finger on portrait", "finger on number", "cut", "dark", "blur"],
)
def test_each_fault_has_its_reason(
    worse: Worse, reason: Reason, card: Picture, corners: Points, engines: DocumentEngines
) -> None:
    stage = read_front(picture_of(worse(card.pixels, corners)), None, engines, TODAY)
    assert reasons_of(stage) == (reason,)
    assert stage.reading is None


@pytest.mark.models
@pytest.mark.parametrize(
    "worse", [lit(0.30, 0.96, 0.03), touched(0.15, 0.985, 0.08), cut(0.97)], ids=["glare", "finger", "edge cut"]
)
def test_what_spoils_no_print_is_no_reason(
    worse: Worse, card: Picture, corners: Points, engines: DocumentEngines
) -> None:
    stage = read_front(picture_of(worse(card.pixels, corners)), None, engines, TODAY)
    assert reasons_of(stage) == ()
    assert stage.reading is not None


@pytest.mark.models
def test_two_cards_in_one_picture_are_told(card: Picture, corners: Points, engines: DocumentEngines) -> None:
    flat = laid_flat(card, corners)
    table = np.full((1500, 1300, 3), (60, 80, 110), np.uint8)
    table[100:730, 150:1150] = flat
    assert reasons_of(read_front(picture_of(table), None, engines, TODAY)) == ()
    other = sample("impostor_selfie")
    view = view_of(other, read_side(other, CaptureKind.DOCUMENT_FRONT, engines, TODAY))
    assert view is not None
    table[780:1410, 130:1130] = laid_flat(other, view.corners)
    assert reasons_of(read_front(picture_of(table), None, engines, TODAY)) == (Reason.DOCUMENT_SEVERAL,)


@pytest.mark.models
def test_a_screenshot_is_told_although_it_was_read(card: Picture, corners: Points, engines: DocumentEngines) -> None:
    flat = np.array([(0, 0), (1040, 0), (1040, 656), (0, 656)], np.float32)
    shown = cv2.warpPerspective(card.pixels, cv2.getPerspectiveTransform(corners, flat), (1040, 656))
    screen = np.full((2340, 1080, 3), 246, np.uint8)
    screen[800:1456, 20:1060] = shown
    cv2.putText(screen, "12:41", (60, 60), cv2.FONT_HERSHEY_SIMPLEX, 1.2, (30, 30, 30), 2, cv2.LINE_AA)
    assert reasons_of(read_front(picture_of(screen), None, engines, TODAY)) == (Reason.DOCUMENT_SCREENSHOT,)


@pytest.mark.models
def test_a_back_without_fault_is_usable(engines: DocumentEngines) -> None:
    assert reasons_of(read_back(sample(CASE, "document_back"), None, engines, TODAY)) == ()


def test_the_view_has_the_size_that_places_are_measured_at() -> None:
    assert SIZE_PX == (640, 404)
