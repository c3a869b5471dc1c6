"""Is the selfie the document's own portrait, photographed? The same picture is told from the same person.

Two photographs of one person never agree in light, expression and depth at once; a
photograph of a picture agrees with the picture in all of them, however it was printed,
screened, tilted or lit, once the two are laid over each other. So the selfie is brought
onto the portrait by a homography (all that a flat thing can do to a camera), and what is
compared is structure a tenth of an eye's distance wide: wider than print screens and
pixel grids, narrower than light and glare.

Source: Evangelidis and Psarakis, "Parametric image alignment using enhanced correlation
coefficient maximization" (2008).
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.checks import CheckName
from kyc_service.domain.measurements import Evidence, Score
from kyc_service.faces.align import ALIGNED_PX, TEMPLATE, WIDE_PX, WIDE_SCALE, AlignedFace, similarity
from kyc_service.faces.mesh import FaceMesh
from kyc_service.inference.engines import FaceEngines, Pixels

SAME_PICTURE: Final = "same_picture"

_BOTH: Final = frozenset({CaptureKind.DOCUMENT_FRONT, CaptureKind.SELFIE})
_WIDE_TEMPLATE: Final = (TEMPLATE - ALIGNED_PX / 2) * WIDE_SCALE + WIDE_PX / 2
_OUTLINE: Final = (
    10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377,
    152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
)  # fmt: skip
"""The face's outline in the mesh, clockwise from the top."""
_FINE_PX: Final = 2.5
_COARSE_PX: Final = 10.0
_LOCAL_PX: Final = 12.0
_FLAT_VARIANCE: Final = 4.0
"""Structure weaker than this (in levels squared) is noise and is not raised to full contrast."""
_FACE: Final = np.array([[0.5, 0, -30], [0, 0.5, -30], [0, 0, 1]], dtype=np.float64)
_FACE_SIZE: Final = (100, 112)
"""The part of the wide crop where the face is, at half its size: finer registration gains nothing."""
_STEPS: Final = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 30, 1e-3)
_SMOOTHING_PX: Final = 3
_CORNERS: Final = 4

_Plane = NDArray[np.float32]
_Matrix = NDArray[np.float64]


def assess(
    portrait: AlignedFace, portrait_mesh: FaceMesh, selfie: AlignedFace, selfie_mesh: FaceMesh, engines: FaceEngines
) -> Score:
    """How far the selfie is the same *picture* as the portrait; one Score of ``face.portrait_reused``.

    ``same_picture`` is a correlation, -1..1 (higher: rather the same picture); ``mapped``
    is 100 where nothing speaks for a reuse. Meshes are those of the pictures the two
    faces were found in.

    Limits of use: it says nothing of *other* pictures of the person. Two frames of one
    shooting are as alike as a picture and its copy.
    """
    native = same_picture(portrait, portrait_mesh, selfie, selfie_mesh)
    evidence = Evidence((portrait.region, selfie.region))
    mapped = 100 * (1 - min(1.0, max(0.0, native)))
    return Score(CheckName.PORTRAIT_REUSED, SAME_PICTURE, native, mapped, engines.mesher.model_id, _BOTH, evidence)


def same_picture(portrait: AlignedFace, portrait_mesh: FaceMesh, selfie: AlignedFace, selfie_mesh: FaceMesh) -> float:
    """Correlation of the two faces' structure after the best homography found, -1..1."""
    on_portrait, on_selfie = _on_wide(portrait_mesh, portrait), _on_wide(selfie_mesh, selfie)
    inside = _inside(on_portrait)
    still, moving = _structure(portrait.wide), _structure(selfie.wide)
    # The mesh may lie askew on a poor print; the five points the crops were made by are the second guess.
    starts = (_homography(on_portrait, on_selfie), np.eye(3))
    return max(_correlation(still, _registered(still, moving, inside, start), inside) for start in starts)


def _on_wide(mesh: FaceMesh, face: AlignedFace) -> NDArray[np.float32]:
    """The mesh's points (468 x 2) in pixels of ``face.wide``, then of its part that is compared."""
    to_wide = np.vstack([similarity(face.landmarks, _WIDE_TEMPLATE), [0, 0, 1]])
    to_face = _FACE @ to_wide
    return np.asarray(mesh.points[:, :2] @ to_face[:2, :2].T + to_face[:2, 2], dtype=np.float32)


def _homography(source: NDArray[np.float32], target: NDArray[np.float32]) -> _Matrix:
    """From the portrait's mesh to the selfie's; the identity where the points determine none."""
    if min(np.ptp(source, axis=0).min(), np.ptp(target, axis=0).min()) < _CORNERS:
        return np.eye(3)
    found, _ = cv2.findHomography(source, target, 0)
    return np.eye(3) if found is None else np.asarray(found, dtype=np.float64)


def _structure(wide: Pixels) -> _Plane:
    """Luma between two scales, brought to one contrast everywhere, where the face is."""
    luma = np.asarray(cv2.cvtColor(wide, cv2.COLOR_BGR2GRAY), dtype=np.float32)
    band = cv2.GaussianBlur(luma, (0, 0), _FINE_PX) - cv2.GaussianBlur(luma, (0, 0), _COARSE_PX)
    power = cv2.GaussianBlur(band * band, (0, 0), _LOCAL_PX)
    even = np.asarray(band / np.sqrt(power + _FLAT_VARIANCE), dtype=np.float32)
    return np.asarray(cv2.warpPerspective(even, _FACE, _FACE_SIZE, flags=cv2.INTER_LINEAR), dtype=np.float32)


def _inside(outline: NDArray[np.float32]) -> NDArray[np.uint8]:
    mask = np.zeros(_FACE_SIZE[::-1], dtype=np.uint8)
    cv2.fillConvexPoly(mask, cv2.convexHull(np.round(outline[list(_OUTLINE)]).astype(np.int32)), (1,))
    return mask


def _registered(still: _Plane, moving: _Plane, inside: NDArray[np.uint8], start: _Matrix) -> _Plane:
    """``moving`` laid over ``still``, as near as registration comes from ``start``."""
    warp = np.asarray(start / start[2, 2], dtype=np.float32)
    try:
        _, found = cv2.findTransformECC(
            still, moving, warp.copy(), cv2.MOTION_HOMOGRAPHY, _STEPS, inside, _SMOOTHING_PX
        )
        warp = np.asarray(found, dtype=np.float32)
    except cv2.error:  # it diverges where the two have nothing in common: then the start stands
        pass
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpPerspective(moving, warp, _FACE_SIZE, flags=flags), dtype=np.float32)


def _correlation(one: _Plane, other: _Plane, inside: NDArray[np.uint8]) -> float:
    first, second = (plane[inside > 0].astype(np.float64) for plane in (one, other))
    if not len(first):
        return 0.0
    first, second = first - first.mean(), second - second.mean()
    spread = float(np.sqrt((first @ first) * (second @ second)))
    return float(first @ second) / spread if spread > 0 else 0.0
