"""Specimens of one folder, measured: every picture located and its authenticity measures taken, once."""

from __future__ import annotations

import csv
import hashlib
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from kyc_service.documents.authenticity.measures import take_measures
from kyc_service.evaluation.authenticity_places import found_document, placed
from kyc_service.evaluation.calibration import DataSet
from kyc_service.imaging.decode import decode
from kyc_service.imaging.refusals import ImageRefused
from kyc_service.verification.document_branch import DOCUMENT_LONG_SIDE_PX

BONA_FIDE = "none"


@dataclass(frozen=True, slots=True)
class Sample:
    """One picture: what the manifest says of it, and its measures by group (surface, number, portrait)."""

    path: str
    family: str
    side: str
    attack: str
    severity: str
    document: str
    document_px: float
    has_outline: bool
    surface: dict[str, float]
    number: dict[str, float]
    portrait: dict[str, float]


@dataclass(frozen=True, slots=True)
class SampleSet:
    """All pictures of some folders, and the hash of their manifests."""

    samples: tuple[Sample, ...]
    sha256: str

    def data_set(self, title: str) -> DataSet:
        """What a calibration says of its bona fide pictures."""
        honest = [sample for sample in self.samples if sample.attack == BONA_FIDE]
        return DataSet(title, self.sha256, len(honest), len({sample.document for sample in honest}))


def read_sets(folders: Sequence[Path]) -> SampleSet:
    """Measure the pictures of each folder's ``manifest.csv``; what was measured before is kept in ``measures.json``."""
    digest = hashlib.sha256()
    samples: list[Sample] = []
    for folder in folders:
        manifest = (folder / "manifest.csv").read_bytes()
        digest.update(manifest)
        samples += _kept(folder, hashlib.sha256(manifest).hexdigest())
    return SampleSet(tuple(samples), digest.hexdigest())


def _kept(folder: Path, manifest_sha256: str) -> list[Sample]:
    store = folder / "measures.json"
    if store.exists():
        kept = json.loads(store.read_text("utf-8"))
        if kept["manifest"] == manifest_sha256:
            return [Sample(**row) for row in kept["samples"]]
    samples = list(_measured(folder))
    store.write_text(json.dumps({"manifest": manifest_sha256, "samples": [asdict(s) for s in samples]}), "utf-8")
    return samples


def _measured(folder: Path) -> Iterator[Sample]:
    rows = list(csv.DictReader((folder / "manifest.csv").read_text("utf-8").splitlines()))
    for i, row in enumerate(rows):
        if i % 25 == 0:
            sys.stderr.write(f"{folder.name}: {i} of {len(rows)}\n")
        try:
            picture = decode((folder / row["path"]).read_bytes(), target_long_side_px=DOCUMENT_LONG_SIDE_PX)
        except ImageRefused:
            continue
        document = found_document(picture)
        if document is None:
            continue
        upright, places = placed(document, row["family"], row["side"])
        taken = take_measures(picture, upright, places)
        known = {key: row.get(key) or "" for key in ("path", "family", "side", "attack", "severity", "document")}
        yield Sample(
            **known,
            document_px=taken.document_px,
            has_outline=taken.has_outline,
            surface=taken.surface,
            number=taken.number,
            portrait=taken.portrait,
        )
