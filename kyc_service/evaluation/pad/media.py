"""Presentations as frames: stills as the service decodes them, clips from videos, animated GIFs and folders."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from PIL import Image, UnidentifiedImageError

from kyc_service.evaluation.pad.manifest import Presentation
from kyc_service.imaging.clip import FRAME_LONG_SIDE_PX, decode_clip, recognise_clip
from kyc_service.imaging.decode import decode
from kyc_service.imaging.picture import Pixels
from kyc_service.imaging.refusals import ImageCorrupt
from kyc_service.liveness.passive.clip import chosen_frames

STILL_LONG_SIDE_PX: Final = 960
"""As the service reads a selfie."""
_GIF: Final = b"GIF8"


def frames_of(presentation: Presentation) -> tuple[list[Pixels], bool]:
    """The frames to look at (BGR uint8; of a clip a few, evenly spread), and whether it is a clip.

    Raises:
        ImageRefused: a file cannot be decoded.
    """
    first = presentation.paths[0]
    if len(presentation.paths) > 1:
        return _stills(presentation.paths), True
    if first.is_dir():
        files = sorted(path for path in first.iterdir() if path.is_file() and not path.name.startswith("."))
        if not files:
            raise ImageCorrupt("The folder has no frames.")
        return _stills(files), True
    content = first.read_bytes()
    if content.startswith(_GIF):
        return _animated(first), True
    if recognise_clip(content) is not None:
        frames = decode_clip(content).clip.frames
        return [frames[number].pixels for number in chosen_frames(len(frames))], True
    return [decode(content, target_long_side_px=STILL_LONG_SIDE_PX).pixels], False


def _stills(paths: Sequence[Path]) -> list[Pixels]:
    chosen = [paths[number] for number in chosen_frames(len(paths))]
    return [decode(path.read_bytes(), target_long_side_px=FRAME_LONG_SIDE_PX).pixels for path in chosen]


def _animated(path: Path) -> list[Pixels]:
    try:
        with Image.open(path) as image:
            found = []
            for number in chosen_frames(getattr(image, "n_frames", 1)):
                image.seek(number)
                rgb = np.asarray(image.convert("RGB"), np.uint8)
                found.append(np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR), np.uint8))
            return found
    except (UnidentifiedImageError, OSError, EOFError, ValueError) as cause:
        raise ImageCorrupt("The animated GIF cannot be decoded.") from cause
