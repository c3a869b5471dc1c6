"""Another person's portrait: put into the finished picture, or glued onto the card."""

from collections.abc import Mapping

import cv2
import numpy as np

from specimens.attack_protocol import Attack, AttackContext, Split
from specimens.attacks.patches import cut, flattened, pasted, picture_px_per_flat_px, recompressed
from specimens.attacks.sheets import with_pixels
from specimens.flat import PORTRAIT, Box, FlatDocument, Homography, Picture


class DigitalPortraitSplice(Attack):
    """After the camera: another portrait, too clean or too coarse, its tone roughly matched, its edge blended."""

    name = "portrait_splice_digital"

    def applies(self, family: str, side: str, boxes: Mapping[str, object]) -> bool:
        """Wherever there is a portrait."""
        del family, side
        return PORTRAIT in boxes

    def on_picture(
        self, picture: Picture, flat_to_picture: Homography, rng: np.random.Generator, context: AttackContext
    ) -> Picture:
        """The whole portrait."""
        is_test = context.split is Split.TEST
        box, other = context.genuine.boxes[PORTRAIT], context.other()
        scale = picture_px_per_flat_px(flat_to_picture, box)
        seen, placed = flattened(picture, flat_to_picture, box, scale)
        size = (seen.shape[1], seen.shape[0])
        theirs = cut(other.pixels, other.boxes[PORTRAIT])
        patch = cv2.resize(theirs, size, interpolation=cv2.INTER_AREA).astype(np.float32)
        matched = np.float32(rng.uniform(0.5, 1.0))
        gain = 1 + matched * (seen.mean(axis=(0, 1)) / np.maximum(patch.mean(axis=(0, 1)), 1) - 1)
        patch = np.clip(patch * gain + rng.uniform(-8, 8, 3), 0, 255)
        blur = float(rng.uniform(0, 1.4) if is_test else rng.uniform(0, 1.0))
        if blur > 0.3:
            patch = cv2.GaussianBlur(patch, (0, 0), blur)
        grain = float(rng.uniform(0, 6) if is_test else rng.choice((0, 3, 8)))
        noisy = patch + grain * rng.standard_normal(patch.shape[:2])[..., None]
        bytes_ = np.clip(noisy, 0, 255).astype(np.uint8)
        if rng.random() < 0.5:
            bytes_ = recompressed(bytes_, int(rng.integers(40, 85)))
        return pasted(picture, bytes_, placed, float(rng.uniform(0, 3.5) if is_test else rng.uniform(0, 2.5)))


class PhysicalPortraitSplice(Attack):
    """Before the camera: a cut-out print glued over the portrait: its own ground, its edge, its shadow, askew."""

    name = "portrait_splice_physical"

    def applies(self, family: str, side: str, boxes: Mapping[str, object]) -> bool:
        """Wherever there is a portrait."""
        del family, side
        return PORTRAIT in boxes

    def on_flat(self, document: FlatDocument, rng: np.random.Generator, context: AttackContext) -> FlatDocument:
        """The whole portrait, a little larger than the old one."""
        is_test = context.split is Split.TEST
        box = document.boxes[PORTRAIT]
        excess = float(rng.uniform(0.0, 0.8)) * document.px_per_mm
        place = Box(box.left - excess, box.top - excess, box.right + excess, box.bottom + excess)
        other = context.other()
        size = (round(place.right - place.left), round(place.bottom - place.top))
        print_ = cv2.resize(cut(other.pixels, other.boxes[PORTRAIT]), size, interpolation=cv2.INTER_CUBIC)
        patch = _printed(np.asarray(print_, np.uint8), rng)
        tilt = float(rng.uniform(-2.5, 2.5) if is_test else rng.uniform(-1.8, 1.8))
        return with_pixels(document, _glued(document, patch, place, tilt, rng))


def _printed(patch: Picture, rng: np.random.Generator) -> Picture:
    """The replacement's own look: another ground, coarser grain, other colours."""
    height, width = patch.shape[:2]
    shift = rng.uniform(-18, 18, 3)
    grain = rng.standard_normal((height // 3 + 1, width // 3 + 1)).astype(np.float32)
    coarse = cv2.resize(grain, (width, height), interpolation=cv2.INTER_LINEAR)[..., None]
    contrast = float(rng.uniform(0.85, 1.2))
    toned = (patch.astype(np.float32) - 128) * contrast + 128 + shift + coarse * float(rng.uniform(1, 7))
    return np.clip(toned, 0, 255).astype(np.uint8)


def _glued(document: FlatDocument, patch: Picture, place: Box, tilt_deg: float, rng: np.random.Generator) -> Picture:
    height, width = patch.shape[:2]
    turned = cv2.getRotationMatrix2D((width / 2, height / 2), tilt_deg, 1.0)
    turned[:, 2] += np.array((place.left, place.top))
    size = document.size
    laid = cv2.warpAffine(patch, turned, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    mask = cv2.warpAffine(np.ones((height, width), np.float32), turned, size)
    away = float(rng.uniform(0.08, 0.3)) * document.px_per_mm
    angle = float(rng.uniform(0, 2 * np.pi))
    moved = np.array(((1, 0, away * np.cos(angle)), (0, 1, away * np.sin(angle))), np.float64)
    shade = cv2.GaussianBlur(cv2.warpAffine(mask, moved, size), (0, 0), max(0.5, away * 0.6))
    shaded = document.pixels * (1 - np.float32(rng.uniform(0.15, 0.5)) * shade[..., None])
    return np.clip(shaded * (1 - mask[..., None]) + laid * mask[..., None], 0, 255).astype(np.uint8)
