"""Each presentation through the service's own code: a response with its scores, or why there was none."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final

import numpy as np

from kyc_service.evaluation.pad.manifest import Presentation
from kyc_service.evaluation.pad.media import frames_of
from kyc_service.faces.detect import find_faces
from kyc_service.imaging.refusals import ImageRefused
from kyc_service.inference.engines import FaceEngines
from kyc_service.liveness.passive.classifier import PadClassifier, log_odds, native
from kyc_service.liveness.passive.clip import middle_mean
from kyc_service.liveness.passive.look import PadLook, look

PAD: Final = "pad_score"
MODEL: Final = "model_score"
NO_SCORES: Final[Mapping[str, float]] = MappingProxyType({})


class NonResponse(StrEnum):
    """Why a presentation has no score."""

    UNREADABLE = "unreadable"
    NO_FACE = "no_face"


@dataclass(frozen=True, slots=True)
class Trial:
    """One presentation and what came of it; without a response ``scores`` is empty and ``non_response`` says why.

    ``scores``: the fused one and the network's alone, 0..1, higher is bona fide. ``looks`` are what was taken of each
    frame, ``frame_ms`` how long that took per frame, without finding the face.
    """

    presentation: Presentation
    is_clip: bool
    scores: Mapping[str, float] = field(default_factory=lambda: NO_SCORES)
    looks: tuple[PadLook, ...] = ()
    frame_ms: tuple[float, ...] = ()
    non_response: NonResponse | None = None


def observe(presentations: Sequence[Presentation], engines: FaceEngines, classifier: PadClassifier) -> Iterator[Trial]:
    """One trial per presentation, in their order."""
    for presentation in presentations:
        yield _observe(presentation, engines, classifier)


def scores_of(looks: Sequence[PadLook], classifier: PadClassifier) -> dict[str, float]:
    """Both scores of one presentation from its frames, put together as the service does."""
    margins = [classifier.margin(one.model_probability, one.cues) for one in looks]
    alone = [log_odds(one.model_probability) for one in looks]
    return {PAD: native(middle_mean(margins)), MODEL: native(middle_mean(alone))}


def _observe(presentation: Presentation, engines: FaceEngines, classifier: PadClassifier) -> Trial:
    try:
        frames, is_clip = frames_of(presentation)
    except ImageRefused:
        return Trial(presentation, is_clip=len(presentation.paths) > 1, non_response=NonResponse.UNREADABLE)
    looks, times = [], []
    for pixels in frames:
        faces = find_faces(np.ascontiguousarray(pixels), engines.detector)
        if faces:
            started = time.perf_counter()
            looks.append(look(pixels, faces[0], engines.liveness))
            times.append(1000 * (time.perf_counter() - started))
    if not looks:
        return Trial(presentation, is_clip, non_response=NonResponse.NO_FACE)
    return Trial(presentation, is_clip, scores_of(looks, classifier), tuple(looks), tuple(times))
