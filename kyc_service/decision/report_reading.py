"""A report's JSON -> the measurements and the question it answered, to be decided again.

Under the same policy the decision is the very same one; under another it is what that
policy would have said, without a picture or a model.

Reports of version 1 are read as well. What they never held cannot be restored: reasons that
a list of values added count as the stage's own, so another list cannot take them back;
what rested on an unusable capture stays unanswered though the policy may find the capture
usable; and scores were judged before they were rounded, so one within half a millionth of a
threshold may fall on its other side.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kyc_service.decision.policy import Policy
from kyc_service.decision.rules import Origin
from kyc_service.decision.verdict import Decision, Question, decide
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.checks import CheckName
from kyc_service.domain.claims import DocumentType
from kyc_service.domain.measurements import Evidence, Finding, Measurement, NotAssessed, Region, Score
from kyc_service.domain.reasons import Reason
from kyc_service.domain.verification import UseCase
from kyc_service.errors import InvalidInput


class ReportUnreadable(InvalidInput):
    """This is no report that can be decided again."""

    code = "report_unreadable"


def decide_again(report: Mapping[str, Any], policy: Policy) -> Decision:
    """What ``policy`` says of everything that was measured for ``report`` (its JSON form).

    Raises:
        ReportUnreadable: it is no report, or of a version that is not known here.
        UnknownTier: the policy has no tier of the report's name for its use case.
    """
    return decide(measurements_from_report(report), policy, question_from_report(report))


def measurements_from_report(report: Mapping[str, Any]) -> tuple[Measurement, ...]:
    """All that stages measured for ``report``; what the policy or the capture gate put there is left out.

    Raises:
        ReportUnreadable: it is no report, or of a version that is not known here.
    """
    try:
        read = {"1": _measured_in_version_1, "2": _measured}[report["schema_version"]]
        return tuple(read(report))
    except (AttributeError, KeyError, OverflowError, TypeError, ValueError) as error:
        raise _unreadable(error) from error


def question_from_report(report: Mapping[str, Any]) -> Question:
    """What was asked of the policy.

    Raises:
        ReportUnreadable: it is no report, or of a version that is not known here.
    """
    try:
        read = {"1": _document_type_in_version_1, "2": _document_type}[report["schema_version"]]
        kind = read(report)
        document_type = None if kind is None else DocumentType(kind)
        return Question(UseCase(report["use_case"]), str(report["tier"]), document_type, int(report["attempt"]))
    except (AttributeError, KeyError, OverflowError, TypeError, ValueError) as error:
        raise _unreadable(error) from error


def _unreadable(error: Exception) -> ReportUnreadable:
    # The error's own text may repeat a value of the report; its kind may not.
    return ReportUnreadable(f"This is no report that can be decided again ({type(error).__name__}).")


def _document_type(report: Mapping[str, Any]) -> str | None:
    kind: str | None = report["document_type"]
    return kind


def _document_type_in_version_1(report: Mapping[str, Any]) -> str | None:
    return None if report["document"] is None else str(report["document"]["document_type"])


def _measured(report: Mapping[str, Any]) -> Iterator[Measurement]:
    for check in report["checks"]:
        name = CheckName(check["name"])
        for judged in check["measurements"]:
            origin = Origin(judged["origin"])
            if origin is Origin.MEASURED:
                yield _measurement(name, judged)
            elif origin is Origin.GATED:
                yield _measurement(name, judged["instead_of"])


def _measured_in_version_1(report: Mapping[str, Any]) -> Iterator[Measurement]:
    for check in report["checks"]:
        for judged in check["measurements"]:
            if not _is_placeholder(check, judged):
                yield _measurement(CheckName(check["name"]), {**judged, "own_reasons": judged["reasons"]})


def _is_placeholder(check: Mapping[str, Any], judged: Mapping[str, Any]) -> bool:
    """Whether the decision put ``judged`` there because nobody answered a required check."""
    is_empty = not judged["captures"] and not judged["evidence"]["values"]
    return bool(
        check["is_required"]
        and len(check["measurements"]) == 1
        and judged["kind"] == "not_assessed"
        and (judged["reasons"], judged["cause"]) == ([Reason.NOT_MEASURED], "")
        and is_empty
    )


def _measurement(check: CheckName, seen: Mapping[str, Any]) -> Measurement:
    captures = frozenset(CaptureKind(kind) for kind in seen["captures"])
    evidence = _evidence(seen["evidence"])
    if seen["kind"] == "score":
        name, model_id = str(seen["name"]), str(seen["model_id"])
        return Score(check, name, seen["native"], seen["mapped"], model_id, captures, evidence)
    reasons = tuple(Reason(code) for code in seen["own_reasons"])
    if seen["kind"] == "finding":
        return Finding(check, reasons, captures, evidence)
    (reason,) = reasons
    return NotAssessed(check, reason, str(seen["cause"]), captures, evidence)


def _evidence(seen: Mapping[str, Any]) -> Evidence:
    regions = tuple(
        Region(CaptureKind(r["capture"]), tuple((x, y) for x, y in r["points"]), str(r["label"]))
        for r in seen["regions"]
    )
    return Evidence(regions, dict(seen["values"]))
