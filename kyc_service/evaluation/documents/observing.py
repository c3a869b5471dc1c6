"""From measurements and outcomes to what is kept of one picture: values in the manifest's spelling."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Final

from kyc_service.decision.verdict import Check
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.checks import CheckName
from kyc_service.domain.document import DocumentReading, FieldName
from kyc_service.domain.measurements import Finding, Measurement, NotAssessed, Score
from kyc_service.domain.outcome import Action, Outcome
from kyc_service.domain.reasons import is_retake
from kyc_service.evaluation.documents.manifest import OPEN_ENDED, Labelled
from kyc_service.evaluation.documents.seen import FieldSeen, PictureSeen, ScoreSeen, State

_ON_THE_WHOLE: Final = (CheckName.MRZ, CheckName.PRINTED_TEXT_CONSISTENCY, CheckName.BARCODE)
_RESTS_ON: Final[Mapping[str, tuple[CheckName, ...]]] = MappingProxyType(
    {
        "id_number": (CheckName.ID_NUMBER, CheckName.NUMBER_CONSISTENCY),
        "document_number": _ON_THE_WHOLE,
        "date_of_birth": (CheckName.AGE, CheckName.NUMBER_CONSISTENCY, *_ON_THE_WHOLE),
        "valid_until": (CheckName.DOCUMENT_EXPIRATION, CheckName.FRONT_BACK_CONSISTENCY, *_ON_THE_WHOLE),
    }
)
"""The checks that would expose a wrong value of a field, or pass it."""

FIELDS_THAT_DECIDE: Final = tuple(_RESTS_ON)


def observed(
    picture: Labelled,
    reading: DocumentReading | None,
    measurements: Sequence[Measurement],
    checks: Sequence[Check],
    timings_ms: Mapping[str, float],
) -> PictureSeen:
    """What is kept of ``picture``. ``checks`` are those of its whole document, the rest is its own."""
    retakes = _retakes(measurements)
    return PictureSeen(
        picture=picture,
        state=State.SENT_BACK if retakes else State.KEPT,
        fields={} if reading is None else _fields(reading, checks),
        retakes=retakes,
        reasons=tuple(dict.fromkeys(_reasons(checks, picture.side))),
        outcomes={c.name.value: c.outcome.value for c in checks if c.outcome is not Outcome.NOT_APPLICABLE},
        scores=tuple(ScoreSeen(m.check.value, m.name, m.native) for m in measurements if isinstance(m, Score)),
        timings_ms=timings_ms,
        family=None if reading is None else reading.document_type.value,
    )


def _retakes(measurements: Sequence[Measurement]) -> tuple[str, ...]:
    reasons = (reason for m in measurements if isinstance(m, Finding) for reason in m.reasons)
    return tuple(dict.fromkeys(reason.value for reason in reasons if is_retake(reason)))


def _reasons(checks: Sequence[Check], side: CaptureKind) -> Iterator[tuple[str, str]]:
    """What was raised on this side; why a question was not answered is no such reason."""
    for check in checks:
        for judged in check.judged:
            seen_on = judged.measurement.captures
            if not isinstance(judged.measurement, NotAssessed) and (side in seen_on or not seen_on):
                yield from ((check.name.value, reason.value) for reason in judged.reasons)


def _fields(reading: DocumentReading, checks: Sequence[Check]) -> dict[str, FieldSeen]:
    found = {field.name.value: field for field in reading.fields}
    fields = {}
    for name, value in _values(reading).items():
        field = found.get(name)
        fields[name] = FieldSeen(
            value=value,
            min_confidence=None if field is None else field.min_confidence,
            is_certain=field is not None and field.is_certain,
            points=() if field is None or field.region is None else field.region.points,
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
    raw = {field.name.value: field.text for field in reading.fields}
    return {**raw, **{name.value: value for name, value in parsed.items() if value}}


def _iso(value: date | None) -> str | None:
    return value.isoformat() if value else None


def _ends_clear(name: str, checks: Sequence[Check]) -> bool:
    """Whether a check that rests on the field is clear, and none of them asks for a person."""
    resting = [check for check in checks if check.name in _RESTS_ON.get(name, ())]
    is_passed = any(check.outcome is Outcome.CLEAR for check in resting)
    return is_passed and all(check.action is Action.NONE for check in resting)
