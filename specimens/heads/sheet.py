"""A contact sheet: clips as rows of frames, to be looked at."""

from collections.abc import Sequence

import cv2
import numpy as np

from kyc_service.imaging.clip import Clip
from specimens.heads.parts import ByteImage


def contact_sheet(clips: Sequence[Clip], columns: int = 12, width: int = 160) -> ByteImage:
    """One row of ``columns`` frames, evenly spaced in time, for each clip."""
    rows = []
    for clip in clips:
        picks = np.linspace(0, len(clip.frames) - 1, columns).round().astype(int)
        height = width * clip.frames[0].pixels.shape[0] // clip.frames[0].pixels.shape[1]
        small = [
            cv2.resize(clip.frames[int(pick)].pixels, (width, height), interpolation=cv2.INTER_AREA) for pick in picks
        ]
        rows.append(np.hstack(small))
    return np.asarray(np.vstack(rows), np.uint8)
