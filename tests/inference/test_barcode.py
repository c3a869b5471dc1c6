from __future__ import annotations

import cv2
import numpy as np
import pytest
import zxingcpp
from numpy.typing import NDArray

from kyc_service.inference.barcode import Barcode, BarcodeReader, NullBarcodeReader, ZxingBarcodeReader, directions_deg

PAYLOAD = (
    b"@\n\x1e\rANSI 636000100101DL00310150DLDAQT64235789\nDCSSAMPLE\nDACMICHAEL\nDADJOHN\nDBD06062019\nDBB06061986\n"
    b"DBA12102034\nDBC1\nDAG2300 WEST BROAD STREET\nDAIRICHMOND\nDAJVA\nDAK232690000  \nDCGUSA\nDDEN\nDCSMU\xd1OZ\r"
)
WIDTH_PX = 1000


@pytest.fixture(scope="module")
def card() -> NDArray[np.uint8]:
    """A card's back: a symbol, and lines of text whose strokes stand as the bars do."""
    symbol = np.array(zxingcpp.create_barcode(PAYLOAD, zxingcpp.BarcodeFormat.PDF417, columns=12).to_image(scale=1))
    sheet = np.full((630, WIDTH_PX, 3), 232, np.uint8)
    height = round(860 * symbol.shape[0] / symbol.shape[1])
    sheet[120 : 120 + height, 70:930] = cv2.resize(symbol, (860, height), interpolation=cv2.INTER_AREA)[..., None]
    for line in range(3):
        cv2.putText(sheet, "RESTRICTIONS NONE ENDORSEMENTS", (80, 480 + 45 * line), 0, 1.1, (50, 50, 50), 2)
    return sheet


def turned(
    card: NDArray[np.uint8], degrees: float, scale: float = 1.0
) -> tuple[NDArray[np.uint8], NDArray[np.float64]]:
    side = round(1250 * scale)
    matrix = cv2.getRotationMatrix2D((500, 315), degrees, scale)
    matrix[:, 2] += side / 2 - np.array((500, 315))
    picture = cv2.warpAffine(card, matrix, (side, side), flags=cv2.INTER_AREA, borderValue=(96, 104, 112))
    return np.asarray(picture, np.uint8), np.asarray(matrix, np.float64)


@pytest.mark.parametrize("degrees", [0, 3, -5, 8, 15, -22, 30, -38, 45, 70, 90, 135, 180, -90])
def test_a_symbol_is_read_however_it_is_turned(card: NDArray[np.uint8], degrees: float) -> None:
    picture, matrix = turned(card, degrees)
    (found,) = ZxingBarcodeReader().find_pdf417(picture)
    assert found.payload == PAYLOAD
    centre = cv2.transform(np.array([[(500.0, 120.0 + (found_height(card) / 2))]]), matrix)[0, 0]
    assert found.quad.shape == (4, 2)
    assert found.quad.dtype == np.float32
    assert np.linalg.norm(found.quad.mean(axis=0) - centre) < 0.05 * WIDTH_PX


def found_height(card: NDArray[np.uint8]) -> float:
    rows = np.flatnonzero((card[:440, 70:930, 0] < 128).any(axis=1))
    return float(rows[-1] - 120)


@pytest.mark.parametrize("scale", [0.5, 0.75, 2.0, 3.0])
def test_a_symbol_is_read_small_and_large(card: NDArray[np.uint8], scale: float) -> None:
    picture, _ = turned(card, 6, scale)
    assert [found.payload for found in ZxingBarcodeReader().find_pdf417(picture)] == [PAYLOAD]


def test_a_torn_symbol_is_none(card: NDArray[np.uint8]) -> None:
    torn = card.copy()
    torn[:, 300:700] = 232
    assert ZxingBarcodeReader().find_pdf417(torn) == ()


def test_a_little_dirt_is_corrected(card: NDArray[np.uint8]) -> None:
    dirty = card.copy()
    cv2.circle(dirty, (420, 200), 14, (0, 0, 0), -1)
    assert [found.payload for found in ZxingBarcodeReader().find_pdf417(dirty)] == [PAYLOAD]


def test_other_symbols_are_not_read() -> None:
    code = np.array(zxingcpp.create_barcode("12345", zxingcpp.BarcodeFormat.QRCode).to_image(scale=8))
    picture = np.ascontiguousarray(np.repeat(code[..., None], 3, axis=2))
    assert ZxingBarcodeReader().find_pdf417(picture) == ()


@pytest.mark.parametrize("shape", [(0, 0, 3), (0, 10, 3), (1, 1, 3), (2, 900, 3), (40, 40, 3), (1700, 1800, 3)])
def test_pictures_of_any_size_are_looked_at(shape: tuple[int, int, int]) -> None:
    assert ZxingBarcodeReader().find_pdf417(np.full(shape, 128, np.uint8)) == ()


def test_the_effort_is_bounded(card: NDArray[np.uint8], monkeypatch: pytest.MonkeyPatch) -> None:
    looks = []
    monkeypatch.setattr(zxingcpp, "read_barcodes", lambda *_, **__: looks.append(1) or [])
    picture, _ = turned(card, 20)
    assert ZxingBarcodeReader(max_views=3).find_pdf417(picture) == ()
    assert len(looks) == 3
    assert ZxingBarcodeReader().find_pdf417(picture) == ()
    assert len(looks) <= 3 + 8


@pytest.mark.parametrize("degrees", [-40, -20, -7, 0, 12, 33])
def test_the_direction_of_the_bars_is_found(card: NDArray[np.uint8], degrees: float) -> None:
    picture, _ = turned(card, degrees)
    first = directions_deg(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY))[0]
    assert abs((first + degrees + 45) % 90 - 45) < 1.5


def test_a_plain_picture_has_no_direction() -> None:
    assert directions_deg(np.full((300, 400), 128, np.uint8)) == ()


def test_the_null_reader_answers_what_it_was_told() -> None:
    one = Barcode(PAYLOAD, np.zeros((4, 2), np.float32))
    readers: tuple[BarcodeReader, ...] = (NullBarcodeReader((one,)), NullBarcodeReader())
    assert [reader.find_pdf417(np.zeros((4, 4, 3), np.uint8)) for reader in readers] == [(one,), ()]
