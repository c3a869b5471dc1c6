"""Specimens of one folder, read as the service reads a front: the family, the document's frame, the places on it.

Reading takes a second a picture and does not depend on what is measured afterwards: it is kept beside the manifest.
"""

from __future__ import annotations

import csv
import hashlib
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from kyc_service.documents.authenticity.places import Places
from kyc_service.documents.engines import DocumentEngines, load_document_engines
from kyc_service.documents.finding.locate import LocatedDocument, lay_flat, locate, whole_picture
from kyc_service.documents.stage import read_front
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.measurements import Region
from kyc_service.imaging.decode import decode
from kyc_service.imaging.geometry import Points
from kyc_service.imaging.limits import DEFAULT_LIMITS
from kyc_service.imaging.picture import Picture
from kyc_service.imaging.refusals import ImageRefused
from kyc_service.inference.manifest import read_manifest, verify
from kyc_service.inference.threads import ThreadSettings, configure
from kyc_service.verification.document_branch import DOCUMENT_LONG_SIDE_PX

_FRONT = CaptureKind.DOCUMENT_FRONT
_NAMED = ("path", "attack", "severity", "document")
Corners = list[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class ReadPicture:
    """One picture: what the manifest says of it, and what the service made of it.

    ``family`` is empty where nothing was read. Corners are pixels of the uploaded picture, clockwise from the top
    left of what they frame; empty where there are none.
    """

    path: str
    attack: str
    severity: str
    document: str
    family: str
    has_outline: bool
    frame: Corners
    number: Corners
    number_characters: int
    portrait: Corners

    def document_on(self, picture: Picture) -> LocatedDocument | None:
        """The document laid flat again; ``None``: nothing was read."""
        if not self.family:
            return None
        if self.has_outline:
            return lay_flat(picture, _FRONT, _points(self.frame))
        whole = whole_picture(picture, _FRONT)
        turned = (whole.turned(quarters) for quarters in range(4))
        return min(turned, key=lambda document: _apart(document.region, self.frame))

    def places(self) -> Places:
        """As the service's stage gives them."""
        number, portrait = _region(self.number, "number"), _region(self.portrait, "portrait")
        return Places(number, self.number_characters, portrait)


def opened(picture: Path) -> Picture:
    """The picture as the service decodes it.

    Raises:
        ImageRefused: the bytes are no usable picture.
    """
    return decode(picture.read_bytes(), DEFAULT_LIMITS, target_long_side_px=DOCUMENT_LONG_SIDE_PX)


def read_folder(folder: Path, models: Path) -> list[ReadPicture]:
    """Every picture of the folder's ``manifest.csv``; what was read before is kept in ``readings.json``."""
    manifest = (folder / "manifest.csv").read_bytes()
    digest = hashlib.sha256(manifest).hexdigest()
    store = folder / "readings.json"
    if store.exists():
        kept = json.loads(store.read_text("utf-8"))
        if kept["manifest"] == digest:
            return [ReadPicture(**row) for row in kept["pictures"]]
    rows = list(csv.DictReader(manifest.decode("utf-8").splitlines()))
    pictures = list(_read_all(folder, rows, _engines(models)))
    store.write_text(json.dumps({"manifest": digest, "pictures": [asdict(p) for p in pictures]}), "utf-8")
    return pictures


def _engines(models: Path) -> DocumentEngines:
    threads = ThreadSettings(per_inference=1, parallel_inferences=1)
    configure(threads)
    manifest = read_manifest(models)
    verify(manifest, models)
    return load_document_engines(manifest, models, threads, warm=False)


def _read_all(folder: Path, rows: list[dict[str, str]], engines: DocumentEngines) -> Iterator[ReadPicture]:
    for i, row in enumerate(rows):
        if i % 25 == 0:
            sys.stderr.write(f"{folder.name}: {i} of {len(rows)}\n")
        not_read = ReadPicture(**{name: row.get(name) or "" for name in _NAMED}, family="", has_outline=False,
                               frame=[], number=[], number_characters=0, portrait=[])  # fmt: skip
        try:
            yield _read(not_read, opened(folder / row["path"]), engines)
        except ImageRefused:
            yield not_read


def _read(row: ReadPicture, picture: Picture, engines: DocumentEngines) -> ReadPicture:
    stage = read_front(picture, locate(picture), engines, datetime.now(UTC).date())
    if stage.front is None or stage.reading is None:
        return row
    return replace(
        row,
        family=stage.reading.document_type.value,
        has_outline=stage.front.has_outline,
        frame=_corners(stage.front.region),
        number=_corners(stage.places.number),
        number_characters=stage.places.number_characters,
        portrait=_corners(stage.places.portrait),
    )


def _corners(region: Region | None) -> Corners:
    return [] if region is None else list(region.points)


def _points(corners: Corners) -> Points:
    return np.array(corners, np.float32)


def _region(corners: Corners, label: str) -> Region | None:
    return Region(_FRONT, tuple((float(x), float(y)) for x, y in corners), label) if corners else None


def _apart(region: Region, corners: Corners) -> float:
    return float(np.abs(_points(list(region.points)) - _points(corners)).max())
