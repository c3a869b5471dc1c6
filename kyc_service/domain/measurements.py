"""Measurements: what a stage saw. Never an outcome; only the decision gives those.

A stage answers with a :class:`Score` (a number the policy compares with thresholds), a
:class:`Finding` (reasons it saw, none meaning it looked and nothing was wrong) or
:class:`NotAssessed` (it could not look, and why). There is no -1, no NaN, no None.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.checks import CheckName
from kyc_service.domain.reasons import Reason

EvidenceScalar = str | int | float | bool | None
EvidenceValue = EvidenceScalar | list[EvidenceScalar]
Point = tuple[float, float]

NO_VALUES: Final[Mapping[str, EvidenceValue]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Region:
    """A polygon on an uploaded picture.

    ``points`` are (x, y) in pixels of the upright picture at its full size (EXIF
    orientation applied), clockwise from the top left corner of what it frames.
    """

    capture: CaptureKind
    points: tuple[Point, ...]
    label: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a measurement was seen, and the plain values that back it.

    ``values`` holds JSON scalars or flat lists of them; personal data is allowed (a
    report is for staff), pictures are not.
    """

    regions: tuple[Region, ...] = ()
    values: Mapping[str, EvidenceValue] = field(default_factory=lambda: NO_VALUES)


NO_EVIDENCE: Final = Evidence()


@dataclass(frozen=True, slots=True)
class Score:
    """A number that thresholds of the policy turn into an outcome.

    ``name`` says kind and direction (``similarity``: higher is closer). ``native`` is
    what the model gave; ``mapped`` is the same on 0..100 for people. ``captures`` are
    the captures it was seen on, ``model_id`` the manifest id of the model.
    """

    check: CheckName
    name: str
    native: float
    mapped: float
    model_id: str
    captures: frozenset[CaptureKind] = frozenset()
    evidence: Evidence = NO_EVIDENCE

    def __post_init__(self) -> None:
        """Refuse numbers that compare falsely with every threshold."""
        if not (math.isfinite(self.native) and math.isfinite(self.mapped)):
            message = f"score {self.check}/{self.name} is not finite"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked for and seen; without ``reasons``, nothing was wrong."""

    check: CheckName
    reasons: tuple[Reason, ...] = ()
    captures: frozenset[CaptureKind] = frozenset()
    evidence: Evidence = NO_EVIDENCE


@dataclass(frozen=True, slots=True)
class NotAssessed:
    """A question a stage could not answer. ``cause`` is technical and carries no personal data."""

    check: CheckName
    reason: Reason
    cause: str = ""
    captures: frozenset[CaptureKind] = frozenset()
    evidence: Evidence = NO_EVIDENCE


Measurement = Score | Finding | NotAssessed
