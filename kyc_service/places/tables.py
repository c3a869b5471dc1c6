"""The derived tables of this package: rows of text, and the source their head names."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from importlib import resources

from kyc_service.domain.facts import FactSource

_HEAD = re.compile(r"^# (?P<key>source|version): (?P<value>.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows below the column names, and where they come from."""

    rows: tuple[tuple[str, ...], ...]
    source: FactSource


def read_table(name: str) -> Table:
    """Read ``kyc_service/places/data/{name}.csv``."""
    text = resources.files("kyc_service.places.data").joinpath(f"{name}.csv").read_text(encoding="utf-8")
    head = {m["key"]: m["value"] for m in _HEAD.finditer(text)}
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    _columns, *rows = csv.reader(lines)
    return Table(tuple(map(tuple, rows)), FactSource(head["source"], head["version"]))
