"""From what decoders give to BGR pixels, and from what they raise to refusals.

Colour profiles are ignored: the models were trained on pixels as stored, a conversion of
12 megapixels costs as much as decoding them, and the profile parser would be one more door
for hostile bytes. What is lost is a slight shift of saturation on wide-gamut phones.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import cv2
import numpy as np
from PIL import Image

from kyc_service.errors import Unavailable
from kyc_service.imaging.picture import Pixels
from kyc_service.imaging.refusals import ImageCorrupt, ImageTruncated

WHITE: Final = (255, 255, 255)
_TRUNCATED: Final = ("truncated", "Truncated")
_SIXTEEN_TO_EIGHT: Final = 257

# All that Pillow 13, pi_heif 1.4 and OpenCV 4 raise on bytes that break their formats; read from their
# sources and from runs on mutated files. RuntimeWarning covers DecompressionBombWarning made an error,
# AssertionError and AttributeError a palette picture without its palette (the second where asserts are off).
DECODER_ERRORS: Final = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    LookupError,
    TypeError,
    AssertionError,
    AttributeError,
    ArithmeticError,
    RuntimeError,
    RuntimeWarning,
    UserWarning,
    struct.error,
    zlib.error,
    cv2.error,
    Image.DecompressionBombError,
)


class DecoderMemoryExhausted(Unavailable):
    """There is not enough memory to decode the picture now."""

    code = "image_memory_exhausted"


@contextmanager
def refuse_what_decoders_raise() -> Iterator[None]:
    """Turn a decoder's exception into a refusal.

    The size was checked before, so running out of memory is the service's fault, not the file's.

    Raises:
        DecoderMemoryExhausted: No memory for a picture within the limits.
        ImageCorrupt: The decoder gave up.
        ImageTruncated: The decoder ran out of bytes.
    """
    try:
        yield
    except MemoryError as error:
        raise DecoderMemoryExhausted from error
    except DECODER_ERRORS as error:
        if any(word in str(error) for word in _TRUNCATED):
            raise ImageTruncated from error
        raise ImageCorrupt from error


def bgr_from_pillow(image: Image.Image, reduction: int = 1) -> Pixels:
    """BGR pixels of any Pillow mode: alpha laid on white, 16 bits scaled to 8, reduced by a box filter."""
    rgb = _on_white(_eight_bit(image))
    if reduction > 1:
        rgb = rgb.reduce(reduction)
    return np.asarray(cv2.cvtColor(np.asarray(rgb), cv2.COLOR_RGB2BGR), dtype=np.uint8)


def turn_upright(pixels: Pixels, orientation: int) -> Pixels:
    """``pixels`` as stored, turned as the EXIF ``orientation`` 1..8 asks (any other value: not at all)."""
    match orientation:
        case 2:
            turned = cv2.flip(pixels, 1)
        case 3:
            turned = cv2.rotate(pixels, cv2.ROTATE_180)
        case 4:
            turned = cv2.flip(pixels, 0)
        case 5:
            turned = cv2.transpose(pixels)
        case 6:
            turned = cv2.rotate(pixels, cv2.ROTATE_90_CLOCKWISE)
        case 7:
            turned = cv2.rotate(cv2.transpose(pixels), cv2.ROTATE_180)
        case 8:
            turned = cv2.rotate(pixels, cv2.ROTATE_90_COUNTERCLOCKWISE)
        case _:
            return pixels
    return np.asarray(turned, dtype=np.uint8)


def reduce_pixels(pixels: Pixels, reduction: int) -> Pixels:
    """``pixels`` at 1/``reduction`` of their size, rounded up, averaged over areas."""
    if reduction == 1:
        return pixels
    height, width = pixels.shape[:2]
    size = (-(-width // reduction), -(-height // reduction))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _eight_bit(image: Image.Image) -> Image.Image:
    """Grey of 16 bits scaled to 8: Pillow's own conversion would clip it to white."""
    if not image.mode.startswith("I"):
        return image
    return Image.fromarray(np.asarray(cv2.convertScaleAbs(np.asarray(image), alpha=1 / _SIXTEEN_TO_EIGHT)))


def _on_white(image: Image.Image) -> Image.Image:
    if not image.has_transparency_data:
        return image.convert("RGB")
    transparent = image if image.mode == "RGBA" else image.convert("RGBA")
    ground = Image.new("RGB", image.size, WHITE)
    ground.paste(transparent, mask=transparent.getchannel("A"))
    return ground
