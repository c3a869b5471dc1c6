"""The header of a payload: who issued it, by which version, and which subfiles follow.

Source: AAMVA DL/ID Card Design Standard 2020, D.12.3 (header) and D.12.4 (subfile
designator); cards in the field leave it in known ways: a record separator that a scanner
ate, "AAMVA" for "ANSI ", a header without the jurisdiction's version (Illinois 2003),
offsets of zero (Ontario).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from kyc_service.identifiers.errors import MalformedIdentifier

PROLOGUE: Final = "@\n\x1e\r"
"""Compliance indicator, data element separator, record separator, segment terminator."""

_FILE_TYPE: Final = re.compile(
    r"(?:ANSI |AAMVA)(?P<iin>[0-9]{6})(?P<version>[0-9]{2})(?P<rest>[0-9]{2}(?:[0-9]{2})?)(?=[A-Z]{2})"
)
_DESIGNATOR: Final = re.compile(r"(?P<type>[A-Z]{2})(?P<offset>[0-9]{4})(?P<length>[0-9]{4})")
# Leading rubbish that scanners add before the compliance indicator is shorter than this.
_LATEST_START: Final = 32
_FIRST_WITH_JURISDICTION_VERSION: Final = 2


@dataclass(frozen=True, slots=True)
class Designator:
    """Where the header says that a subfile lies: characters from the payload's first one."""

    type: str
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class Header:
    """What a header says. ``end`` is where the subfiles begin, ``start`` where the header does.

    ``jurisdiction_version`` is ``None`` before version 2, which had none.
    """

    iin: str
    version: int
    jurisdiction_version: int | None
    entries: int
    designators: tuple[Designator, ...]
    start: int
    end: int
    has_standard_prologue: bool


def read_header(payload: str) -> Header:
    r"""Read the header of ``payload``.

    >>> header = read_header("@\n\x1e\rANSI 636000100102DL00410278ZV03190008DLDAQ")
    >>> header.iin, header.version, header.jurisdiction_version, [d.type for d in header.designators]
    ('636000', 10, 1, ['DL', 'ZV'])
    >>> read_header("ANSI 63600001")
    Traceback (most recent call last):
        ...
    kyc_service.identifiers.errors.MalformedIdentifier: The identifier has not the form that its standard asks for.

    Raises:
        MalformedIdentifier: there is no file type with an issuer, a version and a subfile near the beginning.
    """
    found = _FILE_TYPE.search(payload)
    if found is None or found.start() > _LATEST_START:
        raise MalformedIdentifier
    designators, end = _read_designators(payload, found.end())
    if not designators:
        raise MalformedIdentifier
    rest = found["rest"]
    has_own_version = len(rest) > 2  # noqa: PLR2004 - one field of two digits, or two
    return Header(
        iin=found["iin"],
        version=int(found["version"]),
        jurisdiction_version=int(rest[:2]) if has_own_version else None,
        entries=int(rest[-2:]),
        designators=designators,
        start=max(payload.rfind("@", 0, found.start()), 0),
        end=end,
        has_standard_prologue=payload[: found.start()] == PROLOGUE,
    )


def header_deviations(payload: str, header: Header) -> tuple[str, ...]:
    """How ``header`` leaves the standard without hiding what the card says."""
    wants_own_version = header.version >= _FIRST_WITH_JURISDICTION_VERSION
    seen = {
        "prologue": not header.has_standard_prologue,
        "file_type": "ANSI " not in payload[: header.end],
        "jurisdiction_version": wants_own_version is (header.jurisdiction_version is None),
        "number_of_entries": header.entries != len(header.designators),
        "subfile_offset": any(not _is_there(payload, header, designator) for designator in header.designators),
    }
    return tuple(name for name, is_so in seen.items() if is_so)


def _read_designators(payload: str, at: int) -> tuple[tuple[Designator, ...], int]:
    designators = []
    while found := _DESIGNATOR.match(payload, at):
        designators.append(Designator(found["type"], int(found["offset"]), int(found["length"])))
        at = found.end()
    return tuple(designators), at


def _is_there(payload: str, header: Header, designator: Designator) -> bool:
    begin = header.start + designator.offset
    end = begin + designator.length
    return payload.startswith(designator.type, begin) and end <= len(payload) and payload[end - 1 : end] in {"\r", "\n"}
