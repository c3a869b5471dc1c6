from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kyc_service.domain.clients import FIRST_CLIENT
from kyc_service.domain.verification import UseCase, VerificationStatus
from kyc_service.storage.database import Database
from kyc_service.storage.keys import KEY_BYTES, MasterKey
from kyc_service.storage.master_key import (
    MasterKeyMismatch,
    MasterKeyMissing,
    MasterKeyUnusable,
    check_master_key,
    create_master_key,
    describe_master_key,
    open_master_key,
    read_master_key,
    warning_beside_data,
)
from kyc_service.storage.records import VerificationRecord

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
OTHER = MasterKey(b"o" * KEY_BYTES)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "keys" / "master.key"


def _keep(database: Database, master: MasterKey, name: str, *, day: int) -> None:
    """Write one verification, its key wrapped by ``master``."""
    at = NOON + timedelta(days=day)
    record = VerificationRecord(
        id=name,
        client_id=FIRST_CLIENT,
        version=1,
        status=VerificationStatus.REQUIRES_INPUT,
        use_case=UseCase.ONBOARDING,
        tier="standard",
        attempt=0,
        policy_version=None,
        claims=None,
        last_error=None,
        created_at=at,
        updated_at=at,
        redacted_at=None,
    )
    with database.transaction() as tx:
        tx.verifications.add(record, master.new_data_key(name)[1])


def test_the_file_is_made_once_for_the_owner_alone(path: Path) -> None:
    first = create_master_key(path)
    assert create_master_key(path) == first == read_master_key(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [file.name for file in path.parent.iterdir()] == ["master.key"]


def test_processes_starting_together_end_with_one_key(path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert len({key.secret for key in pool.map(lambda _: create_master_key(path), range(16))}) == 1


@pytest.mark.parametrize(("mode", "content"), [(0o640, b"x" * 32), (0o604, b"x" * 32), (0o600, b"x" * 31)])
def test_a_file_others_can_read_or_of_another_length_is_refused(tmp_path: Path, mode: int, content: bytes) -> None:
    path = tmp_path / "master.key"
    path.write_bytes(content)
    path.chmod(mode)
    with pytest.raises(MasterKeyUnusable):
        read_master_key(path)


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MasterKeyUnusable):
        read_master_key(tmp_path)


@pytest.mark.integration
class TestWithADatabase:
    def test_an_empty_service_makes_its_key_and_keeps_it(self, database: Database, path: Path) -> None:
        key = open_master_key(path, database, may_create=True)
        _keep(database, key, "ver_a", day=0)
        assert open_master_key(path, database, may_create=True) == key

    def test_a_key_that_went_missing_is_not_replaced(self, database: Database, path: Path) -> None:
        key = open_master_key(path, database, may_create=True)
        _keep(database, key, "ver_a", day=0)
        path.rename(path.with_name("moved"))
        for _ in range(2):
            with pytest.raises(MasterKeyMissing, match="Put it back"):
                open_master_key(path, database, may_create=True)
        path.with_name("moved").rename(path)
        assert open_master_key(path, database, may_create=True) == key

    def test_a_file_that_was_named_must_be_there(self, database: Database, path: Path) -> None:
        with pytest.raises(MasterKeyMissing, match="head -c 32"):
            open_master_key(path, database, may_create=False)
        assert not path.exists()

    @pytest.mark.parametrize("may_create", [True, False])
    def test_another_key_is_noticed(self, database: Database, path: Path, *, may_create: bool) -> None:
        create_master_key(path)
        _keep(database, OTHER, "ver_a", day=0)
        with pytest.raises(MasterKeyMismatch):
            open_master_key(path, database, may_create=may_create)

    @pytest.mark.parametrize("day", [-1, 1])
    def test_a_key_that_opens_only_a_part_is_noticed(self, database: Database, path: Path, day: int) -> None:
        key = create_master_key(path)
        _keep(database, key, "ver_b", day=0)
        check_master_key(key, database)
        _keep(database, OTHER, "ver_a", day=day)
        with pytest.raises(MasterKeyMismatch):
            check_master_key(key, database)

    def test_looking_makes_nothing_and_says_where_the_key_lies(self, database: Database, tmp_path: Path) -> None:
        beside = tmp_path / "data" / "keys" / "master.key"
        assert "will be made" in describe_master_key(beside, database, may_create=True)
        assert "KYC_MASTER_KEY_FILE" in (warning_beside_data(beside, tmp_path / "data") or "")
        assert not beside.exists()
        apart = tmp_path / "elsewhere"
        _keep(database, create_master_key(apart), "ver_a", day=0)
        assert describe_master_key(apart, database, may_create=False) == f"the master key {apart} fits"
        assert warning_beside_data(apart, tmp_path / "data") is None
        with pytest.raises(MasterKeyMissing):
            describe_master_key(beside, database, may_create=True)
