"""Checks and measurements in a report's JSON: what was seen, what the policy made of it, and where it came from.

A measurement keeps what a stage said apart from what the policy added, so that it can be
decided again: ``own_reasons`` beside ``reasons``, the measurement that the capture gate
replaced in ``instead_of``, and in ``origin`` which were never a stage's.
"""

from __future__ import annotations

from kyc_service.decision.checks import Check, RaisedReason
from kyc_service.decision.plain import Json, plain, reported
from kyc_service.decision.rules import Judged, Limit
from kyc_service.domain.measurements import Finding, Measurement, Score
from kyc_service.domain.reasons import CATALOGUE, Reason


def reason_to_json(code: Reason) -> dict[str, Json]:
    """A reason with its sentences, the applicant's in English and Chinese."""
    entry = CATALOGUE[code]
    return {
        "code": code.value,
        "staff": entry.staff,
        "applicant": entry.applicant,
        "applicant_zh": entry.applicant_zh,
    }


def check_to_json(check: Check) -> dict[str, Json]:
    """A check with its reasons, and the measurements behind it."""
    return {
        "name": check.name.value,
        "outcome": check.outcome.value,
        "is_required": check.is_required,
        "action": check.action.value,
        "reasons": [_raised_to_json(reason) for reason in check.reasons],
        "measurements": [_judged_to_json(judged) for judged in check.judged],
    }


def _raised_to_json(reason: RaisedReason) -> dict[str, Json]:
    return {**reason_to_json(reason.code), "action": reason.action.value}


def _judged_to_json(judged: Judged) -> dict[str, Json]:
    replaced = judged.instead_of
    return {
        **_measurement_to_json(judged.measurement),
        "origin": judged.origin.value,
        "outcome": judged.outcome.value,
        "reasons": [reason.value for reason in judged.reasons],
        "implied": [{"reason": i.reason.value, "by": i.by.value} for i in judged.implied],
        "thresholds": [_limit_to_json(limit) for limit in judged.limits],
        "instead_of": None if replaced is None else _measurement_to_json(replaced),
    }


def _measurement_to_json(measurement: Measurement) -> dict[str, Json]:
    seen: dict[str, Json] = {
        "captures": plain(measurement.captures),
        "evidence": plain(measurement.evidence),
    }
    match measurement:
        case Score():
            return {
                "kind": "score",
                "name": measurement.name,
                "native": reported(measurement.native),
                "mapped": reported(measurement.mapped),
                "model_id": measurement.model_id,
                **seen,
            }
        case Finding():
            return {"kind": "finding", "own_reasons": [reason.value for reason in measurement.reasons], **seen}
        case _:
            own: list[Json] = [measurement.reason.value]
            return {"kind": "not_assessed", "own_reasons": own, "cause": measurement.cause, **seen}


def _limit_to_json(limit: Limit) -> dict[str, Json]:
    threshold = limit.threshold
    return {
        "value": reported(threshold.value),
        "direction": threshold.direction.value,
        "unit": threshold.unit,
        "raises": None if limit.raises is None else limit.raises.value,
        "operating_point": plain(threshold.operating_point),
    }
