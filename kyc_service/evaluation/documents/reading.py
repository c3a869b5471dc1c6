"""The pipeline's document branch on one case: the only module here that knows how documents are read.

Decoding, locating and reading are the pipeline's own (:class:`DocumentBranch`); then values
are compared without claims, and the policy makes outcomes of it, so that what is counted as
clear is what would end as clear.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from kyc_service.consistency import assess
from kyc_service.decision.policy import Policy
from kyc_service.decision.verdict import Check, Question, decide
from kyc_service.documents.engines import DocumentEngines
from kyc_service.documents.join import join
from kyc_service.documents.stage import DocumentStage
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.checks import CheckName
from kyc_service.domain.claims import Claims
from kyc_service.domain.document import DocumentReading, FieldName
from kyc_service.domain.facts import Facts
from kyc_service.domain.measurements import NotAssessed, Region, Score
from kyc_service.domain.outcome import Action, Outcome
from kyc_service.domain.reasons import is_retake
from kyc_service.evaluation.documents.cases import Case
from kyc_service.evaluation.documents.manifest import OPEN_ENDED, Labelled
from kyc_service.evaluation.documents.seen import FieldSeen, PictureSeen, Points, ScoreSeen, State
from kyc_service.imaging.limits import DEFAULT_LIMITS
from kyc_service.imaging.refusals import ImageRefused
from kyc_service.inference.load import load_text_reader
from kyc_service.inference.manifest import read_manifest, verify
from kyc_service.inference.threads import ThreadSettings, configure
from kyc_service.verification.document_branch import DocumentBranch, Side
from kyc_service.verification.trail import Trail

_BRANCH: Final = "document."
_COMPARED: Final = "document.data_comparison"
_RESTS_ON: Final[Mapping[str, tuple[CheckName, ...]]] = MappingProxyType(
    {
        "id_number": (CheckName.ID_NUMBER, CheckName.NUMBER_CONSISTENCY),
        "document_number": (CheckName.MRZ, CheckName.PRINTED_TEXT_CONSISTENCY, CheckName.BARCODE),
        "date_of_birth": (
            *(CheckName.AGE, CheckName.NUMBER_CONSISTENCY, CheckName.MRZ),
            *(CheckName.PRINTED_TEXT_CONSISTENCY, CheckName.BARCODE),
        ),
        "valid_until": (
            *(CheckName.DOCUMENT_EXPIRATION, CheckName.FRONT_BACK_CONSISTENCY, CheckName.MRZ),
            *(CheckName.PRINTED_TEXT_CONSISTENCY, CheckName.BARCODE),
        ),
    }
)
"""The checks that would expose a wrong value of a field, or pass it."""

FIELDS_THAT_DECIDE: Final = tuple(_RESTS_ON)


@dataclass(frozen=True, slots=True)
class _Read:
    """One side as the branch gave it, with the time it took."""

    picture: Labelled
    side: Side | None
    cause: str
    state: State
    timings_ms: Mapping[str, float]


class CaseReader:
    """Reads cases one after the other. ``now`` is the time the documents are judged at."""

    def __init__(self, engines: DocumentEngines, policy: Policy, now: datetime) -> None:
        self._engines = engines
        self._policy = policy
        self._now = now.astimezone(ZoneInfo(policy.time_zone))

    def read(self, case: Case) -> tuple[PictureSeen, ...]:
        """What came of each picture of ``case``."""
        sides = [_read(picture, self._engines, self._now.date()) for picture in case]
        stages = [r.side.stage for r in sides if r.side is not None and r.side.stage is not None]
        checks = self._decided(join(stages)) if stages else ()
        return tuple(_seen(read, checks) for read in sides)

    def _decided(self, stage: DocumentStage) -> tuple[Check, ...]:
        compared = assess(stage.reading, Claims(), Facts(), self._now)
        use_case, tier = next(iter(self._policy.tiers))
        document_type = None if stage.reading is None else stage.reading.document_type
        question = Question(use_case, tier, document_type, attempt=1)
        checks = decide((*stage.measurements, *compared), self._policy, question).checks
        return tuple(c for c in checks if c.name.startswith(_BRANCH) and c.name.parent != _COMPARED)


@dataclass(frozen=True, slots=True)
class OpenReader:
    """How a reader is opened: in each working process once. Travels between processes.

    ``warm`` spends seconds so that the first picture's time is like the others'.
    """

    models: Path
    policy: Policy
    now: datetime
    warm: bool = True

    def __call__(self) -> CaseReader:
        """Models checked and loaded, one thread each.

        Raises:
            ModelMissing: a model file is not there.
            ModelHashMismatch: a model file is not the one the manifest names.
        """
        threads = ThreadSettings(per_inference=1, parallel_inferences=1)
        configure(threads)
        manifest = read_manifest(self.models)
        verify(manifest, self.models)
        text = load_text_reader(manifest, self.models, threads, warm=self.warm)
        return CaseReader(DocumentEngines(text), self.policy, self.now)


def _read(picture: Labelled, engines: DocumentEngines, today: date) -> _Read:
    trail = Trail(f"row {picture.row}")
    branch = DocumentBranch(engines, DEFAULT_LIMITS, today, trail)
    read = branch.front if picture.side is CaptureKind.DOCUMENT_FRONT else branch.back
    data = picture.path.read_bytes()
    started = time.perf_counter()
    try:
        side = read(data)
    except ImageRefused as refusal:
        return _Read(picture, None, refusal.code, State.REFUSED, {})
    total = (time.perf_counter() - started) * 1000.0
    timings = {"total": total, **_stages(trail.timings_ms)}
    if side.stage is None:
        causes = {f.cause for f in side.failures if isinstance(f, NotAssessed)}
        return _Read(picture, side, ", ".join(sorted(causes)), State.CRASHED, timings)
    is_sent_back = any(is_retake(reason) for m in side.stage.measurements for reason in getattr(m, "reasons", ()))
    return _Read(picture, side, "", State.SENT_BACK if is_sent_back else State.KEPT, timings)


def _stages(timings_ms: Mapping[str, float]) -> dict[str, float]:
    """The branch's own names without the side, which the picture has already."""
    found: dict[str, float] = {}
    for name, spent in timings_ms.items():
        _, _, stage = name.partition(".")
        found[stage] = found.get(stage, 0.0) + spent
    return found


