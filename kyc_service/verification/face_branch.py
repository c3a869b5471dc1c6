"""The face branch: the selfie, passive liveness, the portrait, and the comparison of the two."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from kyc_service.decision.policy import Policy
from kyc_service.decision.report import CaptureRecord
from kyc_service.decision.rules import wants_second_opinion
from kyc_service.documents.finding.locate import LocatedDocument
from kyc_service.documents.portrait import portrait_crop
from kyc_service.documents.stage import DocumentStage
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.checks import CheckName
from kyc_service.domain.measurements import Finding, Measurement, NotAssessed, Region, Score
from kyc_service.domain.reasons import Reason
from kyc_service.faces import compare, portrait, selfie
from kyc_service.faces.align import AlignedFace
from kyc_service.faces.portrait import PortraitLook
from kyc_service.imaging.limits import DecodeLimits
from kyc_service.inference.engines import FaceEngines
from kyc_service.liveness import passive
from kyc_service.verification.decoding import decoded
from kyc_service.verification.trail import Trail

SELFIE_LONG_SIDE_PX: Final = 960
"""What a selfie is reduced to at most: a face in a quarter of the frame keeps twice the embedder's size."""

_FRONT: Final = frozenset({CaptureKind.DOCUMENT_FRONT})
_SELFIE: Final = frozenset({CaptureKind.SELFIE})
_BOTH: Final = _FRONT | _SELFIE


@dataclass(frozen=True, slots=True)
class Portrait:
    """The document's portrait, where one was found, and what was measured of it."""

    face: AlignedFace | None
    measurements: tuple[Measurement, ...]


UNBOUND: Final = Portrait(None, (Finding(CheckName.PORTRAIT_FOUND, (Reason.PORTRAIT_NOT_FOUND,), _FRONT),))
"""No portrait of the document that was read."""


class FaceBranch:
    """Looks at the faces of one submission."""

    def __init__(self, engines: FaceEngines, policy: Policy, limits: DecodeLimits, trail: Trail) -> None:
        self._engines = engines
        self._policy = policy
        self._limits = limits
        self._trail = trail

    def selfie(self, data: bytes) -> tuple[CaptureRecord, AlignedFace | None, tuple[Measurement, ...]]:
        """The selfie's face, and what its quality and its passive liveness were measured to be."""
        record, picture = decoded(CaptureKind.SELFIE, data, SELFIE_LONG_SIDE_PX, self._limits, self._trail)

        def look() -> tuple[AlignedFace | None, tuple[Measurement, ...]]:
            seen = selfie.look(picture, self._engines)
            return seen.face, seen.measurements

        face, looked = self._trail.attempt("selfie.face", look, (CheckName.FACE_QUALITY,), _SELFIE)
        if face is None:
            unanswered = NotAssessed(CheckName.LIVENESS_PASSIVE, Reason.CAPTURE_UNUSABLE, "no face", _SELFIE)
            return record, None, (*looked, unanswered)
        _, lived = self._trail.attempt(
            "selfie.passive_liveness",
            lambda: (None, (passive.assess(picture, face, self._engines),)),
            (CheckName.LIVENESS_PASSIVE,),
            _SELFIE,
        )
        return record, face, (*looked, *lived)

    def portrait(self, located: LocatedDocument | None) -> Portrait:
        """The portrait on whatever was located, before it is known whether that is the document that gets read."""
        if located is None:
            return UNBOUND
        return self._attempt(
            "front.portrait",
            lambda: portrait.look(located.pixels, lambda points: located.region_of(points, "portrait"), self._engines),
        )

    def bound(self, early: Portrait, document: DocumentStage | None) -> Portrait:
        """The portrait of the very document that was read: ``early``, if it stands where that one's portrait must.

        A face elsewhere on the picture, or on another capture, belongs to nobody's document:
        otherwise a stolen card laid beside one's own face would match.
        """
        area = None if document is None else document.portrait_area
        front = None if document is None else document.front
        if area is None or front is None:
            return UNBOUND
        if early.face is not None and _holds(area, early.face.region):
            return early
        return self._attempt("front.portrait_again", lambda: self._look_in(front, area))

    def _look_in(self, front: LocatedDocument, area: Region) -> PortraitLook:
        crop = portrait_crop(front, area)
        return portrait.look(crop.pixels, lambda points: crop.region_of(points, "portrait"), self._engines)

    def _attempt(self, stage: str, work: Callable[[], PortraitLook]) -> Portrait:
        def look() -> tuple[AlignedFace | None, tuple[Measurement, ...]]:
            seen = work()
            return seen.face, seen.measurements

        return Portrait(*self._trail.attempt(stage, look, (CheckName.PORTRAIT_FOUND,), _FRONT))

    def compare(self, on_card: AlignedFace | None, live: AlignedFace | None) -> tuple[Measurement, ...]:
        """How like the two faces are; a second opinion where the policy wants one."""
        if live is None:
            return (NotAssessed(CheckName.FACE_MATCH, Reason.CAPTURE_UNUSABLE, "no face in the selfie", _SELFIE),)
        if on_card is None:
            return (NotAssessed(CheckName.FACE_MATCH, Reason.PORTRAIT_NOT_FOUND, "no portrait", _FRONT),)
        _, first = self._trail.attempt(
            "face.match", lambda: (None, compare.match(on_card, live, self._engines)), (CheckName.FACE_MATCH,), _BOTH
        )
        if not any(isinstance(m, Score) and wants_second_opinion(m, self._policy) for m in first):
            return first
        _, second = self._trail.attempt(
            "face.second_opinion",
            lambda: (None, (compare.second_opinion(on_card, live, self._engines),)),
            (CheckName.FACE_MATCH,),
            _BOTH,
        )
        return (*first, *second)


def _holds(area: Region, face: Region) -> bool:
    """Whether the middle of ``face`` lies within ``area``, both on the same capture."""
    if area.capture is not face.capture:
        return False
    middle = np.asarray(face.points, np.float32).mean(axis=0)
    outline = np.asarray(area.points, np.float32)
    return cv2.pointPolygonTest(outline, (float(middle[0]), float(middle[1])), measureDist=False) >= 0
