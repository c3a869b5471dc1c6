"""A change of status is announced: once, in its own transaction, to whoever wants it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy

from kyc_service.domain.clients import FIRST_CLIENT
from kyc_service.domain.verification import VerificationStatus
from kyc_service.notifications.webhooks.message import body_of
from kyc_service.storage.database import Database, Transaction
from kyc_service.storage.records import EventType
from kyc_service.verification.service import VerificationService
from kyc_service.verification.steps import append_event
from tests.verification.webhooks import add_endpoint, jobs_of, messages_of, verification

pytestmark = pytest.mark.integration

NOW = datetime(2126, 11, 24, 12, tzinfo=UTC)
_S = VerificationStatus


def _change(tx: Transaction, verification_id: str, status: _S, **payload: Any) -> None:
    record = tx.verifications.lock(verification_id)
    after = replace(record, status=status)
    append_event(tx, EventType.VERIFICATION_SUBMITTED, after, "key:1", at=NOW, before=record.status, payload=payload)


def test_a_message_tells_of_the_change_and_of_nobody(service: VerificationService) -> None:
    endpoint_id = add_endpoint(service.database)
    verification_id = verification(service, reference="applicant-7")
    with service.database.transaction() as tx:
        _change(tx, verification_id, _S.VERIFIED, verdict="approve", actor="reviewer", reasons=["name_mismatch"])
        event, _, last = tx.events.of(verification_id)
    first, second = messages_of(service.database)
    assert first["type"] == "verification.requires_input"
    assert "previous_status" not in first["data"]
    assert second == {
        "type": "verification.verified",
        "id": last.id,
        "sequence": 3,
        "timestamp": "2126-11-24T12:00:00+00:00",
        "data": {
            "verification_id": verification_id,
            "client_id": FIRST_CLIENT,
            "reference": "applicant-7",
            "attempt": 0,
            "status": "verified",
            "previous_status": "requires_input",
            "verdict": "approve",
        },
    }
    assert first["id"] == event.id
    assert json.loads(body_of(second)) == second
    assert len(jobs_of(service.database)) == 2
    with service.database.transaction() as tx:
        deliveries = tx.webhooks.deliveries(endpoint_id, limit=9, starting_after=None, state=None)
    assert [one.message_id for one in deliveries] == [last.id, event.id]


def test_what_changes_no_status_is_not_announced(service: VerificationService) -> None:
    add_endpoint(service.database)
    verification_id = verification(service)
    with service.database.transaction() as tx:
        record = tx.verifications.get(verification_id)
        append_event(tx, EventType.CLAIMS_CHANGED, record, "key:1", at=NOW)
        append_event(tx, EventType.VERIFICATION_SUBMITTED, record, "key:1", at=NOW, before=record.status)
        _change(tx, verification_id, _S.PROCESSING)
    assert [message["sequence"] for message in messages_of(service.database)] == [1, 5]


def test_who_wants_it_is_told_and_nobody_else(service: VerificationService) -> None:
    wanted = [
        add_endpoint(service.database),
        add_endpoint(service.database, event_types=("verification.requires_input", "verification.verified")),
    ]
    add_endpoint(service.database, event_types=("verification.verified",))
    add_endpoint(service.database, disabled_at=NOW)
    add_endpoint(service.database, client_id="cli_" + "1" * 32)
    verification(service)
    with service.database.engine.connect() as connection:
        told = connection.execute(sqlalchemy.text("SELECT endpoint_id FROM webhook_deliveries")).scalars().all()
    assert sorted(told) == sorted(wanted)


def test_a_change_that_is_taken_back_was_never_announced(service: VerificationService, database: Database) -> None:
    add_endpoint(database)
    verification_id = verification(service)

    def broken() -> None:
        with database.transaction() as tx:
            _change(tx, verification_id, _S.CANCELED)
            raise KeyError

    with pytest.raises(KeyError):
        broken()
    assert len(messages_of(database)) == 1
    assert len(jobs_of(database)) == 1
