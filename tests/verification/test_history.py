"""What the service saw of a person, document, phone, device and face before; nobody is counted against themselves."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest
import sqlalchemy

from kyc_service.decision.report import Traces
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.claims import Claims, Device, DeviceLocation, DocumentType
from kyc_service.domain.document import DocumentReading, FieldName, FieldReading
from kyc_service.domain.facts import Facts, Position, PositionFact
from kyc_service.domain.history import Count, History, Subject
from kyc_service.domain.outcome import Verdict
from kyc_service.domain.verification import UseCase
from kyc_service.inference.engines import Embedding
from kyc_service.storage.records import TraceKind
from kyc_service.verification.memory import Seen
from kyc_service.verification.service import VerificationService
from kyc_service.verification.steps import NewVerification
from kyc_service.verification.submission import Submission
from kyc_service.verification.use_cases import create_verification, put_capture
from tests.conftest import CALLER
from tests.deciding import decided

pytestmark = pytest.mark.integration

START = datetime(2026, 11, 23, 4, tzinfo=UTC)
ALIKE = 0.9
MALLS_PHONE = Device("device-of-the-farm")


def number(of: int) -> str:
    return f"{of:018d}"


def card(of: int, *, is_certain: bool = True, name: str | None = None) -> DocumentReading:
    field = FieldReading(FieldName.ID_NUMBER, CaptureKind.DOCUMENT_FRONT, number(of), 0.99, 0.99, None, is_certain)
    return DocumentReading(
        DocumentType.CN_RESIDENT_IDENTITY_CARD,
        "CHN",
        (field,),
        full_name=name or f"name {of}",
        date_of_birth=date(1990, 1, 1),
        id_number=number(of),
    )


def face(seed: int) -> Embedding:
    vector = np.random.default_rng(seed).normal(size=128).astype(np.float32)
    return vector / np.float32(np.linalg.norm(vector))


def at(latitude: float, longitude: float) -> PositionFact:
    return PositionFact(Position(latitude, longitude), None, None, None, None, None, None, is_at_sea=False, sources=())


class World:
    """Submits attempts at a time of the test's choosing and gives each one's history."""

    def __init__(self, service: VerificationService, pipeline: Any, picture: Callable[..., bytes]) -> None:
        self.now = START
        self.service = replace(service, now=lambda: self.now)
        self.pipeline, self.picture = pipeline, picture
        self.ids: list[str] = []
        self.found: list[History] = []

    def later(self, **length: float) -> World:
        self.now += timedelta(**length)
        return self

    def created(self, claims: Claims) -> str:
        new = NewVerification(UseCase.ONBOARDING, "standard", claims, CALLER)
        self.ids.append(create_verification(self.service, new).record.id)
        return self.ids[-1]

    def submitted(
        self,
        verification_id: str,
        document: DocumentReading | None = None,
        template: Embedding | None = None,
        position: PositionFact | None = None,
    ) -> History:
        for kind in (CaptureKind.DOCUMENT_FRONT, CaptureKind.SELFIE):
            put_capture(self.service, verification_id, kind, self.picture(), CALLER)
        self.pipeline.document, self.pipeline.facts = document, Facts(position=position)
        stored = None if template is None else template.astype("<f4").tobytes()
        self.pipeline.traces = Traces(stored, "null_embedder")
        self.pipeline.work = lambda submission: self.look_back(submission, document, template)
        decided(self.service, self.pipeline, verification_id)
        return self.found[-1]

    def look_back(self, submission: Submission, document: DocumentReading | None, template: Embedding | None) -> None:
        assert submission.memory is not None
        self.found.append(submission.memory.history(Seen(document, None, template, ALIKE)))

    def attempt(
        self,
        claims: Claims,
        document: DocumentReading | None = None,
        template: Embedding | None = None,
        position: PositionFact | None = None,
    ) -> History:
        return self.submitted(self.created(claims), document, template, position)


@pytest.fixture
def world(service: VerificationService, pipeline: Any, picture: Callable[..., bytes]) -> World:
    return World(service, pipeline, picture)


def counted(history: History, subject: Subject, window: str = "24h") -> tuple[int, int]:
    (count,) = (c for c in history.counts if (c.subject, c.window) == (subject, window))
    return count.attempts, count.identities


def test_the_first_of_all_has_no_history(world: World) -> None:
    history = world.attempt(Claims(phone_number="+8613912345678", device=Device("d")), card(1), face(1))
    assert history.subjects == frozenset(Subject)
    assert set(history.counts) == {Count(s, w, 0, 0) for s in Subject for w in ("1h", "24h", "30d")}
    assert history.positions == ()
    assert history.phone_other_identities == 0
    assert (history.person_had_other_phone, history.person_had_other_device) == (False, False)


def test_nobody_is_looked_for_by_what_is_not_there(world: World) -> None:
    assert world.attempt(Claims()) == History(frozenset())
    assert world.attempt(Claims(device=Device("d"))).subjects == {Subject.DEVICE}


def test_a_card_farm_shows_by_its_device(world: World) -> None:
    for person in range(1, 6):
        world.later(hours=2).attempt(Claims(device=MALLS_PHONE), card(person))
    history = world.later(hours=2).attempt(Claims(device=MALLS_PHONE), card(6))
    assert counted(history, Subject.DEVICE, "24h") == (5, 5)
    assert counted(history, Subject.DEVICE, "1h") == (0, 0)
    assert counted(history, Subject.DEVICE, "30d") == (5, 5)
    assert counted(history, Subject.PERSON, "30d") == (0, 0)


def test_windows_slide(world: World) -> None:
    world.attempt(Claims(device=MALLS_PHONE), card(1))
    claims = Claims(device=MALLS_PHONE)
    seen = [counted(world.later(minutes=59).attempt(claims, card(2)), Subject.DEVICE, w) for w in ("1h", "24h", "30d")]
    assert seen[0] == (1, 1)
    late = world.later(days=40).attempt(claims, card(3))
    assert [counted(late, Subject.DEVICE, w) for w in ("1h", "24h", "30d")] == [(0, 0)] * 3


def test_a_person_who_tries_again_is_no_other_identity(world: World) -> None:
    claims = Claims(device=Device("own"), phone_number="+8613912345678")
    for _ in range(3):
        world.later(minutes=5).attempt(claims, card(1), face(1))
    history = world.later(minutes=5).attempt(claims, card(1), face(1))
    for subject in Subject:
        assert counted(history, subject) == (3, 0)
    assert history.phone_other_identities == 0


def test_further_attempts_of_one_verification_are_not_counted(world: World) -> None:
    world.pipeline.verdict = Verdict.RETAKE
    own = world.created(Claims(device=Device("own")))
    for _ in range(3):
        assert counted(world.submitted(own, card(1), face(1)), Subject.DEVICE) == (0, 0)
    assert counted(world.attempt(Claims(device=Device("own")), card(1)), Subject.DEVICE) == (1, 0)


def test_looking_back_twice_changes_nothing(world: World) -> None:
    own = world.created(Claims(device=Device("own")))

    def twice(submission: Submission) -> None:
        world.look_back(submission, card(1), None)
        world.look_back(submission, card(1), None)

    for kind in (CaptureKind.DOCUMENT_FRONT, CaptureKind.SELFIE):
        put_capture(world.service, own, kind, world.picture(), CALLER)
    world.pipeline.work = twice
    decided(world.service, world.pipeline, own)
    assert world.found[0] == world.found[1]
    assert counted(world.attempt(Claims(device=Device("own")), card(1)), Subject.DEVICE) == (1, 0)


def test_an_unreadable_card_hides_nobody_whose_number_is_claimed(world: World) -> None:
    world.attempt(Claims(id_number=number(7)), None)
    history = world.later(minutes=1).attempt(Claims(), card(7))
    assert counted(history, Subject.PERSON) == (1, 0)
    hidden = world.later(minutes=1).attempt(Claims(id_number=number(7)), None)
    assert counted(hidden, Subject.PERSON) == (2, 0)


def test_a_reading_that_is_not_certain_makes_no_new_identity(world: World) -> None:
    device = Device("own")
    world.attempt(Claims(id_number=number(7), device=device), card(8, is_certain=False))
    assert counted(world.later(minutes=1).attempt(Claims(device=device), card(7)), Subject.DEVICE) == (1, 0)


def test_who_has_no_number_yet_is_the_same_by_name_and_birth_date(world: World) -> None:
    claims = Claims(full_name="欧阳 示例", date_of_birth=date(1990, 1, 1), device=Device("own"))
    world.attempt(claims)
    assert counted(world.later(minutes=1).attempt(claims, card(7, name="欧阳示例")), Subject.DEVICE) == (1, 0)
    assert counted(world.later(minutes=1).attempt(claims), Subject.DEVICE) == (2, 0)
    namesake = world.later(minutes=1).attempt(claims, card(8, name="欧阳示例"))
    assert counted(namesake, Subject.DEVICE) == (3, 1)


def test_one_claimed_number_does_not_make_many_cards_one_person(world: World) -> None:
    for person in range(1, 4):
        world.attempt(Claims(id_number=number(9), device=MALLS_PHONE), card(person))
    history = world.attempt(Claims(id_number=number(9), device=MALLS_PHONE), card(4))
    assert counted(history, Subject.DEVICE) == (3, 3)
    assert counted(history, Subject.PERSON) == (3, 3)


def test_a_mules_face_shows_under_other_identities(world: World) -> None:
    for person in range(1, 4):
        world.later(hours=1).attempt(Claims(), card(person), face(7))
    world.attempt(Claims(), card(5), face(8))
    history = world.later(hours=1).attempt(Claims(), card(4), face(7))
    assert counted(history, Subject.FACE, "24h") == (3, 3)
    assert counted(history, Subject.FACE, "30d") == (3, 3)
    assert counted(world.later(days=31).attempt(Claims(), card(6), face(7)), Subject.FACE, "30d") == (0, 0)


def test_a_document_under_several_persons(world: World) -> None:
    passport = DocumentReading(
        DocumentType.PASSPORT,
        "D<<",
        (FieldReading(FieldName.DOCUMENT_NUMBER, CaptureKind.DOCUMENT_FRONT, "C01X00T47", 1, 1, None, True),),
        full_name="ERIKA MUSTERMANN",
        date_of_birth=date(1964, 8, 12),
    )
    world.attempt(Claims(), passport)
    history = world.attempt(Claims(), replace(passport, full_name="SOMEBODY ELSE"))
    assert counted(history, Subject.DOCUMENT) == (1, 1)
    assert counted(history, Subject.PERSON) == (0, 0)
    same = world.attempt(Claims(id_number="C01X00T47"), passport)
    assert counted(same, Subject.DOCUMENT) == (2, 1)
    assert counted(same, Subject.PERSON) == (1, 0)


def test_a_phone_is_known_however_it_is_written_and_for_ever(world: World) -> None:
    world.attempt(Claims(phone_number="139 1234 5678"), card(1))
    history = world.later(days=400).attempt(Claims(phone_number="+86-139-1234-5678"), card(2))
    assert history.phone_other_identities == 1
    assert counted(history, Subject.PHONE, "30d") == (0, 0)
    assert not history.person_had_other_phone


def test_another_phone_or_device_than_the_last_time(world: World) -> None:
    world.attempt(Claims(phone_number="+8613911111111", device=Device("old")), card(1))
    world.later(days=50).attempt(Claims(), card(1))
    changed = world.later(days=50).attempt(Claims(phone_number="+8613922222222", device=Device("new")), card(1))
    assert changed.person_had_other_phone
    assert changed.person_had_other_device
    kept = world.later(days=1).attempt(Claims(phone_number="+8613922222222", device=Device("new")), card(1))
    assert (kept.person_had_other_phone, kept.person_had_other_device) == (False, False)
    nothing = world.later(days=1).attempt(Claims(), card(1))
    assert (nothing.person_had_other_phone, nothing.person_had_other_device) == (False, False)


def test_earlier_positions_of_person_phone_and_device(world: World) -> None:
    claims = Claims(phone_number="+8613911111111", device_location=DeviceLocation(30.0, 120.0, 25.0))
    world.attempt(claims, card(1), position=at(30.0, 120.0))
    seen_at = world.now
    history = world.later(hours=1).attempt(claims, card(1), position=at(40.0, 116.0))
    assert {p.subject for p in history.positions} == {Subject.PERSON, Subject.DOCUMENT, Subject.PHONE}
    assert {(p.position, p.accuracy_m, p.at) for p in history.positions} == {(Position(30.0, 120.0), 25.0, seen_at)}
    latest = world.later(hours=1).attempt(claims, card(1), position=at(40.0, 116.0))
    assert len([p for p in latest.positions if p.subject is Subject.PERSON]) == 2
    assert world.later(days=8).attempt(claims, card(1)).positions == ()


@pytest.mark.parametrize("where", [(0.0, 0.0), (91.0, 0.0), (0.0, 181.0), (float("nan"), 1.0), (float("inf"), 1.0)])
def test_positions_that_are_nowhere_are_not_kept(world: World, where: tuple[float, float]) -> None:
    claims = Claims(phone_number="+8613911111111", device_location=DeviceLocation(1.0, 1.0, 25.0))
    world.attempt(claims, card(1), position=at(*where))
    assert world.attempt(claims, card(1)).positions == ()


def test_positions_lie_sealed(world: World) -> None:
    claims = Claims(device=Device("d"), device_location=DeviceLocation(31.2304, 121.4737))
    world.attempt(claims, card(1), position=at(31.2304, 121.4737))
    with world.service.database.engine.begin() as connection:
        asked = sqlalchemy.text("SELECT sealed FROM traces WHERE kind = :kind")
        (sealed,) = connection.execute(asked, {"kind": TraceKind.POSITION.value}).scalars()
    assert b"31.23" not in bytes(sealed)


def test_a_destroyed_key_takes_every_sighting_along(world: World) -> None:
    claims = Claims(device=Device("d"), device_location=DeviceLocation(31.2, 121.5))
    world.attempt(claims, card(1), face(1), at(31.2, 121.5))
    with world.service.database.engine.begin() as connection:
        gone = {"id": world.ids[0]}
        assert connection.execute(sqlalchemy.text("SELECT count(*) FROM sightings")).scalar_one() > 3
        connection.execute(sqlalchemy.text("DELETE FROM data_keys WHERE verification_id = :id"), gone)
        assert connection.execute(sqlalchemy.text("SELECT count(*) FROM sightings")).scalar_one() == 0
    history = world.attempt(claims, card(2), face(1))
    assert all((c.attempts, c.identities) == (0, 0) for c in history.counts)
    assert history.positions == ()


def test_of_two_at_the_same_moment_one_sees_the_other(world: World) -> None:
    """Both are noted before either is decided; the locks are taken in one order, so none waits for ever."""
    claims = [Claims(device=MALLS_PHONE, phone_number="+8613911111111", id_number=number(n)) for n in range(4)]
    memories: list[Any] = []
    for claim in claims:
        own = world.created(claim)
        for kind in (CaptureKind.DOCUMENT_FRONT, CaptureKind.SELFIE):
            put_capture(world.service, own, kind, world.picture(), CALLER)
        world.pipeline.work = lambda submission: memories.append(submission.memory)
        decided(world.service, world.pipeline, own)
    with world.service.database.engine.begin() as connection:
        connection.execute(sqlalchemy.text("DELETE FROM sightings"))
    found: list[History] = []
    ready = threading.Barrier(len(memories))

    def look_back(memory: Any) -> None:
        ready.wait()
        found.append(memory.history(Seen(None, None, None, ALIKE)))

    threads = [threading.Thread(target=look_back, args=(memory,)) for memory in memories]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(counted(history, Subject.DEVICE)[1] for history in found) == [0, 1, 2, 3]
