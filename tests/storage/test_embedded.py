from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
import sqlalchemy

from kyc_service.storage import embedded
from kyc_service.storage.database import Database, DatabaseUnreachable
from kyc_service.storage.embedded import EmbeddedPostgres, EmbeddedPostgresFailed

pytestmark = pytest.mark.integration

HOLDER = """
import sys, time
from pathlib import Path
from kyc_service.storage.embedded import EmbeddedPostgres
EmbeddedPostgres(Path(sys.argv[1])).start()
print("up", flush=True)
time.sleep(60)
"""


def _answers(server: EmbeddedPostgres) -> bool:
    database = Database.connect(server.url)
    try:
        database.ping()
    except DatabaseUnreachable:
        return False
    finally:
        database.close()
    return True


def _kill_server(root: Path) -> None:
    pid = int((root / "data" / "postmaster.pid").read_text().splitlines()[0])
    os.kill(pid, signal.SIGKILL)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    # One cluster for all tests of this module: each stops the server it started.
    return tmp_path_factory.mktemp("embedded") / "data dir's" / "postgres"


def _run(server: EmbeddedPostgres, statement: str) -> None:
    database = Database.connect(server.url)
    with database.engine.begin() as connection:
        connection.execute(sqlalchemy.text(statement))
    database.close()


def test_the_last_of_several_holders_stops_the_server(root: Path) -> None:
    first, second = EmbeddedPostgres(root), EmbeddedPostgres(root)
    first.start()
    second.start()
    assert first.url == second.url
    first.close()
    assert _answers(second)
    second.close()
    second.close()
    assert not _answers(second)


def test_a_killed_holder_does_not_keep_the_server_alive(root: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLDER, str(root)], stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "up\n"
        other.kill()
    mine = EmbeddedPostgres(root)
    mine.start()
    mine.close()
    assert not _answers(mine)


def test_a_killed_server_comes_back_with_what_it_had(root: Path) -> None:
    server = EmbeddedPostgres(root)
    server.start()
    _run(server, "CREATE TABLE kept (n int)")
    _kill_server(root)
    again = EmbeddedPostgres(root)
    time.sleep(0.2)
    again.start()
    _run(again, "SELECT * FROM kept")
    server.close()
    again.close()


def test_a_pid_file_that_names_another_program_does_not_stop_the_start(root: Path) -> None:
    server = EmbeddedPostgres(root)
    server.start()
    server.close()
    (root / "data" / "postmaster.pid").write_text(f"{os.getpid()}\n{root}\n")
    server.start()
    assert _answers(server)
    server.close()


def test_only_the_owner_can_reach_the_socket(root: Path) -> None:
    server = EmbeddedPostgres(root)
    server.start()
    try:
        host = str(sqlalchemy.make_url(server.url).query["host"])
        assert stat.S_IMODE(Path(host).stat().st_mode) == 0o700
        assert stat.S_IMODE((Path(host) / ".s.PGSQL.5432").stat().st_mode) == 0o700
    finally:
        server.close()


def test_a_path_too_long_for_a_socket_is_no_obstacle(tmp_path: Path) -> None:
    server = EmbeddedPostgres(tmp_path / ("long" * 30) / "postgres")
    server.start()
    try:
        assert _answers(server)
    finally:
        server.close()


def test_a_folder_that_is_no_cluster_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "_ORPHANS_TIMEOUT_S", 0)
    data = tmp_path / "postgres" / "data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("9.6\n")
    server = EmbeddedPostgres(tmp_path / "postgres")
    with pytest.raises(EmbeddedPostgresFailed):
        server.start()
    server.close()


def test_a_strangers_folder_is_no_place_for_the_socket(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "server_uid", lambda: -1)
    monkeypatch.setattr(embedded.os, "geteuid", lambda: -2)
    server = EmbeddedPostgres(root)
    with pytest.raises(EmbeddedPostgresFailed):
        server._run_server()