def _seen(read: _Read, checks: tuple[Check, ...]) -> PictureSeen:
    stage = None if read.side is None else read.side.stage
    if stage is None:
        return PictureSeen(read.picture, read.state, {}, cause=read.cause, timings_ms=read.timings_ms or None)
    kind = read.picture.side
    reading = stage.reading
    reasons = tuple(dict.fromkeys(_reasons(checks, kind)))
    return PictureSeen(
        picture=read.picture,
        state=read.state,
        fields={} if reading is None else _fields(reading, checks),
        retakes=tuple(
            dict.fromkeys(r.value for m in stage.measurements for r in getattr(m, "reasons", ()) if is_retake(r))
        ),
        reasons=reasons,
        outcomes={c.name.value: c.outcome.value for c in checks if c.outcome is not Outcome.NOT_APPLICABLE},
        scores=tuple(ScoreSeen(m.check.value, m.name, m.native) for m in stage.measurements if isinstance(m, Score)),
        timings_ms=read.timings_ms,
        family=None if reading is None else reading.document_type.value,
    )


def _reasons(checks: tuple[Check, ...], kind: CaptureKind) -> Iterator[tuple[str, str]]:
    """What was raised on this picture; why a question was not answered is no such reason."""
    for check in checks:
        for judged in check.judged:
            seen_on = judged.measurement.captures
            if not isinstance(judged.measurement, NotAssessed) and (kind in seen_on or not seen_on):
                yield from ((check.name.value, reason.value) for reason in judged.reasons)


def _fields(reading: DocumentReading, checks: tuple[Check, ...]) -> dict[str, FieldSeen]:
    values = _values(reading)
    found = {f.name.value: f for f in reading.fields}
    fields = {}
    for name, value in values.items():
        field = found.get(name)
        fields[name] = FieldSeen(
            value=value,
            min_confidence=None if field is None else field.min_confidence,
            is_certain=field is not None and field.is_certain,
            points=() if field is None else _points(field.region),
            ends_clear=_ends_clear(name, checks),
        )
    return fields


def _values(reading: DocumentReading) -> dict[str, str]:
    """Every value in the manifest's spelling; where one cannot be parsed, the text as read."""
    parsed: dict[FieldName, str | None] = {
        FieldName.FULL_NAME: reading.full_name,
        FieldName.SEX: reading.sex.value if reading.sex else None,
        FieldName.DATE_OF_BIRTH: _iso(reading.date_of_birth),
        FieldName.ID_NUMBER: reading.id_number,
        FieldName.ADDRESS: reading.address,
        FieldName.VALID_FROM: _iso(reading.valid_from),
        FieldName.VALID_UNTIL: OPEN_ENDED if reading.valid_until_is_open else _iso(reading.valid_until),
        FieldName.ISSUING_COUNTRY: reading.issuing_country,
        FieldName.MRZ: "|".join(reading.mrz_lines),
    }
    raw = {f.name.value: f.text for f in reading.fields}
    return {**raw, **{name.value: value for name, value in parsed.items() if value}}


def _iso(value: date | None) -> str | None:
    return value.isoformat() if value else None


def _points(region: Region | None) -> Points:
    return () if region is None else region.points


def _ends_clear(name: str, checks: tuple[Check, ...]) -> bool:
    resting = [c for c in checks if c.name in _RESTS_ON.get(name, ())]
    is_passed = any(c.outcome is Outcome.CLEAR for c in resting)
    return is_passed and all(c.action is Action.NONE for c in resting)
