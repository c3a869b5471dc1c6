"""The capture gate: whatever was read from an unusable capture says nothing either way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kyc_service.decision.rules import Judged, Origin
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.checks import CheckName
from kyc_service.domain.measurements import Measurement, NotAssessed
from kyc_service.domain.outcome import Outcome
from kyc_service.domain.reasons import Reason, is_retake


@dataclass(frozen=True, slots=True)
class Gate:
    """Which captures are to be taken again, and the checks that found it so.

    A reason to retake may name no capture: the gate is shut all the same.
    """

    unusable: frozenset[CaptureKind]
    checks: frozenset[CheckName]

    @classmethod
    def of(cls, judged: Iterable[Judged]) -> Gate:
        """The gate that ``judged`` set."""
        retakes = [j.measurement for j in judged if j.says_retake]
        return cls(
            frozenset(kind for measurement in retakes for kind in measurement.captures),
            frozenset(measurement.check for measurement in retakes),
        )

    @property
    def is_shut(self) -> bool:
        """Whether anything is to be taken again."""
        return bool(self.checks)

    def past(self, judged: Judged) -> Judged:
        """``judged`` itself, or "capture unusable" where it rests on a capture that is to be taken again.

        The checks that found it unusable keep all they saw.
        """
        measurement = judged.measurement
        if measurement.check in self.checks or not measurement.captures & self.unusable:
            return judged
        reason = Reason.CAPTURE_UNUSABLE
        unanswered = NotAssessed(measurement.check, reason, captures=measurement.captures)
        return Judged(unanswered, Outcome.NOT_ASSESSED, (reason,), origin=Origin.GATED, instead_of=measurement)

    def waives(self, reason: Reason, measurement: Measurement) -> bool:
        """Whether ``reason`` of ``measurement`` asks for another capture and says nothing else."""
        is_gated = reason is Reason.CAPTURE_UNUSABLE and bool(measurement.captures & self.unusable)
        return is_gated or is_retake(reason)
