"""Files named on the command line: read, and places to write to looked at before any work is done."""

from __future__ import annotations

import os
from pathlib import Path

import typer

from kyc_service.errors import InvalidInput


class FileUnusable(InvalidInput):
    """A file named on the command line cannot be used."""

    code = "file_unusable"


def read(path: Path) -> bytes:
    """The bytes of a file.

    Raises:
        FileUnusable: it cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise FileUnusable(f"{path} cannot be read: {error.strerror}.") from error


def writable_file(path: Path | None) -> Path | None:
    """Let a file through that can be written: its folder is there, and nothing but a file is in its place.

    Raises:
        BadParameter: it cannot; a mistyped path makes no folders.
    """
    if path is None:
        return None
    folder = path.absolute().parent
    if not folder.is_dir():
        raise typer.BadParameter(f"There is no folder {folder}.")
    if path.exists() and not path.is_file():
        raise typer.BadParameter(f"{path} is no file; name the file to write, such as {path / 'report.html'}.")
    if not os.access(path if path.exists() else folder, os.W_OK):
        raise typer.BadParameter(f"{path} cannot be written.")
    return path
