"""Canceling: while input is awaited and never after; of a submission at the same moment, one wins."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from kyc_service.domain.clients import Caller, ClientMode
from kyc_service.domain.verification import TransitionNotAllowed, VerificationStatus
from kyc_service.errors import Conflict
from kyc_service.storage.records import EventType
from kyc_service.storage.verifications import VerificationNotFound
from kyc_service.verification.canceling import cancel_verification
from kyc_service.verification.deciding import Decider, decide_submission
from kyc_service.verification.service import VerificationService
from kyc_service.verification.submissions import submit
from kyc_service.verification.use_cases import list_events, read_verification
from kyc_service.verification.versions import VersionMismatch
from tests.conftest import CALLER, OTHER_CLIENT
from tests.verification.opened import opened, ready

pytestmark = pytest.mark.integration

_S = VerificationStatus


def test_what_waits_for_input_can_be_canceled(service: VerificationService) -> None:
    verification_id = opened(service)
    assert cancel_verification(service, verification_id, CALLER).record.status is _S.CANCELED
    last = list_events(service, verification_id, CALLER)[-1]
    assert (last.type, last.from_status, last.to_status, last.actor) == (
        EventType.VERIFICATION_CANCELED,
        _S.REQUIRES_INPUT,
        _S.CANCELED,
        CALLER.actor,
    )
    with pytest.raises(TransitionNotAllowed):
        cancel_verification(service, verification_id, CALLER)


def test_what_was_submitted_or_decided_cannot(decider: Decider) -> None:
    verification_id = ready(decider.service)
    submit(decider.service, verification_id, CALLER)
    with pytest.raises(TransitionNotAllowed):
        cancel_verification(decider.service, verification_id, CALLER)
    decide_submission(decider, verification_id, 1)
    with pytest.raises(TransitionNotAllowed):
        cancel_verification(decider.service, verification_id, CALLER)


def test_nobody_elses_and_not_in_a_version_that_has_passed(service: VerificationService) -> None:
    verification_id = opened(service)
    with pytest.raises(VerificationNotFound):
        cancel_verification(service, verification_id, Caller(OTHER_CLIENT, ClientMode.LIVE, "key:other"))
    with pytest.raises(VersionMismatch):
        cancel_verification(service, verification_id, CALLER, if_match=frozenset({7}))
    assert read_verification(service, verification_id, CALLER).record.status is _S.REQUIRES_INPUT


@pytest.mark.parametrize("turn", range(6))
def test_of_cancel_and_submit_at_the_same_moment_one_wins(service: VerificationService, turn: int) -> None:
    verification_id = ready(service)
    changes: list[Callable[[], Any]] = [
        lambda: cancel_verification(service, verification_id, CALLER),
        lambda: submit(service, verification_id, CALLER),
    ]
    refused = at_the_same_moment(changes * 2 if turn % 2 else changes[::-1] * 2)
    status = read_verification(service, verification_id, CALLER).record.status
    assert status in {_S.CANCELED, _S.PROCESSING}
    assert len(refused) == 3
    events = [event.to_status for event in list_events(service, verification_id, CALLER)]
    assert events.count(status) == 1
    assert len({_S.CANCELED, _S.PROCESSING} & set(events)) == 1
    with service.database.transaction() as tx:
        assert (tx.submissions.find(verification_id, 1) is not None) is (status is _S.PROCESSING)


def at_the_same_moment(changes: list[Callable[[], Any]]) -> list[Conflict]:
    """Make changes in threads that start together; those that were refused."""
    refused: list[Conflict] = []
    start = threading.Barrier(len(changes))

    def make(change: Callable[[], Any]) -> None:
        start.wait()
        try:
            change()
        except Conflict as error:
            refused.append(error)

    threads = [threading.Thread(target=make, args=(change,)) for change in changes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refused
