"""Kept forms: what stages saw, without the pixels that can be cut out of the capture again.

A run that was cut off has its captures still. What is kept of its stages says where on
them to look: a few kilobytes in the place of several megabytes a submission.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from kyc_service.documents.finding.locate import Cut, LocatedDocument, cut_again
from kyc_service.documents.stage import DocumentStage
from kyc_service.faces.align import AlignedFace
from kyc_service.imaging.clip import Clip
from kyc_service.imaging.picture import Picture
from kyc_service.liveness.challenge.assess import SampledFace

T = TypeVar("T")
K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class KeptForm(Generic[T, K]):
    """How an answer is kept that need not be kept whole. ``restored`` may raise where the capture is another one."""

    kept: Callable[[T], K]
    restored: Callable[[K], T]


@dataclass(frozen=True, slots=True)
class KeptStage:
    """What one side of a document gave, its document by where it lies."""

    stage: DocumentStage
    cut: Cut | None


@dataclass(frozen=True, slots=True)
class KeptFrame:
    """A face of a clip, and which of the clip's frames it is in."""

    frame: int
    face: AlignedFace
    at_ms: int


def located_form(picture: Picture) -> KeptForm[LocatedDocument | None, Cut | None]:
    """Of a document that was found on ``picture``."""
    return KeptForm(
        lambda located: None if located is None else located.cut,
        lambda cut: None if cut is None else cut_again(picture, cut),
    )


def stage_form(picture: Picture) -> KeptForm[DocumentStage, KeptStage]:
    """Of what was read of ``picture``."""
    document = located_form(picture)
    return KeptForm(
        lambda stage: KeptStage(replace(stage, front=None), document.kept(stage.front)),
        lambda kept: replace(kept.stage, front=document.restored(kept.cut)),
    )


def frames_form(clip: Clip) -> KeptForm[tuple[SampledFace, ...], tuple[KeptFrame, ...]]:
    """Of the frames of ``clip`` that are looked at further."""
    return KeptForm(
        lambda faces: tuple(KeptFrame(face.frame, face.face, face.at_ms) for face in faces),
        lambda kept: tuple(SampledFace(clip.frames[one.frame].pixels, one.face, one.at_ms, one.frame) for one in kept),
    )
