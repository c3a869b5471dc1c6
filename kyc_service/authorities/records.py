"""Records of a register that is a file: CSV with a header, or a JSON list of objects, in UTF-8.

Columns: ``full_name``, ``id_number``, ``phone_number``, ``date_of_birth`` (``YYYY-MM-DD`` or
``YYYY``), ``aliases`` (in CSV divided by ``|``), ``reference``. Others are refused, so that
a misspelt column is noticed. A file without records is refused too: a list that was cut
off must not clear everybody.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from kyc_service.authorities.silence import AuthoritySilent

COLUMNS: Final = frozenset({"full_name", "id_number", "phone_number", "date_of_birth", "aliases", "reference"})
_BIRTH: Final = re.compile(r"[0-9]{4}(-[0-9]{2}-[0-9]{2})?")


@dataclass(frozen=True, slots=True)
class Record:
    """One entry; texts are empty where the file says nothing. ``line`` counts records from 1."""

    line: int
    full_name: str
    id_number: str
    phone: str
    date_of_birth: str
    aliases: tuple[str, ...]
    reference: str


def records_of(content: bytes, *, is_json: bool) -> tuple[Record, ...]:
    """Every record of a file.

    Raises:
        AuthoritySilent: it is not of the form, or holds none; says which record, and never what stands there.
    """
    try:
        rows = list(_json_rows(content) if is_json else _csv_rows(content))
    except (UnicodeDecodeError, ValueError, csv.Error, RecursionError):
        raise AuthoritySilent("the file is neither of the form nor UTF-8") from None
    if not rows:
        raise AuthoritySilent("the file holds no record")
    return tuple(_record(line, row) for line, row in enumerate(rows, start=1))


def one_number(text: str) -> str:
    """A number as it is compared: capitals, without spaces and hyphens.

    >>> one_number("11010519491231002x")
    '11010519491231002X'
    """
    return re.sub(r"[\s-]", "", text).upper()


def one_phone(text: str) -> str:
    """The digits of an E.164 number.

    >>> one_phone("+86 138-0013-8000")
    '8613800138000'
    """
    return re.sub(r"\D", "", text)


def _csv_rows(content: bytes) -> Iterator[Mapping[str, Any]]:
    reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
    for row in reader:
        # What lies beyond the last column has no name.
        yield {str(name): value for name, value in row.items() if value is not None}


def _json_rows(content: bytes) -> Iterator[Mapping[str, Any]]:
    rows = json.loads(content.decode("utf-8-sig"))
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ValueError
    yield from rows


def _record(line: int, row: Mapping[str, Any]) -> Record:
    aliases = row.get("aliases") or []
    names = aliases.split("|") if isinstance(aliases, str) else aliases
    texts = {name: row.get(name) or "" for name in COLUMNS - {"aliases"}}
    is_text = isinstance(names, list) and all(isinstance(value, str) for value in (*texts.values(), *names))
    if not row.keys() <= COLUMNS or not is_text:
        raise AuthoritySilent(f"record {line} of the file is not of the form")
    birth = texts["date_of_birth"].strip()
    is_sound = bool(texts["full_name"].strip()) and (not birth or bool(_BIRTH.fullmatch(birth)))
    if not is_sound:
        raise AuthoritySilent(f"record {line} of the file lacks a name, or its birth date is none")
    return Record(
        line,
        texts["full_name"].strip(),
        one_number(texts["id_number"]),
        one_phone(texts["phone_number"]),
        birth,
        tuple(name.strip() for name in names if name.strip()),
        texts["reference"].strip(),
    )
