"""Troubles other than a kill: the database gone, a full disk, an object store that fails, rotten bytes, a clock that leaps."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Final, Protocol, Self

from benchmarks.service.s3 import S3
from benchmarks.service.site import Site

GONE_S: Final = 30.0
BEFORE_S: Final = 3.0
_TINY_DISK: Final = "24m"
_FILLER: Final = "filler"
_ROTTEN: Final = 0.1
_LEAPS_H: Final = (2, -2)
_FAKETIME: Final = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"


class Trouble(AbstractContextManager["Trouble", None], Protocol):
    """What goes wrong once, by itself or around the whole test.

    ``environment`` is what the service is told; ``allowed`` names what the account may then hold.
    """

    environment: Mapping[str, str]
    allowed: frozenset[str]

    def on(self, running: Site) -> Callable[[threading.Event], None]:
        """What is done beside the submissions."""
        ...


class _Trouble:
    allowed: frozenset[str] = frozenset()

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment: Mapping[str, str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Clear away."""


class DatabaseGone(_Trouble):
    """The database is stopped for half a minute."""

    def on(self, running: Site) -> Callable[[threading.Event], None]:
        """Stop, wait, start."""

        def disturb(is_over: threading.Event) -> None:
            is_over.wait(BEFORE_S)
            running.postgres.stop()
            time.sleep(GONE_S)
            running.postgres.start()

        return disturb


class DiskFull(_Trouble):
    """Blobs lie on a disk of a few megabytes (needs root), which somebody else fills for half a minute."""

    def __enter__(self) -> Self:
        self.blobs = self.folder / "data" / "blobs"
        self.blobs.mkdir(parents=True)
        mount = ("/bin/mount", "-t", "tmpfs", "-o", f"size={_TINY_DISK}", "tmpfs", str(self.blobs))
        subprocess.run(mount, check=True)
        return self

    def __exit__(self, *_: object) -> None:
        subprocess.run(("/bin/umount", "-l", str(self.blobs)), check=False)

    def on(self, running: Site) -> Callable[[threading.Event], None]:
        """Fill it; after half a minute its owner gives it room."""
        del running

        def disturb(is_over: threading.Event) -> None:
            is_over.wait(BEFORE_S)
            self._fill()
            time.sleep(GONE_S)
            subprocess.run(("/bin/mount", "-o", "remount,size=4g", str(self.blobs)), check=True)
            (self.blobs / _FILLER).unlink()

        return disturb

    def _fill(self) -> None:
        with (self.blobs / _FILLER).open("wb", buffering=0) as filler:
            while shutil.disk_usage(self.blobs).free:
                filler.write(b"\0" * min(65536, shutil.disk_usage(self.blobs).free))


class BlobsRotten(_Trouble):
    """A bit flips in some pictures at rest before they are looked at: they are asked for again, and nothing is decided."""

    allowed = frozenset(
        {"other_verdict", "undecided", "reports_missing_or_double", "given_back"}
        | {"completed_events_missing_or_double"}
    )

    def on(self, running: Site) -> Callable[[threading.Event], None]:
        """Flip one bit in every tenth file, as files come."""
        chance, seen = random.Random(1), set[Path]()  # noqa: S311 - which files

        def disturb(is_over: threading.Event) -> None:
            while not is_over.wait(0.2):
                for path in set((self.folder / "data" / "blobs").glob("??/*")) - seen:
                    seen.add(path)
                    if path.suffix == "" and chance.random() < _ROTTEN:
                        _flip(path)

        del running
        return disturb


class StoreFailing(_Trouble):
    """Blobs lie in an S3 store, which hangs for half a minute."""

    def __enter__(self) -> Self:
        self.store = S3(self.folder)
        self.environment = self.store.environment
        return self

    def __exit__(self, *_: object) -> None:
        self.store.close()

    def on(self, running: Site) -> Callable[[threading.Event], None]:
        """Freeze it, so that connections hang; then let it go on with what it holds."""
        del running

        def disturb(is_over: threading.Event) -> None:
            is_over.wait(BEFORE_S)
            self.store.server.send_signal(signal.SIGSTOP)
            time.sleep(GONE_S)
            self.store.server.send_signal(signal.SIGCONT)

        return disturb


class ClockLeaping(_Trouble):
    """Every process's clock, the database's too, leaps two hours ahead, four back, and home again.

    Needs libfaketime (Debian's package of that name), whose path ``LIBFAKETIME`` gives where it is elsewhere.
    """

    def __enter__(self) -> Self:
        library = Path(os.environ.get("LIBFAKETIME", _FAKETIME))
        if not library.exists():
            raise FileNotFoundError(library)
        self.clock = self.folder / "clock"
        self._set(0)
        # The database's server runs as somebody else.
        self.folder.chmod(0o755)
        self.environment = {
            "LD_PRELOAD": str(library),
            "FAKETIME_TIMESTAMP_FILE": str(self.clock),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }
        return self

    def on(self, running: Site) -> Callable[[threading.Event], None]:
        """Leap while submissions come."""
        del running

        def disturb(is_over: threading.Event) -> None:
            for hours in _LEAPS_H:
                is_over.wait(BEFORE_S)
                self._set(hours)
            is_over.wait(BEFORE_S)
            self._set(0)

        return disturb

    def _set(self, hours: int) -> None:
        with tempfile.NamedTemporaryFile("w", dir=self.folder, delete=False) as draft:
            draft.write(f"{hours * 3600:+d}\n")
        Path(draft.name).chmod(0o644)
        Path(draft.name).replace(self.clock)


def _flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


TROUBLES: Final[Mapping[str, Callable[[Path], Trouble]]] = {
    "database-gone": DatabaseGone,
    "disk-full": DiskFull,
    "blobs-rotten": BlobsRotten,
    "store-failing": StoreFailing,
    "clock-leaping": ClockLeaping,
}
