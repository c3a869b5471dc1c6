"""Look at the document's portrait: find it, say whether it can be compared, bring it to the template."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.checks import CheckName
from kyc_service.domain.measurements import Evidence, Finding, Measurement, Region
from kyc_service.domain.reasons import Reason
from kyc_service.faces.align import TEMPLATE_INTER_EYE_PX, AlignedFace, align, corners
from kyc_service.faces.detect import find_faces, inter_eye, quarter_turns
from kyc_service.faces.mesh import FaceMesh, mesh_of
from kyc_service.faces.quality import measure_face
from kyc_service.inference.engines import FaceEngines, Pixels

ToRegion = Callable[[NDArray[np.float32]], Region]
"""Points (N x 2) of the searched crop -> the region of the upload, at full size."""

_CAPTURES: Final = frozenset({CaptureKind.DOCUMENT_FRONT})
_MIN_INTER_EYE_PX: Final = TEMPLATE_INTER_EYE_PX / 2
"""Below this every pixel the embedder sees is invented by more than doubling the size."""
_MIN_SHARPNESS: Final = 0.165
"""The least of the press photographs that calibrate the selfie's limit; simulated prints on cards keep above 0.19."""
_MIN_CONFIDENCE: Final = 0.75
"""Of 877 simulated portraits on cards one in 200 is below, though press photographs keep above 0.89."""


@dataclass(frozen=True, slots=True)
class PortraitLook:
    """What was seen on the document, and the face and its mesh to go on with where there is one."""

    measurements: tuple[Measurement, ...]
    face: AlignedFace | None
    mesh: FaceMesh | None = None


def look(pixels: Pixels, to_region: ToRegion, engines: FaceEngines) -> PortraitLook:
    """Find the portrait in ``pixels`` (BGR, the rectified document or a part of it).

    Gives one Finding of ``portrait_found``: ``portrait_not_found``, ``portrait_poor``
    (fewer pixels than half of what the embedder takes, blurred, or hardly a face), or no
    reason. A document
    that was rectified on its side is no obstacle.
    """
    faces = find_faces(pixels, engines.detector)
    if not faces:
        return PortraitLook((Finding(CheckName.PORTRAIT_FOUND, (Reason.PORTRAIT_NOT_FOUND,), _CAPTURES),), None)
    face = faces[0]
    aligned = align(pixels, face, replace(to_region(corners(face.box)), label="portrait"))
    mesh = mesh_of(pixels, face, engines)
    quality = measure_face(pixels, aligned, mesh)
    eyes = inter_eye(face)
    evidence = Evidence(
        (aligned.region,),
        {
            "inter_eye_px": round(eyes, 1),
            **{name: round(value, 4) for name, value in asdict(quality).items()},
            "detector_confidence": round(face.confidence, 4),
            "detector": engines.detector.model_id,
            "quarter_turns": quarter_turns(face.landmarks),
        },
    )
    is_poor = eyes < _MIN_INTER_EYE_PX or quality.sharpness < _MIN_SHARPNESS or face.confidence < _MIN_CONFIDENCE
    reasons = (Reason.PORTRAIT_POOR,) if is_poor else ()
    return PortraitLook((Finding(CheckName.PORTRAIT_FOUND, reasons, _CAPTURES, evidence),), aligned, mesh)
