"""Versions of policies: drafted once, activated, rolled back, shadowed; appended only; one change at a time."""

from __future__ import annotations

import itertools
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy
from sqlalchemy.exc import DBAPIError

from kyc_service.decision.policy import Policy
from kyc_service.errors import KycError
from kyc_service.policies.load import PolicyInvalid
from kyc_service.policies.versions import (
    Change,
    NoShadowInUse,
    NothingToRollBack,
    PolicyAlreadyInUse,
    PolicyVersionUnknown,
    ReasonMissing,
    activate,
    draft,
    end_shadow,
    parse_reference,
    rollback,
    shadow,
)
from kyc_service.storage.database import Database
from kyc_service.storage.policies import PolicyRole, PolicyVersionNotFound, PolicyVersionTaken
from tests.policies.few import NOW, change, resolve

pytestmark = pytest.mark.integration


def drafted(database: Database, *texts: str) -> None:
    for text in texts:
        draft(database, text, "author", NOW, resolve)


def active(database: Database) -> list[tuple[str, str] | None]:
    with database.transaction() as tx:
        return [use.key for use in tx.policies.uses(PolicyRole.ACTIVE)]


def test_a_draft_is_kept_as_written_and_the_same_again_changes_nothing(database: Database) -> None:
    kept, is_new = draft(database, "bank@1 first", "author", NOW, resolve)
    assert is_new
    assert (kept.name, kept.version, kept.text, kept.author) == ("bank", "1", "bank@1 first", "author")
    again, is_new = draft(database, "bank@1 first", "somebody else", NOW, resolve)
    assert (again, is_new) == (kept, False)


def test_a_version_with_another_content_is_refused(database: Database) -> None:
    drafted(database, "bank@1 first")
    with pytest.raises(PolicyVersionTaken):
        draft(database, "bank@1 second", "author", NOW, resolve)
    with database.transaction() as tx:
        assert [version.text for version in tx.policies.versions()] == ["bank@1 first"]


def test_what_cannot_be_used_is_not_drafted_and_nobody_unnamed_drafts(database: Database) -> None:
    with pytest.raises(PolicyInvalid):
        draft(database, "bank@1 broken", "author", NOW, resolve)
    with pytest.raises(ReasonMissing):
        draft(database, "bank@1", " ", NOW, resolve)


@pytest.mark.parametrize("statement", ["UPDATE {} SET name = 'x'", "DELETE FROM {}"])
@pytest.mark.parametrize("table", ["policy_versions", "policy_activations"])
def test_rows_can_be_neither_changed_nor_deleted(database: Database, table: str, statement: str) -> None:
    drafted(database, "bank@1")
    activate(database, "bank", "1", change(), resolve)
    with pytest.raises(DBAPIError, match="append-only"), database.engine.begin() as connection:
        connection.execute(sqlalchemy.text(statement.format(table)))


def test_activations_follow_one_another_and_say_who_and_why(database: Database) -> None:
    drafted(database, "bank@1", "bank@2")
    assert activate(database, "bank", "1", change("begin"), resolve).version == "1"
    assert activate(database, "bank", "2", change("stricter", "another"), resolve).version == "2"
    with database.transaction() as tx:
        uses = tx.policies.uses(PolicyRole.ACTIVE)
        assert tx.policies.in_use() == {PolicyRole.ACTIVE: uses[-1]}
    assert [(use.version, use.actor, use.reason) for use in uses] == [
        ("1", "tester", "begin"),
        ("2", "another", "stricter"),
    ]


def test_what_is_active_or_unknown_or_no_longer_resolved_is_not_activated(database: Database) -> None:
    drafted(database, "bank@1", "bank@2 calibrated")
    activate(database, "bank", "1", change(), resolve)
    with pytest.raises(PolicyAlreadyInUse):
        activate(database, "bank", "1", change(), resolve)
    with pytest.raises(PolicyVersionNotFound):
        activate(database, "bank", "9", change(), resolve)

    def without_calibration(text: str) -> Policy:
        return resolve(text.replace("calibrated", "broken"))

    with pytest.raises(PolicyInvalid):
        activate(database, "bank", "2", change(), without_calibration)
    assert active(database) == [("bank", "1")]


@pytest.mark.parametrize(("actor", "reason"), [("", "why"), ("who", " ")])
def test_nobody_changes_without_a_name_and_a_reason(actor: str, reason: str) -> None:
    with pytest.raises(ReasonMissing):
        Change(actor, reason, NOW)


