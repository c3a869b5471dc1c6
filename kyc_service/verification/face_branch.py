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
from kyc_service.domain.measurements import Evidence, Finding, Measurement, NotAssessed, Region, Score
from kyc_service.domain.reasons import Reason
from kyc_service.faces import compare, portrait, reuse, selfie
from kyc_service.faces.align import AlignedFace
from kyc_service.faces.embed import embed_faces, template_of
from kyc_service.faces.mesh import FaceMesh
from kyc_service.faces.portrait import PortraitLook
from kyc_service.faces.selfie import SelfieLook
from kyc_service.imaging.limits import DecodeLimits
from kyc_service.imaging.picture import Picture
from kyc_service.inference.engines import Embedding, FaceEngines
from kyc_service.liveness import integrity, passive
from kyc_service.liveness.passive import PadClassifier
from kyc_service.verification.decoding import decoded
from kyc_service.verification.liveness_branch import ClipSeen, seen_before
from kyc_service.verification.submission import Submission
from kyc_service.verification.trail import Trail

SELFIE_LONG_SIDE_PX: Final = 960
"""What a selfie is reduced to at most: a face in a quarter of the frame keeps twice the embedder's size."""

_FRONT: Final = frozenset({CaptureKind.DOCUMENT_FRONT})
_SELFIE: Final = frozenset({CaptureKind.SELFIE})
_BOTH: Final = _FRONT | _SELFIE
_COMPARED: Final = (CheckName.FACE_MATCH, CheckName.PORTRAIT_REUSED)


@dataclass(frozen=True, slots=True)
class MeshedFace:
    """A face brought to the template, and the mesh over it."""

    face: AlignedFace
    mesh: FaceMesh


@dataclass(frozen=True, slots=True)
class Portrait:
    """The document's portrait, where one was found, and what was measured of it."""

    face: MeshedFace | None
    measurements: tuple[Measurement, ...]


@dataclass(frozen=True, slots=True)
class SelfieSeen:
    """What was measured of the selfie; ``look`` is its fingerprint."""

    record: CaptureRecord
    face: MeshedFace | None
    measurements: tuple[Measurement, ...]
    look: bytes


UNBOUND: Final = Portrait(None, (Finding(CheckName.PORTRAIT_FOUND, (Reason.PORTRAIT_NOT_FOUND,), _FRONT),))
"""No portrait of the document that was read."""


