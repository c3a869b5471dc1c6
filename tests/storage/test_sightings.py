"""Sightings are counted over verifications other than one's own, once each, and go with their key."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy

from kyc_service.domain.clients import FIRST_CLIENT
from kyc_service.domain.history import Subject
from kyc_service.domain.verification import UseCase, VerificationStatus
from kyc_service.storage.database import Database
from kyc_service.storage.keys import WrappedKey
from kyc_service.storage.records import SightingRecord, VerificationRecord

pytestmark = pytest.mark.integration

NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)
DEVICE = (Subject.DEVICE, b"device")
SINCE = [NOW - timedelta(hours=1), NOW - timedelta(days=1), NOW - timedelta(days=30)]


def _verification(name: str) -> VerificationRecord:
    return VerificationRecord(
        id=name,
        client_id=FIRST_CLIENT,
        version=1,
        status=VerificationStatus.PROCESSING,
        use_case=UseCase.ONBOARDING,
        tier="standard",
        attempt=1,
        policy_version=None,
        claims=None,
        last_error=None,
        created_at=NOW,
        updated_at=NOW,
        redacted_at=None,
    )


def _see(
    database: Database,
    name: str,
    identity: bytes | None,
    *subjects: tuple[Subject, bytes],
    ago: timedelta = timedelta(),
    attempt: int = 1,
) -> None:
    with database.transaction() as tx:
        if attempt == 1:
            tx.verifications.add(_verification(name), WrappedKey(b"wrapped", "0" * 16))
        tx.sightings.add([SightingRecord(name, attempt, *subject, identity, NOW - ago) for subject in subjects])


@pytest.fixture
def seen(database: Database) -> Database:
    _see(database, "a", b"A", DEVICE, (Subject.PERSON, b"A"), (Subject.PHONE, b"p1"))
    _see(database, "a", b"A", DEVICE, attempt=2)
    _see(database, "b", b"B", DEVICE, ago=timedelta(hours=2))
    _see(database, "c", b"B", DEVICE, ago=timedelta(days=2))
    _see(database, "d", None, DEVICE, ago=timedelta(days=40))
    return database


def test_attempts_are_other_verifications_and_identities_other_persons(seen: Database) -> None:
    with seen.transaction() as tx:
        assert tx.sightings.attempts([DEVICE], "x", SINCE) == {Subject.DEVICE: (1, 2, 3)}
        assert tx.sightings.attempts([DEVICE], "a", SINCE) == {Subject.DEVICE: (0, 1, 2)}
        assert tx.sightings.other_identities([DEVICE], "x", [], SINCE) == {Subject.DEVICE: (1, 2, 2)}
        assert tx.sightings.other_identities([DEVICE], "x", [b"A"], SINCE) == {Subject.DEVICE: (0, 1, 1)}
        assert tx.sightings.identities([DEVICE], "x") == {b"A", b"B"}


def test_a_digest_means_nothing_under_another_subject(seen: Database) -> None:
    with seen.transaction() as tx:
        assert tx.sightings.attempts([(Subject.PHONE, b"device")], "x", SINCE) == {}


def test_nothing_asked_nothing_found(seen: Database) -> None:
    with seen.transaction() as tx:
        assert tx.sightings.attempts([], "x", SINCE) == {}
        assert tx.sightings.other_identities([], "x", [], SINCE) == {}
        assert tx.sightings.identities([], "x") == frozenset()
        assert tx.sightings.positions([], "x", SINCE[2], 5) == []
        assert tx.sightings.last_came_with([], Subject.PHONE, "x") is None
        tx.sightings.add([])
        tx.sightings.lock([])


def test_with_what_a_person_last_came(seen: Database) -> None:
    _see(seen, "e", b"A", (Subject.PERSON, b"A"), (Subject.PHONE, b"p0"), ago=timedelta(days=9))
    with seen.transaction() as tx:
        assert tx.sightings.last_came_with([b"A"], Subject.PHONE, "x") == b"p1"
        assert tx.sightings.last_came_with([b"A"], Subject.PHONE, "a") == b"p0"
        assert tx.sightings.last_came_with([b"B"], Subject.PHONE, "x") is None


def test_rows_go_with_the_key_of_their_verification(seen: Database) -> None:
    with seen.engine.begin() as connection:
        connection.execute(sqlalchemy.text("DELETE FROM data_keys WHERE verification_id = 'a'"))
    with seen.transaction() as tx:
        assert tx.sightings.attempts([DEVICE], "x", SINCE) == {Subject.DEVICE: (0, 1, 2)}
        assert tx.sightings.last_came_with([b"A"], Subject.PHONE, "x") is None


def test_a_lock_keeps_the_second_out_until_the_first_is_done(database: Database) -> None:
    order: list[str] = []
    is_locked = threading.Event()

    def second() -> None:
        is_locked.wait(10)
        with database.transaction() as tx:
            tx.sightings.lock([b"zzzz", b"aaaa"])
            order.append("second")

    thread = threading.Thread(target=second)
    thread.start()
    with database.transaction() as tx:
        tx.sightings.lock([b"aaaa", b"bbbb"])
        is_locked.set()
        thread.join(0.4)
        order.append("first")
    thread.join(20)
    assert order == ["first", "second"]
