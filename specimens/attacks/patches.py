"""Putting other pixels into a picture or onto a document: digits in another face, feathered edges, a warped patch."""

from collections.abc import Mapping
from functools import lru_cache
from importlib import resources

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from specimens.attack_protocol import Split
from specimens.flat import Box, Cover, FlatDocument, Homography, Picture

NUMBER_FIELDS = ("id_number", "document_number", "date_of_birth", "valid_until")
FACES_TRAIN = ("DejaVuSansMono-Bold.ttf", "DejaVuSerif.ttf", "cmtt10.ttf")
FACES_TEST = ("DejaVuSans.ttf", "STIXGeneralBol.ttf", "DejaVuSansMono.ttf", "cmss10.ttf")


def splice_targets(boxes: Mapping[str, object]) -> list[str]:
    """The fields with a number in them that the document has."""
    return [name for name in NUMBER_FIELDS if name in boxes]


def number_field(document: FlatDocument, truth: Mapping[str, str], rng: np.random.Generator) -> tuple[str, Box, str]:
    """Which field is attacked, where it is and its text; the number itself twice as often as a date."""
    names = splice_targets(document.boxes)
    weights = np.array([2.0 if "number" in name else 1.0 for name in names])
    name = names[int(np.searchsorted(np.cumsum(weights / weights.sum()), rng.random()))]
    return name, document.boxes[name], truth.get(name, "00000000")


def digit_run(box: Box, text: str, rng: np.random.Generator) -> tuple[Box, str]:
    """One to four neighbouring characters of the field, taken as equally wide, and how many."""
    count = max(1, len(text))
    length = min(count, int(rng.integers(1, 5)))
    first = int(rng.integers(0, count - length + 1))
    cell = (box.right - box.left) / count
    run = Box(box.left + first * cell, box.top, box.left + (first + length) * cell, box.bottom)
    return run, "".join(str(d) for d in rng.integers(0, 10, length))


@lru_cache(maxsize=64)
def _face(file: str, size_px: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(resources.files("matplotlib").joinpath("mpl-data/fonts/ttf", file)), size_px)


def digits_patch(ground: Picture, digits: str, split: Split, rng: np.random.Generator) -> Picture:
    """`ground` with `digits` printed over it, one to a cell: RGB of the same shape."""
    height, width = ground.shape[:2]
    faces = FACES_TEST if split is Split.TEST else FACES_TRAIN
    face = _face(faces[int(rng.integers(len(faces)))], max(6, round(height * float(rng.uniform(1.0, 1.25)))))
    image = Image.fromarray(ground, "RGB")
    pen = ImageDraw.Draw(image)
    tone = int(rng.integers(10, 60))
    for i, digit in enumerate(digits):
        pen.text(
            ((i + 0.5) * width / len(digits), height / 2), digit, fill=(tone, tone, tone + 4), font=face, anchor="mm"
        )
    return np.asarray(image, np.uint8)


def wiped(pixels: Picture) -> Picture:
    """The ground with its dark print taken out: what a forger's brush or inpainting leaves."""
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    level, _ = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    ink = cv2.dilate((grey < level + 10).astype(np.uint8), np.ones((5, 5), np.uint8))
    if ink.mean() > 0.9:
        return np.full_like(pixels, np.median(pixels.reshape(-1, 3), axis=0).astype(np.uint8))
    return np.asarray(cv2.inpaint(pixels, ink, 3, cv2.INPAINT_TELEA), np.uint8)


def cut(pixels: Picture, box: Box) -> Picture:
    """The part of flat pixels under a box, at least 2 x 2."""
    left, top = max(0, round(box.left)), max(0, round(box.top))
    return pixels[top : max(top + 2, round(box.bottom)), left : max(left + 2, round(box.right))].copy()


def flattened(picture: Picture, to_picture: Homography, box: Box, scale: float = 1.0) -> tuple[Picture, Homography]:
    """What the picture shows under `box` of the flat document, laid flat at `scale`, and the way back to the picture."""
    size = (max(4, round((box.right - box.left) * scale)), max(4, round((box.bottom - box.top) * scale)))
    to_box = np.array(((1 / scale, 0, box.left), (0, 1 / scale, box.top), (0, 0, 1)), np.float64)
    placed = np.asarray(to_picture @ to_box, np.float64)
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    seen = cv2.warpPerspective(picture, placed, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(seen, np.uint8), placed


def pasted(picture: Picture, patch: Picture, placed: Homography, feather_px: float) -> Picture:
    """The patch warped into the picture, its edge blended over `feather_px`."""
    size = (picture.shape[1], picture.shape[0])
    inset = np.zeros(patch.shape[:2], np.float32)
    inset[1:-1, 1:-1] = 1.0
    mask: Cover = cv2.warpPerspective(inset, placed, size).astype(np.float32)
    if feather_px > 0:
        mask = np.minimum(mask, cv2.GaussianBlur(mask, (0, 0), feather_px) * 2 - 1).clip(0, 1).astype(np.float32)
    laid = cv2.warpPerspective(patch, placed, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    share = mask[..., None]
    return np.clip(np.round(picture * (1 - share) + laid * share), 0, 255).astype(np.uint8)


def picture_px_per_flat_px(to_picture: Homography, box: Box) -> float:
    """How long a pixel of the flat document is on the picture, at the box."""
    seen = cv2.perspectiveTransform(box.corners.astype(np.float64).reshape(-1, 1, 2), to_picture).reshape(-1, 2)
    return float(np.linalg.norm(seen[1] - seen[0]) / max(1.0, box.right - box.left))


def recompressed(patch: Picture, quality: int) -> Picture:
    """The patch after a JPEG of its own."""
    _, coded = cv2.imencode(".jpg", patch, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR), np.uint8)
