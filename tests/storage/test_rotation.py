from __future__ import annotations

import base64
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kyc_service.domain.clients import FIRST_CLIENT
from kyc_service.domain.verification import UseCase, VerificationStatus
from kyc_service.storage.database import Database
from kyc_service.storage.keys import KEY_BYTES, MasterKey, SealBroken
from kyc_service.storage.master_key import KeySource, MasterKeyMismatch, MasterKeyUnusable, open_keys
from kyc_service.storage.records import VerificationRecord
from kyc_service.storage.rotation import keys_by_master_key, rotate

pytestmark = pytest.mark.integration

OLD, NEW = MasterKey(b"o" * KEY_BYTES), MasterKey(b"n" * KEY_BYTES)
AT = datetime(2026, 1, 2, tzinfo=UTC)
KEPT = 1200

_ROTATE = """
import sys
from kyc_service.storage.database import Database
from kyc_service.storage.keys import MasterKey
from kyc_service.storage.rotation import rotate
key = MasterKey(b"n" * 32, previous=MasterKey(b"o" * 32))
for done in rotate(Database.connect(sys.argv[1]), key):
    print(done, flush=True)
    if done > 400:
        sys.stdin.read()
"""


def _source(key: MasterKey) -> KeySource:
    return KeySource(Path("/nonexistent"), given=base64.b64encode(key.secret).decode())


def _record(name: str) -> VerificationRecord:
    return VerificationRecord(
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
        created_at=AT,
        updated_at=AT,
        redacted_at=None,
    )


def _keep(database: Database, key: MasterKey, names: list[str]) -> dict[str, bytes]:
    """Write verifications; the secrets of their keys."""
    secrets = {}
    with database.transaction() as tx:
        for name in names:
            data_key, wrapped = key.new_data_key(name)
            tx.verifications.add(_record(name), wrapped)
            secrets[name] = data_key.secret
    return secrets


def _opened(database: Database, key: MasterKey, names: list[str]) -> dict[str, bytes]:
    with database.transaction() as tx:
        return {name: key.unwrap(name, tx.verifications.wrapped_key(name)).secret for name in names}


def test_killed_in_the_middle_it_goes_on_and_afterwards_the_old_key_opens_nothing(database: Database) -> None:
    before = open_keys(_source(OLD), None, database)
    names = [f"ver_{number:04}" for number in range(KEPT)]
    kept = _keep(database, before, names)

    rotating = subprocess.Popen(
        (sys.executable, "-c", _ROTATE, database.url), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with rotating:
        assert rotating.stdout is not None
        while int(rotating.stdout.readline()) <= 400:
            pass
        rotating.kill()
    counts = keys_by_master_key(database)
    assert 0 < counts[OLD.id] < KEPT
    assert 0 < counts[NEW.id] < KEPT

    both = open_keys(_source(NEW), _source(OLD), database)
    assert both.digest(b"a") == before.digest(b"a")
    assert _opened(database, both, names) == kept

    stop, made = threading.Event(), dict[str, bytes]()

    def create() -> None:
        while not stop.is_set() or not made:
            made.update(_keep(database, both, [f"ver_new_{len(made):04}"]))
            time.sleep(0.001)

    creating = threading.Thread(target=create)
    creating.start()
    try:
        *_, done = rotate(database, both)
    finally:
        stop.set()
        creating.join()
    assert done < KEPT
    assert keys_by_master_key(database).keys() == {NEW.id}

    after = open_keys(_source(NEW), None, database)
    assert _opened(database, after, [*names, *made]) == kept | made
    assert after.digest(b"a") == before.digest(b"a")
    for name in (*names[:: KEPT // 10], *made):
        with pytest.raises(SealBroken):
            _opened(database, OLD, [name])
    with pytest.raises(MasterKeyMismatch):
        open_keys(_source(OLD), None, database)


def test_digests_of_data_from_before_stay_as_they_were(database: Database) -> None:
    _keep(database, OLD, ["ver_a"])
    assert open_keys(_source(OLD), None, database).digest(b"a") == OLD.digest(b"a")
    assert open_keys(_source(NEW), _source(OLD), database).digest(b"a") == OLD.digest(b"a")


def test_a_new_service_has_digests_that_the_master_key_does_not_give_away(database: Database) -> None:
    first, second = (open_keys(_source(OLD), None, database) for _ in range(2))
    assert first == second
    assert first.digest(b"a") != OLD.digest(b"a")


def test_the_key_before_is_missed_while_anything_is_wrapped_by_it(database: Database) -> None:
    open_keys(_source(OLD), None, database)
    _keep(database, OLD, ["ver_a", "ver_b", "ver_c"])
    with pytest.raises(MasterKeyMismatch):
        open_keys(_source(NEW), None, database)


class TestSources:
    def test_a_command_prints_the_key(self, tmp_path: Path) -> None:
        text = base64.b64encode(OLD.secret).decode()
        assert KeySource(tmp_path, command=f"echo {text}").read() == OLD
        assert text not in repr(KeySource(tmp_path, given=text))

    @pytest.mark.parametrize("command", ["false", "/no/such/program", "echo c2hvcnQ=", "echo '", "true"])
    def test_a_command_that_gives_no_key_is_refused(self, tmp_path: Path, command: str) -> None:
        with pytest.raises(MasterKeyUnusable) as caught:
            KeySource(tmp_path, command=command).read()
        assert "c2hvcnQ" not in str(caught.value)

    @pytest.mark.parametrize("given", ["", "not base64!", base64.b64encode(b"x" * 31).decode()])
    def test_what_is_no_key_in_base64_is_refused(self, tmp_path: Path, given: str) -> None:
        with pytest.raises(MasterKeyUnusable):
            KeySource(tmp_path, given=given).read()
