"""Digits of the number or of a date replaced: in the finished picture, or by a strip printed on the card."""

from collections.abc import Mapping

import cv2
import numpy as np

from specimens.attack_protocol import Attack, AttackContext, Split
from specimens.attacks.patches import (
    cut,
    digit_run,
    digits_patch,
    flattened,
    number_field,
    pasted,
    picture_px_per_flat_px,
    recompressed,
    splice_targets,
    wiped,
)
from specimens.attacks.sheets import with_pixels
from specimens.flat import Box, FlatDocument, Homography, Picture


class DigitalNumberSplice(Attack):
    """After the camera: digits set anew over a wiped ground, or copied off another document's flat picture."""

    name = "number_splice_digital"

    def applies(self, family: str, side: str, boxes: Mapping[str, object]) -> bool:
        """Wherever a number or a date is printed."""
        del family, side
        return bool(splice_targets(boxes))

    def on_picture(
        self, picture: Picture, flat_to_picture: Homography, rng: np.random.Generator, context: AttackContext
    ) -> Picture:
        """One to four digits of one field."""
        is_test = context.split is Split.TEST
        name, box, text = number_field(context.genuine, context.truth, rng)
        run, digits = digit_run(box, text, rng)
        scale = max(1.0, picture_px_per_flat_px(flat_to_picture, run))
        seen, placed = flattened(picture, flat_to_picture, run, scale)
        if rng.random() < 0.4 and name in (other := context.other()).boxes:
            patch = _copied(seen, other, name, run, box)
        else:
            patch = digits_patch(wiped(seen), digits, context.split, rng)
        softness = float(rng.uniform(0, 0.8) if is_test else rng.uniform(0, 0.6)) * scale
        if softness > 0.3:
            patch = np.asarray(cv2.GaussianBlur(patch, (0, 0), softness), np.uint8)
        if rng.random() < 0.4:
            patch = recompressed(patch, int(rng.integers(45, 80)))
        return pasted(picture, patch, placed, float(rng.uniform(0, 1.5) if is_test else rng.uniform(0, 1.0)))


class PhysicalNumberSplice(Attack):
    """Before the camera: a strip with other digits glued on, of another tint, a little askew, with a thin shadow."""

    name = "number_splice_physical"

    def applies(self, family: str, side: str, boxes: Mapping[str, object]) -> bool:
        """Wherever a number or a date is printed."""
        del family, side
        return bool(splice_targets(boxes))

    def on_flat(self, document: FlatDocument, rng: np.random.Generator, context: AttackContext) -> FlatDocument:
        """One to four digits of one field under a strip."""
        is_test = context.split is Split.TEST
        _, box, text = number_field(document, context.truth, rng)
        run, digits = digit_run(box, text, rng)
        rim = (run.bottom - run.top) * float(rng.uniform(0.1, 0.3))
        strip = Box(run.left - rim / 2, run.top - rim, run.right + rim / 2, run.bottom + rim)
        ground = cut(document.pixels, strip).astype(np.float32)
        tint = np.array(rng.uniform(0.94, 1.04, 3), np.float32)
        even = np.float32(rng.uniform(0.3, 1.0))
        middle = np.median(ground.reshape(-1, 3), axis=0).astype(np.float32)
        paper = (wiped(ground.astype(np.uint8)) * (1 - even) + middle * even) * tint
        patch = digits_patch(np.clip(paper, 0, 255).astype(np.uint8), digits, context.split, rng)
        return with_pixels(document, _glued(document.pixels, patch, strip, rng, is_test=is_test))


def _copied(seen: Picture, other: FlatDocument, name: str, run: Box, box: Box) -> Picture:
    """The same cells of another document's field, its ground brought to the tone of the ground here."""
    theirs = other.boxes[name]
    shift = (theirs.left - box.left, theirs.top - box.top)
    source = Box(run.left + shift[0], run.top + shift[1], run.right + shift[0], run.bottom + shift[1])
    size = (seen.shape[1], seen.shape[0])
    patch = cv2.resize(cut(other.pixels, source), size, interpolation=cv2.INTER_AREA).astype(np.float32)
    here = np.percentile(seen.reshape(-1, 3), 80, axis=0)
    there = np.percentile(patch.reshape(-1, 3), 80, axis=0)
    return np.clip(patch * (here / np.maximum(there, 1)), 0, 255).astype(np.uint8)


def _glued(pixels: Picture, patch: Picture, at: Box, rng: np.random.Generator, *, is_test: bool) -> Picture:
    tilt = float(rng.uniform(-2.0, 2.0) if is_test else rng.uniform(-1.2, 1.2))
    height, width = patch.shape[:2]
    turned = cv2.getRotationMatrix2D((width / 2, height / 2), tilt, 1.0)
    turned[:, 2] += np.array((round(at.left), round(at.top)))
    size = (pixels.shape[1], pixels.shape[0])
    laid = cv2.warpAffine(patch, turned, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    mask = cv2.warpAffine(np.ones((height, width), np.float32), turned, size)
    shift = float(rng.uniform(1.0, 3.0))
    away = np.array(((1, 0, shift * rng.choice((-1, 1))), (0, 1, shift)), np.float64)
    shade = cv2.GaussianBlur(cv2.warpAffine(mask, away, size), (0, 0), shift)
    shaded = pixels * (1 - np.float32(rng.uniform(0.1, 0.45)) * shade[..., None])
    return np.clip(shaded * (1 - mask[..., None]) + laid * mask[..., None], 0, 255).astype(np.uint8)
