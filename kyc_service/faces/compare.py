"""Compare the document's portrait with the selfie. Numbers only; the policy says what they mean."""

from __future__ import annotations

from typing import Final

from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.checks import CheckName
from kyc_service.domain.measurements import Evidence, Measurement, Score
from kyc_service.faces import second_opinion as other_model
from kyc_service.faces.align import AlignedFace
from kyc_service.faces.embed import embed_faces
from kyc_service.inference.engines import Embedding, FaceEngines

COSINE_SIMILARITY: Final = "cosine_similarity"
DLIB_DISTANCE: Final = "dlib_distance"
_CAPTURES: Final = frozenset({CaptureKind.DOCUMENT_FRONT, CaptureKind.SELFIE})


def similarity(one: Embedding, two: Embedding) -> float:
    """Cosine of two templates of length 1: 1 is the same picture, about 0 two strangers; -1..1."""
    return min(1.0, max(-1.0, float(one @ two)))


def match(portrait: AlignedFace, selfie: AlignedFace, engines: FaceEngines) -> tuple[Measurement, ...]:
    """Cosine similarity of the two faces."""
    one, two = embed_faces((portrait, selfie), engines)
    return (match_templates(one, two, Evidence((portrait.region, selfie.region)), engines.embedder.model_id),)


def match_templates(portrait: Embedding, selfie: Embedding, evidence: Evidence, model_id: str) -> Score:
    """The same of templates that are there already, of one picture or of many."""
    cosine = similarity(portrait, selfie)
    mapped = 100 * max(0.0, cosine)
    return Score(CheckName.FACE_MATCH, COSINE_SIMILARITY, cosine, mapped, model_id, _CAPTURES, evidence)


def second_opinion(portrait: AlignedFace, selfie: AlignedFace, engines: FaceEngines) -> Score:
    """Distance by another model (lower is closer). Slow and weak: ask only where the first barely agrees."""
    distance = other_model.distance(portrait, selfie, engines.second_opinion)
    evidence = Evidence((portrait.region, selfie.region))
    mapped, model_id = 100 * max(0.0, 1.0 - distance), engines.second_opinion.model_id
    return Score(CheckName.FACE_MATCH, DLIB_DISTANCE, distance, mapped, model_id, _CAPTURES, evidence)