class FaceBranch:
    """Looks at the faces of one submission."""

    def __init__(
        self, engines: FaceEngines, classifier: PadClassifier, policy: Policy, limits: DecodeLimits, trail: Trail
    ) -> None:
        self._engines = engines
        self._classifier = classifier
        self._policy = policy
        self._limits = limits
        self._trail = trail

    def selfie(self, submission: Submission) -> SelfieSeen:
        """The selfie's face, its quality, its passive liveness, and what its file says.

        Raises:
            ImageRefused: the selfie cannot be decoded.
        """
        data = submission.captures[CaptureKind.SELFIE]
        record, picture = decoded(CaptureKind.SELFIE, data, SELFIE_LONG_SIDE_PX, self._limits, self._trail)
        looked = self._trail.kept(
            "selfie.face", lambda: _face_of(selfie.look(picture, self._engines)), (CheckName.FACE_QUALITY,), _SELFIE
        )
        face, measured = looked
        look = integrity.fingerprint(picture.pixels)
        _, filed = self._trail.attempt(
            "selfie.integrity",
            lambda: (None, (self._integrity(data, picture, look, submission),)),
            (CheckName.CAPTURE_INTEGRITY,),
            _SELFIE,
        )
        lived = self._passive(picture, None if face is None else face.face)
        return SelfieSeen(record, face, (*measured, *lived, *filed), look)

    def _passive(self, picture: Picture, face: AlignedFace | None) -> tuple[Measurement, ...]:
        if face is None:
            return (NotAssessed(CheckName.LIVENESS_PASSIVE, Reason.CAPTURE_UNUSABLE, "no face", _SELFIE),)
        return self._trail.kept(
            "selfie.passive_liveness",
            lambda: (None, (passive.assess(picture, face, self._engines, self._classifier),)),
            (CheckName.LIVENESS_PASSIVE,),
            _SELFIE,
        )[1]

    def _integrity(self, data: bytes, picture: Picture, look: bytes, submission: Submission) -> Finding:
        earlier = seen_before(CaptureKind.SELFIE, picture.sha256, look, submission.memory)
        return integrity.of_picture(data, picture, submission.now, earlier, look=look)

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
        if early.face is not None and _holds(area, early.face.face.region):
            return early
        return self._attempt("front.portrait_again", lambda: self._look_in(front, area))

    def _look_in(self, front: LocatedDocument, area: Region) -> PortraitLook:
        crop = portrait_crop(front, area)
        return portrait.look(crop.pixels, lambda points: crop.region_of(points, "portrait"), self._engines)

    def _attempt(self, stage: str, work: Callable[[], PortraitLook]) -> Portrait:
        return Portrait(*self._trail.kept(stage, lambda: _face_of(work()), (CheckName.PORTRAIT_FOUND,), _FRONT))

    def template(self, seen: SelfieSeen, clip: ClipSeen) -> Embedding | None:
        """One template of the living face: the selfie, averaged with the best frames of a clip that passed."""
        if seen.face is None:
            return None
        faces = [seen.face.face, *clip.faces]
        template, _ = self._trail.kept("face.template", lambda: (template_of(faces, self._engines), ()), (), _SELFIE)
        return template

    def compare(self, on_card: Portrait, live: SelfieSeen, template: Embedding | None) -> tuple[Measurement, ...]:
        """How like the two faces are, a second opinion where the policy wants one, and whether both are one picture."""
        if live.face is None or template is None:
            cause = "no face in the selfie"
            return tuple(NotAssessed(check, Reason.CAPTURE_UNUSABLE, cause, _SELFIE) for check in _COMPARED)
        if on_card.face is None:
            return tuple(NotAssessed(check, Reason.PORTRAIT_NOT_FOUND, "no portrait", _FRONT) for check in _COMPARED)
        portrait, face = on_card.face, live.face
        _, first = self._trail.kept(
            "face.match",
            lambda: (None, (self._match(portrait.face, face.face, template),)),
            (CheckName.FACE_MATCH,),
            _BOTH,
        )
        _, reused = self._trail.kept(
            "face.portrait_reused",
            lambda: (None, (reuse.assess(portrait.face, portrait.mesh, face.face, face.mesh, self._engines),)),
            (CheckName.PORTRAIT_REUSED,),
            _BOTH,
        )
        if not any(isinstance(m, Score) and wants_second_opinion(m, self._policy) for m in first):
            return (*first, *reused)
        _, second = self._trail.kept(
            "face.second_opinion",
            lambda: (None, (compare.second_opinion(portrait.face, face.face, self._engines),)),
            (CheckName.FACE_MATCH,),
            _BOTH,
        )
        return (*first, *second, *reused)

    def _match(self, portrait: AlignedFace, live: AlignedFace, template: Embedding) -> Score:
        (on_card,) = embed_faces((portrait,), self._engines)
        evidence = Evidence((portrait.region, live.region))
        return compare.match_templates(on_card, template, evidence, self._engines.embedder.model_id)


def _face_of(look: SelfieLook | PortraitLook) -> tuple[MeshedFace | None, tuple[Measurement, ...]]:
    if look.face is None or look.mesh is None:
        return None, look.measurements
    return MeshedFace(look.face, look.mesh), look.measurements


def _holds(area: Region, face: Region) -> bool:
    """Whether the middle of ``face`` lies within ``area``, both on the same capture."""
    if area.capture is not face.capture:
        return False
    middle = np.asarray(face.points, np.float32).mean(axis=0)
    outline = np.asarray(area.points, np.float32)
    return cv2.pointPolygonTest(outline, (float(middle[0]), float(middle[1])), measureDist=False) >= 0
