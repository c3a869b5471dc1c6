"""What a reproduced document is made of: the same picture at another scale, on a larger sheet, behind glass."""

from dataclasses import replace

import cv2
import numpy as np

from specimens.flat import Box, Cover, FlatDocument, Picture


def scaled(document: FlatDocument, width_px: int) -> FlatDocument:
    """The document at another resolution; boxes and scale follow."""
    width, height = document.size
    factor = width_px / width
    size = (width_px, max(1, round(height * factor)))
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    pixels = np.asarray(cv2.resize(document.pixels, size, interpolation=how), np.uint8)
    cover = np.clip(cv2.resize(document.cover, size, interpolation=cv2.INTER_LINEAR), 0, 1).astype(np.float32)
    boxes = {name: Box(*(side * factor for side in box)) for name, box in document.boxes.items()}
    return FlatDocument(pixels, cover, document.px_per_mm * factor, boxes)


def on_sheet(document: FlatDocument, margin_px: int, colour: tuple[int, int, int]) -> FlatDocument:
    """The document in the middle of a larger, square-cornered sheet of one colour."""
    ground = np.array(colour, np.float32)
    share = document.cover[..., None]
    flat = (document.pixels * share + ground * (1 - share)).astype(np.uint8)
    around = (margin_px,) * 4
    pixels = cv2.copyMakeBorder(flat, *around, cv2.BORDER_CONSTANT, value=colour)
    cover: Cover = np.ones(pixels.shape[:2], np.float32)
    boxes = {name: Box(*(side + margin_px for side in box)) for name, box in document.boxes.items()}
    return FlatDocument(np.asarray(pixels, np.uint8), cover, document.px_per_mm, boxes)


def with_pixels(document: FlatDocument, pixels: Picture) -> FlatDocument:
    """The document with other pixels of the same size."""
    return replace(document, pixels=pixels)


def behind_glass(pixels: Picture, strength: float, rng: np.random.Generator) -> Picture:
    """A window or a lamp mirrored by the glass over the pixels: up to `strength` grey levels of added light."""
    small = np.zeros((64, 96), np.float32)
    centre = (int(rng.integers(0, 96)), int(rng.integers(0, 64)))
    axes = (int(rng.integers(6, 40)), int(rng.integers(3, 14)))
    cv2.ellipse(small, centre, axes, float(rng.uniform(0, 180)), 0, 360, 1.0, -1)
    soft = cv2.GaussianBlur(small, (0, 0), float(rng.uniform(2, 7))) * strength
    grey = np.clip(soft, 0, 255).astype(np.uint8)
    size = (pixels.shape[1], pixels.shape[0])
    return np.asarray(cv2.add(pixels, cv2.resize(cv2.merge((grey, grey, grey)), size)), np.uint8)
