"""What the service made of one picture: plain values that travel between processes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from kyc_service.evaluation.documents.manifest import Labelled

Points = tuple[tuple[float, float], ...]


class State(StrEnum):
    """What became of a picture."""

    KEPT = "kept"
    SENT_BACK = "sent_back"
    REFUSED = "refused"
    CRASHED = "crashed"


@dataclass(frozen=True, slots=True)
class FieldSeen:
    """One field as read.

    ``value`` is in the manifest's spelling (dates ISO, lines of a zone joined with ``|``).
    ``min_confidence`` is the lowest character's, 0..1; ``None`` where the value follows from
    the document's kind and was not read. ``points`` frame it on the upright picture at full
    size. ``ends_clear``: a check rests on it that is clear, and none asks for a person.
    """

    value: str
    min_confidence: float | None
    is_certain: bool
    points: Points
    ends_clear: bool


@dataclass(frozen=True, slots=True)
class ScoreSeen:
    """A number that a check of the picture gave."""

    check: str
    name: str
    native: float


@dataclass(frozen=True, slots=True)
class PictureSeen:
    """One picture and what came of it.

    ``reasons`` are by check and in the order they were raised, those for a retake among
    them; ``outcomes`` are what the decision makes of each check of the document.
    ``cause`` says why a picture was refused or what crashed; it holds no personal data.
    ``timings_ms`` has ``total`` and the stages' own names.
    """

    picture: Labelled
    state: State
    fields: Mapping[str, FieldSeen]
    retakes: tuple[str, ...] = ()
    reasons: tuple[tuple[str, str], ...] = ()
    outcomes: Mapping[str, str] | None = None
    scores: tuple[ScoreSeen, ...] = ()
    timings_ms: Mapping[str, float] | None = None
    family: str | None = None
    cause: str = ""
