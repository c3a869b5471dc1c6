"""What a running service takes as its policies: the database's word at every submission, and nothing if it fails."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy

from kyc_service.decision.policy import Policy
from kyc_service.policies.in_use import PoliciesOfDatabase
from kyc_service.policies.versions import activate, draft, end_shadow, rollback, shadow
from kyc_service.storage.database import Database
from kyc_service.verification.policies_in_use import PolicyUnavailable
from tests.decision.policies import POLICY
from tests.policies.few import NOW, change, resolve

pytestmark = pytest.mark.integration

OWN = replace(POLICY, name="own", version="0")


def test_the_installations_own_policy_decides_until_one_is_activated(database: Database) -> None:
    policies = PoliciesOfDatabase(database, OWN, resolve)
    assert policies().active is OWN
    draft(database, "bank@1", "author", NOW, resolve)
    assert policies().active is OWN
    activate(database, "bank", "1", change(), resolve)
    assert policies().active.version == "1"
    rollback(database, change(), resolve)
    assert policies().active is OWN


def test_a_version_is_resolved_once_and_told_apart_by_name_and_number(database: Database) -> None:
    resolved: list[str] = []

    def counted(text: str) -> Policy:
        resolved.append(text)
        return resolve(text)

    for text in ("bank@1", "other@1"):
        draft(database, text, "author", NOW, resolve)
    policies = PoliciesOfDatabase(database, OWN, counted)
    for name in ("bank", "other", "bank"):
        activate(database, name, "1", change(), resolve)
        assert [policies().active.name for _ in range(3)] == [name] * 3
    assert resolved == ["bank@1", "other@1"]


def test_an_active_version_that_cannot_be_resolved_leaves_nothing_to_decide_by(database: Database) -> None:
    for text in ("bank@1", "bank@2 calibrated"):
        draft(database, text, "author", NOW, resolve)
    policies = PoliciesOfDatabase(database, OWN, lambda text: resolve(text.replace("calibrated", "broken")))
    activate(database, "bank", "1", change(), resolve)
    assert policies().active.version == "1"
    activate(database, "bank", "2", change(), resolve)
    for _ in range(2):
        with pytest.raises(PolicyUnavailable):
            policies()
    rollback(database, change(), resolve)
    assert policies().active.version == "1"


def test_a_text_that_was_changed_behind_our_back_is_not_used(database: Database) -> None:
    draft(database, "bank@1", "author", NOW, resolve)
    activate(database, "bank", "1", change(), resolve)
    with database.engine.begin() as connection:
        connection.execute(sqlalchemy.text("ALTER TABLE policy_versions DISABLE TRIGGER ALL"))
        connection.execute(sqlalchemy.text("UPDATE policy_versions SET text = 'bank@1 laxer'"))
        connection.execute(sqlalchemy.text("ALTER TABLE policy_versions ENABLE TRIGGER ALL"))
    with pytest.raises(PolicyUnavailable):
        PoliciesOfDatabase(database, OWN, resolve)()


def test_a_shadow_that_cannot_be_resolved_stands_in_nobodys_way(database: Database) -> None:
    draft(database, "bank@2 calibrated", "author", NOW, resolve)
    policies = PoliciesOfDatabase(database, OWN, lambda text: resolve(text.replace("calibrated", "broken")))
    shadow(database, "bank", "2", change(), resolve)
    in_use = policies()
    assert in_use.active is OWN
    assert in_use.shadow is not None
    assert (in_use.shadow.version, in_use.shadow.policy) == ("2", None)
    end_shadow(database, change())
    assert policies().shadow is None
