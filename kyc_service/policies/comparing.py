"""One stored report, decided again under another policy, beside what was decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from zlib import crc32

from kyc_service.decision.policy import Policy
from kyc_service.decision.report_reading import ReportUnreadable, measurements_from_report, question_from_report
from kyc_service.decision.verdict import Decision, decide
from kyc_service.domain.outcome import Verdict
from kyc_service.domain.reasons import Reason
from kyc_service.errors import KycError
from kyc_service.policies.stored_reports import StoredReport, label_of, read_stored
from kyc_service.storage.keys import MasterKey

PolicyId = tuple[str, str, str]
"""Name, version and SHA-256 as a report names its policy."""


class Reproduced(StrEnum):
    """Whether the policy that a report names gives its verdict and its reasons again; of many reports, a share is asked."""

    SAME = "same"
    DIFFERENT = "different"
    NOT_AT_HAND = "not_at_hand"
    NOT_ASKED = "not_asked"


@dataclass(frozen=True, slots=True)
class Judges:
    """``new`` decides again. ``against`` takes the place of what was decided. ``known`` are policies by SHA-256.

    Of every ``own_again`` reports, one is decided by its own policy once more: that takes as long as all the rest.
    """

    new: Policy
    against: Policy | None = None
    known: Mapping[str, Policy] = field(default_factory=dict)
    own_again: int = 1


@dataclass(frozen=True, slots=True)
class Compared:
    """One report, decided twice. ``reasons`` are those that led to the verdict."""

    id: str
    old: Verdict
    new: Verdict
    old_reasons: tuple[str, ...]
    new_reasons: tuple[str, ...]
    decided_under: PolicyId
    reproduced: Reproduced


@dataclass(frozen=True, slots=True)
class Refused:
    """A report that could not be decided again, and why."""

    id: str
    cause: str


def compare(stored: StoredReport, judges: Judges, master_key: MasterKey | None) -> Compared | Refused:
    """What ``judges`` say of ``stored``."""
    try:
        return _compare(read_stored(stored, master_key), judges)
    except KycError as error:
        return Refused(label_of(stored), error.message)


def _compare(report: Mapping[str, Any], judges: Judges) -> Compared:
    question, measurements = question_from_report(report), measurements_from_report(_without_regions(report))
    decided: dict[str, Decision] = {}

    def by(policy: Policy) -> Decision:
        if policy.sha256 not in decided:
            decided[policy.sha256] = decide(measurements, policy, question)
        return decided[policy.sha256]

    try:
        verdict = Verdict(report["verdict"])
        reasons = tuple(str(reason["code"]) for reason in report["reasons"])
        named = (str(report["policy"]["name"]), str(report["policy"]["version"]), str(report["policy"]["sha256"]))
        label = str(report["verification_id"])
    except (KeyError, TypeError, ValueError) as error:
        raise ReportUnreadable from error
    own = judges.known.get(named[2])
    reproduced = Reproduced.NOT_AT_HAND
    if own is not None and crc32(label.encode()) % judges.own_again:
        reproduced = Reproduced.NOT_ASKED
    elif own is not None:
        again = by(own)
        is_same = (again.verdict, _codes(again.reasons)) == (verdict, reasons)
        reproduced = Reproduced.SAME if is_same else Reproduced.DIFFERENT
    if judges.against is not None:
        verdict, reasons = by(judges.against).verdict, _codes(by(judges.against).reasons)
    new = by(judges.new)
    return Compared(label, verdict, new.verdict, reasons, _codes(new.reasons), named, reproduced)


def _without_regions(report: Mapping[str, Any]) -> Mapping[str, Any]:
    """``report`` without where on a picture things were seen, which no policy asks and takes time to read."""
    try:
        for check in report["checks"]:
            for judged in check["measurements"]:
                judged["evidence"]["regions"] = []
    except (KeyError, TypeError) as error:
        raise ReportUnreadable from error
    return report


def _codes(reasons: tuple[Reason, ...]) -> tuple[str, ...]:
    return tuple(reason.value for reason in reasons)
