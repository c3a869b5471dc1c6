"""The end of a run: facts are looked up, history and registers are asked, and all is compared.

A stage that crashes leaves its own checks unanswered and the others as they are; without
facts nothing can be compared.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from kyc_service.authorities.panel import NO_PANEL, Panel
from kyc_service.consistency import assess
from kyc_service.decision.policy import Policy
from kyc_service.decision.report import CaptureRecord
from kyc_service.domain.authority import AuthorityAnswer, AuthorityFailure
from kyc_service.domain.background import Background
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.checks import CheckName
from kyc_service.domain.claims import DocumentType
from kyc_service.domain.document import DocumentReading
from kyc_service.domain.facts import Facts, Position
from kyc_service.domain.history import History
from kyc_service.domain.measurements import Measurement
from kyc_service.inference.engines import Embedding
from kyc_service.places import PlaceBook
from kyc_service.verification.memory import Seen
from kyc_service.verification.particulars import particulars_of
from kyc_service.verification.submission import Submission
from kyc_service.verification.trail import Trail

_COMPARED: Final = tuple(
    name
    for name in CheckName
    if name.parent.startswith(("document.data_", "phone", "geolocation", "velocity", "authority"))
)
_OF_HISTORY: Final = (
    CheckName.PHONE_REUSE,
    CheckName.IMPOSSIBLE_TRAVEL,
    *(name for name in CheckName if name.parent == "velocity"),
)
_OF_AUTHORITIES: Final = tuple(name for name in CheckName if name.parent == "authority")
_PHOTOS: Final = (CaptureKind.SELFIE, CaptureKind.DOCUMENT_FRONT, CaptureKind.DOCUMENT_BACK)
_REGION_DIGITS: Final = 6


@dataclass(frozen=True, slots=True)
class Looked:
    """What the branches of a run saw: the document, the living face, the captures; faces ``alike`` are the same."""

    document: DocumentReading | None
    template: Embedding | None
    alike: float
    records: tuple[CaptureRecord, ...]


@dataclass(frozen=True, slots=True)
class Comparing:
    """Compares what one run saw."""

    places: PlaceBook
    authorities: Panel
    policy: Policy
    trail: Trail

    def measure(self, looked: Looked, submission: Submission) -> tuple[Facts, tuple[Measurement, ...]]:
        """The facts, and every measurement that follows from values alone."""
        facts, failed = self.trail.attempt("facts", lambda: self._facts(looked, submission), _COMPARED, frozenset())
        if facts is None:
            return Facts(), failed
        history, unremembered = self._history(looked, submission, facts)
        panel = self.authorities if submission.asks_registers else NO_PANEL
        answers, unasked = self._answers(panel, looked, submission, facts)
        background = Background(history, submission.possession, answers, panel.channels)
        now = local_time(submission.now, self.policy)
        _, compared = self.trail.attempt(
            "consistency",
            lambda: (None, assess(looked.document, submission.claims, facts, now, background)),
            _COMPARED,
            frozenset(),
        )
        return facts, _with_failures(compared, (*unremembered, *unasked))

    def _facts(self, looked: Looked, submission: Submission) -> tuple[Facts, tuple[Measurement, ...]]:
        document = looked.document
        facts = self.places.look_up(
            submission.claims,
            _region_code(document),
            submission.now,
            printed_address=None if document is None else document.address,
            printed_name=None if document is None else document.full_name,
            photo_position=photo_position(looked.records),
        )
        return facts, ()

    def _history(
        self, looked: Looked, submission: Submission, facts: Facts
    ) -> tuple[History | None, tuple[Measurement, ...]]:
        memory = submission.memory
        if memory is None:
            return None, ()
        phone = None if facts.phone is None else facts.phone.e164
        seen = Seen(looked.document, phone, looked.template, looked.alike)
        return self.trail.attempt("history", lambda: (memory.history(seen), ()), _OF_HISTORY, frozenset())

    def _answers(
        self, panel: Panel, looked: Looked, submission: Submission, facts: Facts
    ) -> tuple[tuple[AuthorityAnswer | AuthorityFailure, ...], tuple[Measurement, ...]]:
        asking = f"{submission.verification_id}-{submission.attempt}"

        def ask() -> tuple[tuple[AuthorityAnswer | AuthorityFailure, ...], tuple[Measurement, ...]]:
            return panel.ask(particulars_of(looked.document, submission.claims, facts), asking), ()

        answers, failed = self.trail.attempt("authorities", ask, _OF_AUTHORITIES, frozenset())
        return answers or (), failed


def local_time(now: datetime, policy: Policy) -> datetime:
    """``now`` on the clock whose calendar days count."""
    return now.astimezone(ZoneInfo(policy.time_zone))


def photo_position(records: Iterable[CaptureRecord]) -> Position | None:
    """Where the first picture that says so was taken: the selfie, or else the document."""
    by_kind = {record.kind: record for record in records}
    for kind in _PHOTOS:
        gps = by_kind[kind].metadata.get("gps") if kind in by_kind else None
        if not isinstance(gps, dict) or gps.get("is_plausible") is not True:
            continue
        latitude, longitude = gps.get("latitude"), gps.get("longitude")
        if isinstance(latitude, float) and isinstance(longitude, float):
            return Position(latitude, longitude)
    return None


def _with_failures(compared: tuple[Measurement, ...], failed: tuple[Measurement, ...]) -> tuple[Measurement, ...]:
    """``compared``, where the checks of a stage that crashed say that it crashed and nothing else."""
    crashed = {measurement.check for measurement in failed}
    return (*(m for m in compared if m.check not in crashed), *failed)


def _region_code(document: DocumentReading | None) -> str | None:
    if document is None or document.document_type is not DocumentType.CN_RESIDENT_IDENTITY_CARD:
        return None
    number = document.id_number or ""
    return number[:_REGION_DIGITS] if number[:_REGION_DIGITS].isdigit() else None
