"""The end of a run: what history and registers say is compared, and a stage that crashes is never a pass."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from kyc_service.authorities.panel import NO_PANEL, Panel
from kyc_service.authorities.question import AuthorityQuestion
from kyc_service.authorities.silence import AuthoritySilent
from kyc_service.decision.policy import Policy
from kyc_service.decision.report import CaptureRecord
from kyc_service.domain.authority import Answer, AuthorityAnswer, Channel
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.checks import CheckName
from kyc_service.domain.claims import Claims, Device, DocumentType
from kyc_service.domain.document import DocumentReading, FieldName, FieldReading
from kyc_service.domain.facts import Facts, Position
from kyc_service.domain.history import Count, History, Subject
from kyc_service.domain.measurements import Finding, Measurement, NotAssessed, Score
from kyc_service.domain.reasons import Reason
from kyc_service.domain.verification import UseCase
from kyc_service.verification.comparing import Comparing, Looked, photo_position
from kyc_service.verification.memory import Seen
from kyc_service.verification.particulars import particulars_of
from kyc_service.verification.submission import Submission
from kyc_service.verification.trail import Trail

NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)
POLICY = Policy("null", "2026-01", "0" * 64, "Asia/Shanghai", 9, {}, (), (), (), {})
CLAIMS = Claims(full_name="陆青禾", id_number="330106198503129989", device=Device("d"))


class NoPlaces:
    def look_up(self, *_: Any, **__: Any) -> Facts:
        return Facts()


class Crashing:
    def __getattr__(self, _: str) -> Callable[..., Any]:
        def crash(*_: Any, **__: Any) -> Any:
            raise RuntimeError("陆青禾")

        return crash


@dataclass
class Remembering:
    found: History
    seen: list[Seen] = field(default_factory=list)

    def history(self, seen: Seen) -> History:
        self.seen.append(seen)
        return self.found


@dataclass
class Register:
    channel: Channel
    says: Answer | None = Answer.CONFIRMED
    asked: list[AuthorityQuestion] = field(default_factory=list)

    def ask(self, question: AuthorityQuestion) -> AuthorityAnswer:
        self.asked.append(question)
        if self.says is None:
            raise AuthoritySilent("outbound_timed_out")
        return AuthorityAnswer(self.channel, self.says, "ref-1", NOW)


def measured(
    memory: Any = None, panel: Any = NO_PANEL, places: Any = None, document: DocumentReading | None = None
) -> dict[CheckName, list[Measurement]]:
    comparing = Comparing(places or NoPlaces(), panel, POLICY, Trail("ver_1"))
    submission = Submission("ver_1", {}, CLAIMS, UseCase.ONBOARDING, "standard", 2, NOW, memory=memory)
    _, found = comparing.measure(Looked(document, None, 0.9, ()), submission)
    by_check: dict[CheckName, list[Measurement]] = {}
    for measurement in found:
        by_check.setdefault(measurement.check, []).append(measurement)
    return by_check


def reasons(measurements: list[Measurement]) -> set[Reason]:
    return {m.reason for m in measurements if isinstance(m, NotAssessed)}


def test_history_reaches_the_checks() -> None:
    memory = Remembering(History(frozenset({Subject.DEVICE}), (Count(Subject.DEVICE, "24h", 7, 5),)))
    found = measured(memory)
    scores = {m.name: m.native for m in found[CheckName.VELOCITY_DEVICE] if isinstance(m, Score)}
    assert (scores["attempts_24h"], scores["identities_24h"]) == (7, 5)
    assert memory.seen == [Seen(None, None, None, 0.9)]


def test_without_a_memory_nobody_says_that_nothing_was_seen() -> None:
    found = measured()
    assert reasons(found[CheckName.VELOCITY_DEVICE]) == {Reason.NOT_MEASURED}


@pytest.mark.parametrize("check", [CheckName.VELOCITY_PERSON, CheckName.PHONE_REUSE, CheckName.IMPOSSIBLE_TRAVEL])
def test_a_memory_that_crashes_passes_nothing(check: CheckName) -> None:
    found = measured(Crashing())
    assert [type(m) for m in found[check]] == [NotAssessed]
    assert reasons(found[check]) == {Reason.STAGE_FAILED}
    assert reasons(found[CheckName.NAME_COMPARISON]) != {Reason.STAGE_FAILED}
    assert "陆青禾" not in repr([m for ms in found.values() for m in ms if isinstance(m, NotAssessed)])


def test_places_that_crash_leave_everything_unanswered() -> None:
    found = measured(Remembering(History(frozenset())), places=Crashing())
    for check in (CheckName.PHONE_VALID, CheckName.VELOCITY_FACE, CheckName.AUTHORITY_TAX, CheckName.AGE):
        assert reasons(found[check]) == {Reason.STAGE_FAILED}


def test_a_panel_that_crashes_passes_nothing() -> None:
    class Broken(Panel):
        def ask(self, *_: Any) -> Any:
            raise RuntimeError("陆青禾")

    found = measured(panel=Broken((Register(Channel.TAX),)))
    assert reasons(found[CheckName.AUTHORITY_TAX]) == {Reason.STAGE_FAILED}
    assert reasons(found[CheckName.NAME_COMPARISON]) != {Reason.STAGE_FAILED}


def test_registers_are_asked_once_and_their_answers_kept() -> None:
    citizen, tax, carrier = Register(Channel.CITIZEN_IDENTITY), Register(Channel.TAX, None), Register(Channel.CARRIER)
    found = measured(panel=Panel((citizen, tax, carrier)))
    (confirmed,) = found[CheckName.AUTHORITY_CITIZEN_IDENTITY]
    assert isinstance(confirmed, Finding)
    assert confirmed.reasons == ()
    assert confirmed.evidence.values["reference"] == "ref-1"
    assert reasons(found[CheckName.AUTHORITY_TAX]) == {Reason.AUTHORITY_UNREACHABLE}
    assert [question.id for question in citizen.asked] == ["ver_1-2-citizen_identity"]
    # No phone number, so the carrier is not asked; that is no confirmation.
    assert carrier.asked == []
    assert reasons(found[CheckName.AUTHORITY_CARRIER]) == {Reason.NOT_MEASURED}
    assert reasons(found[CheckName.AUTHORITY_EDUCATION]) == {Reason.NOT_PROVIDED}


def test_of_who_is_not_to_be_asked_about_no_register_hears() -> None:
    citizen = Register(Channel.CITIZEN_IDENTITY)
    places: Any = NoPlaces()
    register: Any = citizen
    comparing = Comparing(places, Panel((register,)), POLICY, Trail("ver_1"))
    submission = Submission("ver_1", {}, CLAIMS, UseCase.ONBOARDING, "standard", 1, NOW, asks_registers=False)
    _, found = comparing.measure(Looked(None, None, 0.9, ()), submission)
    assert citizen.asked == []
    asked = [m for m in found if m.check is CheckName.AUTHORITY_CITIZEN_IDENTITY]
    assert reasons(asked) == {Reason.NOT_PROVIDED}


def card(*, is_certain: bool) -> DocumentReading:
    fields = tuple(
        FieldReading(name, CaptureKind.DOCUMENT_FRONT, "x", 0.9, 0.9, None, is_certain)
        for name in (FieldName.FULL_NAME, FieldName.ID_NUMBER, FieldName.DATE_OF_BIRTH)
    )
    return DocumentReading(
        DocumentType.CN_RESIDENT_IDENTITY_CARD,
        "CHN",
        fields,
        full_name="陆青和",
        id_number="330106198503129980",
        date_of_birth=date(1985, 3, 11),
    )


def test_what_was_read_with_certainty_is_asked_about() -> None:
    known = particulars_of(card(is_certain=True), CLAIMS, Facts())
    assert (known.full_name, known.id_number) == ("陆青和", "330106198503129980")
    assert (known.other_names, known.date_of_birth) == (("陆青禾",), date(1985, 3, 11))


def test_a_reading_that_may_be_wrong_is_never_held_against_anybody() -> None:
    known = particulars_of(card(is_certain=False), CLAIMS, Facts())
    assert (known.full_name, known.id_number, known.date_of_birth) == ("陆青禾", "330106198503129989", None)
    nothing = particulars_of(card(is_certain=False), Claims(), Facts())
    assert (nothing.full_name, nothing.id_number) == (None, None)


def record(kind: CaptureKind, gps: Any) -> CaptureRecord:
    return CaptureRecord(kind, "0" * 64, "image/jpeg", 1, 1, 1, {"gps": gps})


def test_the_selfies_own_position_comes_first() -> None:
    gps = {"latitude": 30.25, "longitude": 120.5, "is_plausible": True}
    selfie, front = record(CaptureKind.SELFIE, gps), record(CaptureKind.DOCUMENT_FRONT, {**gps, "latitude": 1.5})
    assert photo_position([front, selfie]) == Position(30.25, 120.5)
    assert photo_position([front, replace(selfie, metadata={})]) == Position(1.5, 120.5)
    assert photo_position([]) is None


@pytest.mark.parametrize(
    "gps", [None, {}, "30", {"latitude": 91.0, "longitude": 0.0, "is_plausible": False}, {"is_plausible": True}]
)
def test_a_picture_that_says_nothing_sound_has_no_position(gps: Any) -> None:
    assert photo_position([record(CaptureKind.SELFIE, gps)]) is None
