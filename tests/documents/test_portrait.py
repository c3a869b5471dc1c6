"""Where the portrait must lie: on the document that was read, whatever else is on the picture."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from kyc_service.documents.engines import DocumentEngines
from kyc_service.documents.finding.locate import locate, whole_picture
from kyc_service.documents.portrait import portrait_crop
from kyc_service.documents.stage import DocumentStage, read_front
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.measurements import Region
from kyc_service.imaging.geometry import Points, map_points, rotate_quarter
from kyc_service.imaging.picture import Pixels
from tests.documents.samples import TODAY, picture_of, sample, truths

READABLE = [case for case, _ in truths() if case != "blurred_card"]
CARD_PORTRAIT, PAGE_PORTRAIT = (0.78, 0.43), (0.196, 0.4375)
"""Middles of the sample documents' portraits, as shares of card and page."""
CARD, FACE = "genuine_cn_card", "impostor_selfie"


def is_inside(area: Region | None, point: NDArray[np.float32]) -> bool:
    assert area is not None
    x, y = (float(v) for v in point)
    return cv2.pointPolygonTest(np.array(area.points, np.float32), (x, y), measureDist=False) > 0


def shares(corners: Points, place: tuple[float, float]) -> NDArray[np.float32]:
    """The point at ``place``, as shares of the quadrilateral ``corners``."""
    unit = np.array([(0, 0), (1, 0), (1, 1), (0, 1)], np.float32)
    (x, y), *_ = map_points(np.asarray(cv2.getPerspectiveTransform(unit, corners), np.float64), [place])
    return np.array([x, y], np.float32)


def flat_card() -> Pixels:
    located = locate(sample(CARD))
    assert located is not None
    return located.pixels


def face_of_a_stranger() -> Pixels:
    pixels = sample(FACE, "selfie").pixels
    height, width = pixels.shape[:2]
    return pixels[height // 8 : height * 7 // 8, width // 5 : width * 4 // 5]


def pasted(table: Pixels, piece: Pixels, left: int, top: int, width: int) -> Points:
    """``piece`` laid on ``table``; its corners there."""
    height = round(piece.shape[0] * width / piece.shape[1])
    table[top : top + height, left : left + width] = cv2.resize(piece, (width, height), interpolation=cv2.INTER_AREA)
    return np.array([(left, top), (left + width, top), (left + width, top + height), (left, top + height)], np.float32)


def read_pixels(pixels: Pixels, engines: DocumentEngines) -> DocumentStage:
    stage = read_front(picture_of(pixels), None, engines, TODAY)
    assert stage.reading is not None
    assert stage.front is not None
    return stage


@pytest.mark.models
@pytest.mark.parametrize("case", READABLE)
def test_the_portrait_of_every_readable_sample_lies_in_its_area(case: str, engines: DocumentEngines) -> None:
    picture = sample(case)
    stage, located = read_front(picture, None, engines, TODAY), locate(picture)
    assert stage.reading is not None
    assert located is not None
    place = PAGE_PORTRAIT if stage.reading.mrz_lines else CARD_PORTRAIT
    assert is_inside(stage.portrait_area, shares(np.array(located.region.points, np.float32), place))


@pytest.mark.models
@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_a_larger_card_with_another_face_does_not_lend_it(quarters: int, engines: DocumentEngines) -> None:
    table = np.full((1500, 2000, 3), 60, np.uint8)
    cv2.rectangle(table, (80, 120), (1080, 780), (232, 236, 238), -1)
    card = pasted(table, flat_card(), 1130, 850, 800)
    stranger = pasted(table, face_of_a_stranger(), 600, 200, 380).mean(axis=0)
    turned = picture_of(rotate_quarter(table, quarters))
    first = locate(turned)
    assert first is not None
    assert first.width_px == pytest.approx(1000, abs=20)
    stage = read_pixels(turned.pixels, engines)
    back = np.array(stage.portrait_area.points if stage.portrait_area else (), np.float32)
    area = Region(CaptureKind.DOCUMENT_FRONT, tuple(map(tuple, _turned_back(back, quarters, table))), "portrait_area")
    assert not is_inside(area, stranger)
    assert is_inside(area, shares(card, CARD_PORTRAIT))


def _turned_back(points: Points, quarters: int, table: Pixels) -> Points:
    height, width = table.shape[:2]
    x, y = points.T
    return np.stack(((x, y), (y, height - x), (width - x, height - y), (width - y, x))[quarters], axis=1)


@pytest.mark.models
@pytest.mark.parametrize("is_framed", [False, True])
def test_a_face_beside_a_card_does_not_count(*, is_framed: bool, engines: DocumentEngines) -> None:
    table = np.full((1000, 1700, 3), 200, np.uint8)
    if is_framed:
        table[:] = 70
        cv2.rectangle(table, (40, 40), (1660, 960), (225, 230, 228), -1)
    card = pasted(table, flat_card(), 80, 220, 900)
    stranger = pasted(table, face_of_a_stranger(), 1100, 240, 420).mean(axis=0)
    stage = read_pixels(table, engines)
    assert not is_inside(stage.portrait_area, stranger)
    assert is_inside(stage.portrait_area, shares(card, CARD_PORTRAIT))


@pytest.mark.models
def test_a_face_beside_or_below_a_passport_page_does_not_count(engines: DocumentEngines) -> None:
    located = locate(sample("genuine_td3_passport"))
    assert located is not None
    table = np.full((1700, 1900, 3), 205, np.uint8)
    page = pasted(table, located.pixels, 60, 60, 1150)
    beside = pasted(table, face_of_a_stranger(), 1350, 100, 400).mean(axis=0)
    below = pasted(table, face_of_a_stranger(), 300, 1000, 400).mean(axis=0)
    stage = read_pixels(table, engines)
    assert is_inside(stage.portrait_area, shares(page, PAGE_PORTRAIT))
    assert not is_inside(stage.portrait_area, beside)
    assert not is_inside(stage.portrait_area, below)


@pytest.mark.models
def test_what_was_not_read_has_no_area(engines: DocumentEngines) -> None:
    assert read_front(sample("blurred_card"), None, engines, TODAY).portrait_area is None
    assert read_front(sample(CARD, "document_back"), None, engines, TODAY).portrait_area is None


def test_a_crop_holds_the_area_alone_and_leads_back_to_the_picture() -> None:
    rng = np.random.default_rng(2)
    picture = picture_of(rng.integers(0, 100, (1280, 1280, 3), dtype=np.uint8))
    document = whole_picture(picture, CaptureKind.DOCUMENT_FRONT)
    area = Region(CaptureKind.DOCUMENT_FRONT, ((300.0, 200.0), (500.0, 300.0), (400.0, 500.0), (200.0, 400.0)), "a")
    crop = portrait_crop(document, area)
    assert crop.pixels.shape == (300, 300, 3)
    assert (crop.pixels[0, 0] == 127).all()
    assert (crop.pixels[150, 150] == picture.pixels[350, 350]).all()
    region = crop.region_of(np.array([(100.0, 150.0)], np.float32), "portrait")
    assert (region.points, region.label) == (((300.0, 350.0),), "portrait")


def test_an_area_elsewhere_gives_a_crop_all_the_same() -> None:
    document = whole_picture(picture_of(np.zeros((100, 100, 3), np.uint8)), CaptureKind.DOCUMENT_FRONT)
    area = Region(CaptureKind.DOCUMENT_FRONT, ((500.0, 500.0), (600.0, 500.0), (600.0, 600.0), (500.0, 600.0)), "a")
    assert portrait_crop(document, area).pixels.size > 0
