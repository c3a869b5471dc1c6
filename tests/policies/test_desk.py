"""The policy desk of the API: who may keep what, what is marked as in use, whose reports a trial sees."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from kyc_service.decision.policy import Policy
from kyc_service.decision.report import report_to_json
from kyc_service.domain.clients import ClientMode
from kyc_service.domain.outcome import Verdict
from kyc_service.errors import Unavailable
from kyc_service.policies.desk import (
    PolicyDesk,
    Resolves,
    SandboxMayNotDraft,
    keep_draft,
    list_versions,
    read_version,
    try_out,
)
from kyc_service.policies.load import PolicyInvalid
from kyc_service.policies.versions import activate, shadow
from kyc_service.storage.ids import new_id
from kyc_service.storage.policies import PolicyVersionNotFound, PolicyVersionTaken
from kyc_service.storage.records import ReportRecord
from kyc_service.storage.reports import report_purpose
from kyc_service.verification.policies_in_use import PolicyUnavailable
from kyc_service.verification.service import VerificationService
from tests.conftest import CALLER, OTHER_CLIENT
from tests.policies.few import NOW, change, resolve
from tests.verification.decided import decided, report_of

pytestmark = pytest.mark.integration

SANDBOX = replace(CALLER, mode=ClientMode.SANDBOX)


class Few:
    """An installation that reads policies of one line."""

    def resolve(self, text: str) -> Policy:
        return resolve(text)


DESK = PolicyDesk(Few)


def drafted(service: VerificationService, *texts: str) -> None:
    for text in texts:
        keep_draft(service.database, DESK, text, CALLER, NOW)


def test_a_draft_is_kept_once_under_the_name_of_the_key(service: VerificationService) -> None:
    kept, is_new = keep_draft(service.database, DESK, "bank@1 text", CALLER, NOW)
    assert is_new
    assert (kept.version.text, kept.version.author, kept.is_active, kept.is_shadow) == (
        "bank@1 text",
        CALLER.actor,
        False,
        False,
    )
    assert keep_draft(service.database, DESK, "bank@1 text", CALLER, NOW) == (kept, False)
    assert read_version(service.database, "bank", "1") == kept
    with pytest.raises(PolicyVersionTaken):
        keep_draft(service.database, DESK, "bank@1 another", CALLER, NOW)


def test_what_cannot_be_used_is_not_kept(service: VerificationService) -> None:
    with pytest.raises(PolicyInvalid):
        keep_draft(service.database, DESK, "bank@1 broken", CALLER, NOW)
    assert list_versions(service.database, limit=9) == ([], False)


def test_a_sandbox_client_keeps_nothing(service: VerificationService) -> None:
    with pytest.raises(SandboxMayNotDraft):
        keep_draft(service.database, DESK, "bank@1", SANDBOX, NOW)
    assert list_versions(service.database, limit=9) == ([], False)


def test_versions_come_newest_first_with_what_they_are_used_for(service: VerificationService) -> None:
    drafted(service, "bank@1", "bank@2", "bank@3")
    activate(service.database, "bank", "1", change(), resolve)
    shadow(service.database, "bank", "3", change(), resolve)
    found, has_more = list_versions(service.database, limit=2)
    assert [(one.version.version, one.is_active, one.is_shadow) for one in found] == [
        ("3", False, True),
        ("2", False, False),
    ]
    assert has_more
    (last,), has_more = list_versions(service.database, limit=2, starting_after=("bank", "2"))
    assert (last.version.version, last.is_active, has_more) == ("1", True, False)
    with pytest.raises(PolicyVersionNotFound):
        list_versions(service.database, limit=2, starting_after=("bank", "9"))


def reported(service: VerificationService, client_id: str = CALLER.client_id) -> str:
    """A verification whose report says approve, for no reason that any policy gives."""
    with service.database.transaction() as tx:
        record = decided(service, tx, Verdict.APPROVE, client_id=client_id)
        report = report_of(record, Verdict.APPROVE)
        sealed = service.key_of(tx, record.id).seal(json.dumps(report_to_json(report)).encode(), report_purpose(1))
        tx.reports.add(ReportRecord(record.id, 1, new_id("rep"), Verdict.APPROVE, report.schema_version, sealed, NOW))
    return record.id


def test_a_trial_sees_the_newest_reports_of_its_own_client_alone(service: VerificationService) -> None:
    mine = [reported(service) for _ in range(3)]
    reported(service, OTHER_CLIENT)
    found = try_out(service.database, DESK, service.master_key, "bank@1", CALLER, limit=9)
    assert found.refused == []
    assert found.count == 3
    # Nothing was measured, and what a tier requires nobody answered: no policy approves that.
    assert sorted(one.id for one in found.otherwise) == sorted(mine)
    assert {one.new for one in found.otherwise} == {Verdict.REVIEW}
    assert try_out(service.database, DESK, service.master_key, "bank@1", CALLER, limit=2).count == 2
    with pytest.raises(PolicyInvalid):
        try_out(service.database, DESK, service.master_key, "broken", CALLER, limit=2)


def test_calibrations_are_read_once_and_told_where_they_cannot_be() -> None:
    asked = []

    def few() -> Resolves:
        asked.append(1)
        return Few()

    desk = PolicyDesk(few)
    assert [desk.resolve("bank@1").name, desk.resolve("bank@2").name] == ["bank", "bank"]
    assert len(asked) == 1

    def broken() -> Resolves:
        raise Unavailable

    with pytest.raises(PolicyUnavailable):
        PolicyDesk(broken).resolve("bank@1")
