"""Whether the face was seen before: under another identity, on the blocklist, or failing again and again."""

from __future__ import annotations

from typing import Final

from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.checks import CheckName
from kyc_service.domain.measurements import Evidence, Finding, Measurement, NotAssessed, Score
from kyc_service.domain.reasons import Reason
from kyc_service.inference.engines import Embedding
from kyc_service.verification.memory import KnownFace, Memory

NEAREST_ELSEWHERE: Final = "nearest_elsewhere"
NEAREST_BLOCKED: Final = "nearest_blocked"
_SELFIE: Final = frozenset({CaptureKind.SELFIE})


def look_for(
    template: Embedding | None, number: str | None, memory: Memory | None, model_id: str
) -> tuple[Measurement, ...]:
    """How like the nearest known faces are; a Score for each kind of hit, with the other verification's id."""
    if template is None:
        return (NotAssessed(CheckName.KNOWN_FACES, Reason.CAPTURE_UNUSABLE, "no face in the selfie", _SELFIE),)
    if memory is None:
        return (NotAssessed(CheckName.KNOWN_FACES, Reason.NOT_MEASURED, "nothing is kept to compare with", _SELFIE),)
    found = memory.faces_like(template, number)
    hits = ((NEAREST_ELSEWHERE, found.elsewhere), (NEAREST_BLOCKED, found.blocked))
    searched = Finding(CheckName.KNOWN_FACES, (), _SELFIE, Evidence(values={"searched": found.searched}))
    return (searched, *(_score(name, face, model_id) for name, face in hits if face is not None))


def paused(
    template: Embedding | None, number: str | None, memory: Memory | None, at_least: float
) -> tuple[Measurement, ...]:
    """That the challenge counts for nothing for the moment, where too many attempts failed of late."""
    numbers = () if number is None else (number,)
    if memory is None or not memory.is_paused(numbers, template, at_least):
        return ()
    return (NotAssessed(CheckName.LIVENESS_CHALLENGE, Reason.LIVENESS_PAUSED),)


def _score(name: str, face: KnownFace, model_id: str) -> Score:
    evidence = Evidence(values={"verification_id": face.verification_id})
    mapped = 100 * (1 - max(0.0, face.similarity))
    return Score(CheckName.KNOWN_FACES, name, face.similarity, mapped, model_id, _SELFIE, evidence)
