"""Pictures for the tests: a flat ground with print, seen by a pretended camera, honest or attacked."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from kyc_service.documents.finding.locate import LocatedDocument, whole_picture
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.measurements import Region
from kyc_service.imaging.metadata import NO_METADATA
from kyc_service.imaging.picture import MediaType, Picture, Pixels

WIDTH, HEIGHT = 1280, 808
NUMBER_BOX = (420, 680, 1068, 736)
PORTRAIT_BOX = (820, 120, 1180, 580)
DIGITS = "330106198503129989"


def picture_of(pixels: Pixels) -> Picture:
    height, width = pixels.shape[:2]
    return Picture(np.ascontiguousarray(pixels), width, height, MediaType.JPEG, "0" * 64, NO_METADATA)


def document_on(picture: Picture) -> LocatedDocument:
    return replace(whole_picture(picture, CaptureKind.DOCUMENT_FRONT), has_outline=True)


def region(box: tuple[int, int, int, int], label: str) -> Region:
    left, top, right, bottom = box
    points = ((left, top), (right, top), (right, bottom), (left, bottom))
    return Region(CaptureKind.DOCUMENT_FRONT, tuple((float(x), float(y)) for x, y in points), label)


def printed() -> Pixels:
    """A tinted card with a number in equal cells, some text and a portrait without a frame."""
    across = np.linspace(0, 1, WIDTH)[None, :, None]
    card = np.broadcast_to(np.array((235.0, 232, 222)) * (1 - across) + np.array((225.0, 236, 240)) * across,
                           (HEIGHT, WIDTH, 3)).astype(np.uint8).copy()  # fmt: skip
    for row in range(120, 620, 90):
        cv2.putText(card, "SPECIMEN TEXT", (80, row), cv2.FONT_HERSHEY_SIMPLEX, 1.2, (60, 40, 30), 3, cv2.LINE_AA)
    left, _, right, bottom = NUMBER_BOX
    cell = (right - left) / len(DIGITS)
    for i, digit in enumerate(DIGITS):
        place = (round(left + i * cell) + 6, bottom - 8)
        cv2.putText(card, digit, place, cv2.FONT_HERSHEY_SIMPLEX, 1.3, (30, 30, 30), 3, cv2.LINE_AA)
    cv2.ellipse(card, (1000, 330), (110, 150), 0, 0, 360, (120, 150, 190), -1, cv2.LINE_AA)
    cv2.ellipse(card, (1000, 560), (150, 90), 0, 180, 360, (90, 60, 50), -1, cv2.LINE_AA)
    return card


def photographed(card: Pixels, seed: int = 1, sigma: float = 3.0) -> Pixels:
    """Lens, uneven light, sensor noise."""
    rng = np.random.default_rng(seed)
    soft = cv2.GaussianBlur(card, (0, 0), 0.8).astype(np.float32)
    light = np.linspace(0.92, 1.03, card.shape[1], dtype=np.float32)[None, :, None]
    noise = rng.standard_normal(card.shape[:2])[..., None] + 0.5 * rng.standard_normal(card.shape)
    return np.clip(np.round(soft * light + sigma * noise), 0, 255).astype(np.uint8)


def on_screen(card: Pixels, period: int = 3) -> Pixels:
    """Every pixel column of a coarse screen as a red, a green and a blue stripe."""
    mask = np.full((period, period, 3), 0.45)
    for channel in range(3):
        mask[:, channel % period, channel] = 1.0
    tiled = np.tile(mask, (card.shape[0] // period + 1, card.shape[1] // period + 1, 1))[
        : card.shape[0], : card.shape[1]
    ]
    return np.clip(card * tiled * 1.3, 0, 255).astype(np.uint8)


def halftoned(card: Pixels, period_px: float = 3.4, angle_deg: float = 33.0) -> Pixels:
    """Dots on a rotated grid, as a laser printer sets them."""
    y, x = np.mgrid[: card.shape[0], : card.shape[1]].astype(np.float32)
    turn = np.radians(angle_deg)
    u, v = (x * np.cos(turn) + y * np.sin(turn)), (-x * np.sin(turn) + y * np.cos(turn))
    wave = (np.cos(2 * np.pi * u / period_px) + np.cos(2 * np.pi * v / period_px)) / 4
    return np.clip(card.astype(np.float32) + 90 * wave[..., None], 0, 255).astype(np.uint8)
