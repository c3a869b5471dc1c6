"""The list of pictures and of what truly stands on them: a CSV file, read strictly.

The columns are documented in ``docs/evaluate-documents.md``. Whoever drew or labelled the
pictures wrote it; a mistake in it would be counted as a mistake of the service, so nothing
in it is guessed: every refusal names its row and its column.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Final

from kyc_service.domain.captures import CaptureKind
from kyc_service.errors import InvalidInput

ANY: Final = "any"
NONE: Final = "none"
FAMILIES: Final = (
    *("cn_resident_identity_card", "cn_foreign_permanent_resident_card"),
    *("td1", "td2", "td3", "mrv_a", "mrv_b", "aamva", NONE, ANY),
)
SEVERITIES: Final = ("mild", "middle", "severe")
FAULTS: Final = (
    *("dark", "glare", "blur", "cut_off", "covered", "too_small", "wrong_side"),
    *("no_document", "two_documents", "screenshot"),
)
TRUTHS: Final = (
    *("full_name", "sex", "ethnicity", "date_of_birth", "address", "id_number", "authority"),
    *("valid_from", "valid_until", "document_number", "issuing_country", "nationality", "mrz", "barcode"),
)
OPEN_ENDED: Final = "open"
_SIDES: Final = {"front": CaptureKind.DOCUMENT_FRONT, "back": CaptureKind.DOCUMENT_BACK}
_DEFAULTS: Final[Mapping[str, str]] = MappingProxyType({"family": ANY, "side": "front", "attack": NONE})
_OTHERS: Final = ("severity", "fault", "document")
_CHOICES: Final = {
    "family": FAMILIES,
    "side": tuple(_SIDES),
    "severity": (*SEVERITIES, ""),
    "fault": (*FAULTS, ""),
    "sex": ("M", "F", "X", ""),
}
_DATES: Final = ("date_of_birth", "valid_from", "valid_until")
_EXTRA_PREFIX: Final = "x_"
_ATTACK: Final = re.compile(r"[a-z0-9_]+\Z")
_FIRST_ROW: Final = 2
"""As a spreadsheet counts: the header is row 1."""


class EvaluationManifestUnusable(InvalidInput):
    """The manifest of pictures cannot be used."""

    code = "evaluation_manifest_unusable"


@dataclass(frozen=True, slots=True)
class Labelled:
    """One picture and its truth.

    ``row`` counts as a spreadsheet does. ``family`` is ``any`` where the manifest does not
    say, ``attack`` is ``none`` for a bona fide presentation, ``severity`` and ``fault`` are
    empty where there is none. ``truth`` holds the fields this side carries, as written.
    """

    row: int
    path: Path
    family: str
    side: CaptureKind
    attack: str
    severity: str
    fault: str
    document: str
    truth: Mapping[str, str]

    @property
    def is_plain(self) -> bool:
        """Whether it is a bona fide picture without a fault, of a document the service should read."""
        return self.attack == NONE and not self.fault and self.family != NONE


@dataclass(frozen=True, slots=True)
class PictureList:
    """The rows of one manifest, the SHA-256 of its bytes, and what was assumed where it says nothing."""

    rows: tuple[Labelled, ...]
    sha256: str
    assumed: Mapping[str, str]


def read_manifest(path: Path) -> PictureList:
    """Read ``path``; pictures lie in its folder or below.

    Raises:
        EvaluationManifestUnusable: a column, a value or a picture is not as documented.
    """
    try:
        content = path.read_bytes()
        text = content.decode("utf-8-sig")
    except OSError as error:
        raise EvaluationManifestUnusable(f"{path.name} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise EvaluationManifestUnusable(f"{path.name} is not UTF-8 (byte {error.start})") from error
    assumed, rows = _parse(text, path.parent)
    return PictureList(tuple(rows), hashlib.sha256(content).hexdigest(), assumed)


def _parse(text: str, folder: Path) -> tuple[Mapping[str, str], list[Labelled]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = next(reader, [])
        _check_header(header)
        cells = [(number, row) for number, row in enumerate(reader, _FIRST_ROW) if any(c.strip() for c in row)]
    except csv.Error as error:
        raise EvaluationManifestUnusable(f"row {reader.line_num}: {error}") from error
    if not cells:
        raise EvaluationManifestUnusable("the manifest names no picture")
    assumed = {name: value for name, value in _DEFAULTS.items() if name not in header}
    return MappingProxyType(assumed), [_row(number, header, row, folder) for number, row in cells]


def _check_header(header: Sequence[str]) -> None:
    known = {"path", *_DEFAULTS, *_OTHERS, *TRUTHS}
    if "path" not in header:
        raise EvaluationManifestUnusable("row 1: the column 'path' is missing")
    for number, name in enumerate(header, 1):
        if name not in known and not name.startswith(_EXTRA_PREFIX):
            raise EvaluationManifestUnusable(
                f"row 1, column {number} ('{name}'): no such column; the manifest's own columns start with 'x_'"
            )
    twice = [name for name, count in Counter(header).items() if count > 1]
    if twice:
        raise EvaluationManifestUnusable(f"row 1: the column '{twice[0]}' stands there twice")
    if not set(header) & {*TRUTHS, "attack", "fault", "family"}:
        raise EvaluationManifestUnusable("row 1: no column says what is true of the pictures")


def _row(number: int, header: Sequence[str], cells: Sequence[str], folder: Path) -> Labelled:
    if len(cells) != len(header):
        raise EvaluationManifestUnusable(f"row {number}: {len(cells)} cells, but the header has {len(header)} columns")
    given = {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
    for name, value in given.items():
        _check_value(number, name, value)
    known = {**_DEFAULTS, **{name: value for name, value in given.items() if value}}
    return Labelled(
        row=number,
        path=_picture(number, given["path"], folder),
        family=known["family"],
        side=_SIDES[known["side"]],
        attack=known["attack"],
        severity=given.get("severity", ""),
        fault=given.get("fault", ""),
        document=given.get("document", ""),
        truth={name: given[name] for name in TRUTHS if given.get(name)},
    )


def _check_value(row: int, column: str, value: str) -> None:
    choices = _CHOICES.get(column)
    if choices is not None and value not in choices:
        said = ", ".join(choice for choice in choices if choice)
        raise _refusal(row, column, f"'{value}' is none of {said}")
    if column in _DATES and value and not (column == "valid_until" and value == OPEN_ENDED):
        try:
            date.fromisoformat(value)
        except ValueError as error:
            raise _refusal(row, column, f"'{value}' is no ISO date (YYYY-MM-DD)") from error
    if column == "attack" and not _ATTACK.match(value):
        raise _refusal(row, column, f"'{value}' is no name of an attack; say 'none' where there is none")


def _picture(row: int, value: str, folder: Path) -> Path:
    path = PurePosixPath(value)
    if not value:
        raise _refusal(row, "path", "it is empty")
    if path.is_absolute() or ".." in path.parts or "\\" in value:
        raise _refusal(row, "path", "only paths in the manifest's folder or below it are read")
    found = folder / path
    if not found.is_file():
        raise _refusal(row, "path", f"there is no file '{value}'")
    if not found.resolve().is_relative_to(folder.resolve()):
        raise _refusal(row, "path", "it leads out of the manifest's folder")
    return found


def _refusal(row: int, column: str, why: str) -> EvaluationManifestUnusable:
    return EvaluationManifestUnusable(f"row {row}, column '{column}': {why}")
