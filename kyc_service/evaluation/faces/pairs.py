"""The list of pairs: a CSV file, read strictly. Whose picture it is says the folder it lies in.

Columns: ``path_a``, ``path_b`` (relative to the file), ``same`` (1 or 0); others are
ignored. A pair in one folder that is not the same, or in two folders that is, would be
counted as the service's mistake, so it is refused with its line.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Final

from kyc_service.errors import InvalidInput
from kyc_service.evaluation.calibration import DataSet

COLUMNS: Final = ("path_a", "path_b", "same")
_SAME: Final = {"1": True, "0": False}


class PairsUnusable(InvalidInput):
    """The list of pairs cannot be used."""

    code = "pairs_unusable"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two pictures, by absolute path, and whether they show one person."""

    path_a: str
    path_b: str
    is_mated: bool


@dataclass(frozen=True)
class PairList:
    """A list of pairs under its title; ``sha256`` is of the file's bytes."""

    title: str
    pairs: tuple[Pair, ...]
    sha256: str

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """Every picture once, sorted."""
        return tuple(sorted({path for pair in self.pairs for path in (pair.path_a, pair.path_b)}))

    @cached_property
    def mated(self) -> tuple[Pair, ...]:
        """The pairs of one person, each once."""
        return tuple(dict.fromkeys(pair for pair in self.pairs if pair.is_mated))

    def data_set(self) -> DataSet:
        """What a calibration says of this list."""
        return DataSet(self.title, self.sha256, len(self.paths), len({identity_of(path) for path in self.paths}))


def identity_of(path: str) -> str:
    """Who is on the picture: its folder.

    >>> identity_of("set/Somebody/Somebody_0001.jpg")
    'set/Somebody'
    """
    return str(PurePosixPath(path).parent)


def read_pairs(path: Path, title: str | None = None) -> PairList:
    """Read ``path``; pictures lie in its folder or below.

    Raises:
        PairsUnusable: a column, a value or a picture is not as described, or no pair is of one person.
    """
    try:
        content = path.read_bytes()
        rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))
    except OSError as error:
        raise PairsUnusable(f"{path.name} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise PairsUnusable(f"{path.name} is not UTF-8 (byte {error.start})") from error
    except csv.Error as error:
        raise PairsUnusable(f"{path.name}: {error}") from error
    _check_header(path.name, rows)
    root, there = path.parent.resolve(), set[Path]()
    pairs = tuple(_pair(f"{path.name}, line {number}", row, root, there) for number, row in enumerate(rows, 2))
    listed = PairList(title or path.stem, pairs, hashlib.sha256(content).hexdigest())
    if not listed.mated:
        raise PairsUnusable(f"{path.name}: no pair has same = 1, so nothing can be said of false non-matches")
    return listed


def _check_header(name: str, rows: Sequence[Mapping[str, str]]) -> None:
    if not rows:
        raise PairsUnusable(f"{name} lists no pair")
    missing = [column for column in COLUMNS if column not in rows[0]]
    if missing:
        raise PairsUnusable(f"{name}, line 1: the column '{missing[0]}' is missing; needed are {', '.join(COLUMNS)}")


def _pair(where: str, row: Mapping[str, str | None], root: Path, there: set[Path]) -> Pair:
    same = (row["same"] or "").strip()
    if same not in _SAME:
        raise PairsUnusable(f"{where}, column 'same': '{same}' is neither 1 nor 0")
    a, b = (_picture(f"{where}, column '{column}'", row[column], root, there) for column in ("path_a", "path_b"))
    if a == b:
        raise PairsUnusable(f"{where}: a picture is not compared with itself")
    if _SAME[same] != (identity_of(a) == identity_of(b)):
        said = "two folders, which are two people" if _SAME[same] else "one folder, which is one person"
        raise PairsUnusable(f"{where}, column 'same': {same}, but the pictures lie in {said}")
    return Pair(a, b, _SAME[same])


def _picture(where: str, value: str | None, root: Path, there: set[Path]) -> str:
    """The absolute path; ``there`` remembers which files were seen."""
    given = (value or "").strip()
    path = PurePosixPath(given)
    if not given:
        raise PairsUnusable(f"{where}: it is empty")
    if path.is_absolute() or ".." in path.parts or "\\" in given:
        raise PairsUnusable(f"{where}: only paths in the list's folder or below it are read")
    found = root / path
    if found not in there and not found.is_file():
        raise PairsUnusable(f"{where}: there is no file '{given}'")
    there.add(found)
    return str(found)
