"""The user that PostgreSQL runs as where the service itself runs as root, which PostgreSQL refuses.

In containers that know only root, and nowhere else, this makes a user and lets it pass
through the folders that lead to the programs and to the data.
"""

from __future__ import annotations

import os
import pwd
import subprocess
from pathlib import Path
from typing import Final

_NAME: Final = "pgserver"
_USERADD: Final = "/usr/sbin/useradd"
_PASS: Final = 0o011
_READ: Final = 0o044


def is_needed() -> bool:
    """Whether this process is root."""
    return os.geteuid() == 0


def server_uid() -> int:
    """The number of the user the server runs as.

    Raises:
        KeyError: as root, before :func:`open_the_way`.
    """
    return pwd.getpwnam(_NAME).pw_uid if is_needed() else os.geteuid()


def open_the_way(data: Path, programs: Path) -> None:
    """Make the user, and let it enter ``data`` and run what is under ``programs`` (``bin``, ``lib``, ``share``)."""
    try:
        pwd.getpwnam(_NAME)
    except KeyError:
        subprocess.run(  # noqa: S603 - fixed arguments, no shell
            (_USERADD, "--system", "--shell", "/usr/sbin/nologin", _NAME),
            check=True, capture_output=True,
        )  # fmt: skip
    for folder in (data, *data.parents, *programs.parents):
        _allow(folder, _PASS)
    for path in (programs, *programs.rglob("*")):
        _allow(path, _PASS | _READ if path.is_dir() or os.access(path, os.X_OK) else _READ)


def hand_over(folder: Path) -> None:
    """Make the user the owner of ``folder`` (nothing to do where this process is not root)."""
    if is_needed():
        os.chown(folder, server_uid(), -1)


def _allow(path: Path, bits: int) -> None:
    mode = path.stat().st_mode
    if mode & bits != bits:
        path.chmod(mode | bits)
