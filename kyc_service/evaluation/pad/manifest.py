"""The list of presentations and of what they truly are: a CSV file.

``path`` (a picture, a video, an animated GIF, or a folder of frames, in the manifest's folder or below), ``label``
(``bona_fide`` or ``attack``) and ``attack`` (the instrument species) are read; ``subject`` groups presentations of one
person for the intervals, and rows with one value of ``clip`` are the frames of one clip. Other columns are ignored.
A mistake would be counted as a mistake of the service: every refusal names its row and its column.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Final

from kyc_service.errors import InvalidInput

UNNAMED: Final = "unnamed"
"""The species of attacks whose instrument the manifest does not name."""
_LABELS: Final[Mapping[str, bool]] = MappingProxyType(
    {"bona_fide": True, "real": True, "live": True, "attack": False, "spoof": False, "fake": False}
)
_NEEDED: Final = ("path", "label")
_FIRST_ROW: Final = 2
"""As a spreadsheet counts: the header is row 1."""


class PadManifestUnusable(InvalidInput):
    """The manifest of presentations cannot be used."""

    code = "pad_manifest_unusable"


@dataclass(frozen=True, slots=True)
class Presentation:
    """One presentation: its first row, its files, and its truth; ``species`` is empty for a bona fide one.

    Several ``paths`` are the frames of one clip in their order.
    """

    row: int
    paths: tuple[Path, ...]
    is_bona_fide: bool
    species: str
    subject: str


@dataclass(frozen=True, slots=True)
class PresentationList:
    """All presentations of a manifest, and the SHA-256 of its bytes."""

    presentations: tuple[Presentation, ...]
    sha256: str


def read_pad_manifest(path: Path) -> PresentationList:
    """Read ``path``.

    Raises:
        PadManifestUnusable: a column, a value or a file is not as documented.
    """
    try:
        content = path.read_bytes()
        text = content.decode("utf-8-sig")
    except OSError as error:
        raise PadManifestUnusable(f"{path.name} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise PadManifestUnusable(f"{path.name} is not UTF-8 (byte {error.start})") from error
    rows = _rows(text, path.name)
    found = [(_presentation(number, row, path), row.get("clip", "")) for number, row in rows]
    if not found:
        raise PadManifestUnusable(f"{path.name} names no presentation")
    return PresentationList(tuple(_grouped(found, path.name)), hashlib.sha256(content).hexdigest())


def _rows(text: str, name: str) -> list[tuple[int, dict[str, str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [column.strip() for column in next(reader, [])]
        for column in _NEEDED:
            if column not in header:
                raise PadManifestUnusable(f"{name}, row 1: the column '{column}' is missing")
        cells = [(number, row) for number, row in enumerate(reader, _FIRST_ROW) if any(c.strip() for c in row)]
    except csv.Error as error:
        raise PadManifestUnusable(f"{name}, row {reader.line_num}: {error}") from error
    for number, row in cells:
        if len(row) != len(header):
            raise PadManifestUnusable(
                f"{name}, row {number}: {len(row)} cells, but the header has {len(header)} columns"
            )
    return [(number, {k: c.strip() for k, c in zip(header, row, strict=True)}) for number, row in cells]


def _presentation(number: int, row: Mapping[str, str], manifest: Path) -> Presentation:
    label = row["label"].lower()
    if label not in _LABELS:
        said = ", ".join(_LABELS)
        raise PadManifestUnusable(f"{manifest.name}, row {number}, column 'label': '{row['label']}' is none of {said}")
    is_bona_fide = _LABELS[label]
    species = "" if is_bona_fide else row.get("attack", "") or UNNAMED
    path = _file(number, row["path"], manifest)
    return Presentation(number, (path,), is_bona_fide, species, row.get("subject", "") or f"row {number}")


def _file(number: int, value: str, manifest: Path) -> Path:
    where = f"{manifest.name}, row {number}, column 'path'"
    path = PurePosixPath(value)
    if not value or path.is_absolute() or ".." in path.parts or "\\" in value:
        raise PadManifestUnusable(f"{where}: '{value}' is no path in the manifest's folder or below it")
    found = manifest.parent / path
    if not found.exists():
        raise PadManifestUnusable(f"{where}: there is no file or folder '{value}'")
    return found


def _grouped(found: Sequence[tuple[Presentation, str]], name: str) -> list[Presentation]:
    """Rows of one clip as one presentation, where its first row stands."""
    kept: dict[str, Presentation] = {}
    for one, clip in found:
        key = f"clip {clip}" if clip else f"row {one.row}"
        first = kept.get(key)
        if first is None:
            kept[key] = one
            continue
        if (first.is_bona_fide, first.species) != (one.is_bona_fide, one.species):
            raise PadManifestUnusable(f"{name}, row {one.row}: clip '{clip}' is labelled otherwise in row {first.row}")
        kept[key] = replace(first, paths=first.paths + one.paths)
    return list(kept.values())