def test_a_rollback_leads_to_the_version_before_and_back_again(database: Database) -> None:
    drafted(database, "bank@1", "bank@2")
    activate(database, "bank", "1", change(), resolve)
    activate(database, "bank", "2", change(), resolve)
    for expected in ("1", "2"):
        earlier = rollback(database, change("it declined too many"), resolve)
        assert earlier is not None
        assert earlier.version == expected
    assert active(database) == [("bank", "1"), ("bank", "2"), ("bank", "1"), ("bank", "2")]


def test_a_rollback_of_the_first_activation_leads_to_the_installations_own_file(database: Database) -> None:
    with pytest.raises(NothingToRollBack):
        rollback(database, change(), resolve)
    drafted(database, "bank@1")
    activate(database, "bank", "1", change(), resolve)
    assert rollback(database, change(), resolve) is None
    assert active(database) == [("bank", "1"), None]


def test_a_rollback_to_what_cannot_be_used_any_longer_is_refused(database: Database) -> None:
    drafted(database, "bank@1", "bank@2")
    activate(database, "bank", "1", change(), resolve)
    activate(database, "bank", "2", change(), resolve)
    with pytest.raises(PolicyInvalid):
        rollback(database, change(), lambda text: resolve(text + " broken"))
    assert active(database) == [("bank", "1"), ("bank", "2")]


def test_a_shadow_begins_and_ends_beside_the_active_one(database: Database) -> None:
    drafted(database, "bank@1", "bank@2")
    activate(database, "bank", "1", change(), resolve)
    with pytest.raises(NoShadowInUse):
        end_shadow(database, change())
    shadow(database, "bank", "2", change(), resolve)
    with database.transaction() as tx:
        assert {role: use.version for role, use in tx.policies.in_use().items()} == {"active": "1", "shadow": "2"}
    assert end_shadow(database, change()) == ("bank", "2")
    with pytest.raises(NoShadowInUse):
        end_shadow(database, change())


def test_of_activations_at_the_same_time_each_sees_the_others(database: Database) -> None:
    drafted(database, "bank@1", "bank@2")

    def one(number: int) -> str:
        try:
            return activate(database, "bank", str(1 + number % 2), change(), resolve).version
        except PolicyAlreadyInUse:
            return "refused"

    with ThreadPoolExecutor(8) as threads:
        said = list(threads.map(one, range(24)))
    keys = active(database)
    assert len(keys) == len([answer for answer in said if answer != "refused"])
    assert all(earlier != later for earlier, later in itertools.pairwise(keys))


def test_of_drafts_at_the_same_time_one_content_stays(database: Database) -> None:
    def one(number: int) -> str:
        try:
            return draft(database, f"bank@1 content {number % 3}", "author", NOW, resolve)[0].text
        except PolicyVersionTaken:
            return "refused"

    with ThreadPoolExecutor(8) as threads:
        said = set(threads.map(one, range(24)))
    assert len(said - {"refused"}) == 1


VICTIM = """
import os, signal, sys
from kyc_service.policies import versions
from kyc_service.storage.database import Database
from kyc_service.storage.policies import Policies
from tests.policies.few import change, resolve
kept = Policies.put_to_use
def dies(self, use):
    kept(self, use)
    os.kill(os.getpid(), signal.SIGKILL)
Policies.put_to_use = dies
versions.activate(Database.connect(sys.argv[1]), "bank", "2", change(), resolve)
"""


def test_a_kill_in_the_middle_leaves_what_was_active_and_locks_nobody_out(
    database: Database, postgres_url: str
) -> None:
    drafted(database, "bank@1", "bank@2")
    activate(database, "bank", "1", change(), resolve)
    done = subprocess.run([sys.executable, "-c", VICTIM, postgres_url], check=False, timeout=60)
    assert done.returncode == -9
    assert active(database) == [("bank", "1")]
    assert activate(database, "bank", "2", change(), resolve).version == "2"


@pytest.mark.parametrize("reference", ["bank", "bank@", "@1", ""])
def test_a_reference_names_both(reference: str) -> None:
    with pytest.raises(PolicyVersionUnknown):
        parse_reference(reference)


def test_every_refusal_has_a_code_of_its_own() -> None:
    refusals: list[type[KycError]] = [NoShadowInUse, NothingToRollBack, PolicyAlreadyInUse, ReasonMissing]
    assert len({refusal.code for refusal in refusals}) == len(refusals)
