"""Whether one person answered all of it, and whether it is the person of the selfie."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.measurements import Region
from kyc_service.faces.align import AlignedFace, align, corners
from kyc_service.faces.embed import embed_faces
from kyc_service.faces.second_opinion import distance
from kyc_service.imaging.clip import Clip
from kyc_service.inference.engines import DetectedFace, Embedding, FaceEngines
from kyc_service.liveness.challenge.actions import ActionsSeen
from kyc_service.liveness.challenge.continuity import five_points
from kyc_service.liveness.challenge.depth import TURNING
from kyc_service.liveness.challenge.limits import ChallengeLimits
from kyc_service.liveness.challenge.observe import Seen, box_of

_TURNED_DEG: Final = 18.0
"""At this angle two people still differ far more than one person from rest to turned."""
_ABRUPT: Final = 6
"""Of the largest changes from one frame to the next, so many are looked at: one made on purpose must not hide another."""
_COMPARABLE_DEG: Final = 25.0
_COMPARABLE_MS: Final = 150
_SPREAD: Final = 4
"""Frames compared where no actions say which."""


@dataclass(frozen=True, slots=True)
class Sameness:
    """Least similarities (cosine) within a clip: faces at rest with the first, turned ones with it, frames in a row.

    ``sampled``: the frames that are looked at further, with the first one: nothing is
    concluded from a face that is not the one that moved.
    """

    at_rest: float
    turned: float
    in_a_row: float
    sampled: float


def sameness(
    clip: Clip,
    seen: Sequence[Seen],
    changes: Sequence[float],
    actions: ActionsSeen | None,
    sampled: Sequence[AlignedFace],
    engines: FaceEngines,
) -> Sameness:
    """Compare faces at rest before every action, in turns, at the end, where the picture changes most, and ``sampled``."""
    resting, turned = _chosen(seen, actions)
    near = [index for index in range(len(changes)) if _is_near(seen[index : index + 2], seen[resting[0]])]
    abrupt = sorted(near, key=lambda index: changes[index])[-_ABRUPT:]
    wanted = sorted({*resting, *turned, *abrupt, *(index + 1 for index in abrupt)})
    crops = [aligned_of(clip, seen[index]) for index in wanted]
    described = dict(zip(wanted, _described(crops, engines), strict=True))
    first = described[resting[0]]
    others = _described(sampled, engines)
    return Sameness(
        at_rest=min((float(first @ described[index]) for index in resting[1:]), default=1.0),
        turned=min((float(first @ described[index]) for index in turned), default=1.0),
        in_a_row=min((float(described[index] @ described[index + 1]) for index in abrupt), default=1.0),
        sampled=min((float(first @ other) for other in others), default=1.0),
    )


@dataclass(frozen=True, slots=True)
class Likeness:
    """The selfie against the clip's most similar frame: cosine similarity, and the second model's distance if asked."""

    similarity: float
    distance: float | None

    def is_one_person(self, limits: ChallengeLimits, min_similarity: float) -> bool:
        """Whether both are of one person, taken in one attempt: nearer than two pictures of any two days must be."""
        if self.similarity < max(min_similarity, limits.same_selfie):
            return False
        return self.distance is None or self.distance <= limits.selfie_distance


def likeness(
    selfie: AlignedFace, faces: Sequence[AlignedFace], engines: FaceEngines, limits: ChallengeLimits
) -> Likeness:
    """Compare the selfie with ``faces`` of the clip; the second model is asked where the first is not sure."""
    mine, *others = embed_faces([selfie, *faces], engines)
    similarities = [float(mine @ other) for other in others]
    best = int(np.argmax(similarities))
    if not limits.same_selfie <= similarities[best] < limits.sure_selfie:
        return Likeness(similarities[best], None)
    return Likeness(similarities[best], distance(selfie, faces[best], engines.second_opinion))


def aligned_of(clip: Clip, seen: Seen) -> AlignedFace:
    """The followed face of one frame, brought to the template by its mesh."""
    box = box_of(seen.mesh)
    face = DetectedFace(box, five_points(seen), seen.mesh.presence)
    region = Region(
        CaptureKind.LIVENESS, tuple((float(x), float(y)) for x, y in corners(box)), f"face at {seen.at_ms} ms"
    )
    return align(clip.frames[seen.index].pixels, face, region)


def _described(faces: Sequence[AlignedFace], engines: FaceEngines) -> list[Embedding]:
    """One view each: the frames share camera and light, so one is enough, and there are many."""
    vectors = engines.embedder.embed([face.aligned for face in faces])
    return [vector / max(float(np.linalg.norm(vector)), 1e-9) for vector in vectors]


def _is_near(two: Sequence[Seen], rest: Seen) -> bool:
    """Whether both faces are so near in time and to rest that they can be compared.

    Far aside, or blurred by what happens in a fifth of a second, one person is a stranger to herself.
    """
    is_soon = two[1].at_ms - two[0].at_ms <= _COMPARABLE_MS
    return is_soon and all(_angle(one, rest) <= _COMPARABLE_DEG for one in two)


def _chosen(seen: Sequence[Seen], actions: ActionsSeen | None) -> tuple[list[int], list[int]]:
    """Indices of frames at rest, the first one first, and of turned ones."""
    answers = [step.excursion for step in actions.steps if step.excursion] if actions else []
    if not answers:
        return sorted({int(index) for index in np.linspace(0, len(seen) - 1, min(_SPREAD, len(seen)))}), []
    resting = sorted({0, *(answer.start for answer in answers), len(seen) - 1})
    turned = []
    for answer in answers:
        if answer.action in TURNING:
            angles = [_angle(seen[index], seen[answer.start]) for index in range(answer.start, answer.end + 1)]
            turned.append(answer.start + int(np.argmin(np.abs(np.array(angles) - _TURNED_DEG))))
    return resting, turned


def _angle(one: Seen, other: Seen) -> float:
    return float(np.hypot(one.pose.yaw_deg - other.pose.yaw_deg, one.pose.pitch_deg - other.pose.pitch_deg))
