"""Why a picture is refused: one leaf per reason, each with a stable code.

The sentences are for the developer of the client; none carries bytes or names of the file.
"""

from __future__ import annotations

from kyc_service.errors import InvalidInput


class ImageRefused(InvalidInput):
    """The picture cannot be used."""

    code = "image_refused"


class ImageEmpty(ImageRefused):
    """The picture has no bytes."""

    code = "image_empty"


class ImageTooLarge(ImageRefused):
    """The picture has more bytes than allowed."""

    code = "image_too_large"


class ImageTypeUnsupported(ImageRefused):
    """The bytes are neither JPEG, PNG, WebP nor HEIC (the name of the file plays no part)."""

    code = "image_type_unsupported"


class ImageTooManyPixels(ImageRefused):
    """The picture has more pixels, or a longer side, than allowed."""

    code = "image_too_many_pixels"


class ImageTooSmall(ImageRefused):
    """The picture is too small to show anything."""

    code = "image_too_small"


class ImageAnimated(ImageRefused):
    """The file holds an animation or several pictures; send one still picture."""

    code = "image_animated"


class ImageTruncated(ImageRefused):
    """The file ends too early; send it again in full."""

    code = "image_truncated"


class ImageCorrupt(ImageRefused):
    """The file breaks the rules of its own type and cannot be decoded."""

    code = "image_corrupt"


class ImageTooComplex(ImageRefused):
    """The file is built so that decoding it would cost far more than its size warrants."""

    code = "image_too_complex"
