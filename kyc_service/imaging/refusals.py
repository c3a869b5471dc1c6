"""Why a picture is refused: one leaf per reason, each with a stable code.

The sentences are for the developer of the client; none carries bytes or names of the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from kyc_service.domain.captures import CaptureKind
from kyc_service.errors import InvalidInput


class ImageRefused(InvalidInput):
    """The picture cannot be used."""

    code = "image_refused"
    capture: CaptureKind | None = None
    """Which capture it was, where that is known; see :func:`refusals_name`."""


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


@contextmanager
def refusals_name(kind: CaptureKind) -> Iterator[None]:
    """Let a refusal within say that it is the capture ``kind`` that was refused.

    >>> try:
    ...     with refusals_name(CaptureKind.SELFIE):
    ...         raise ImageEmpty
    ... except ImageRefused as refusal:
    ...     refusal.capture, refusal.code
    (<CaptureKind.SELFIE: 'selfie'>, 'image_empty')
    """
    try:
        yield
    except ImageRefused as refusal:
        refusal.capture = kind
        raise
