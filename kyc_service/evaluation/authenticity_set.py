"""Specimens measured as the service measures them: the document and its places as they were read, then the cues."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from kyc_service.documents import authenticity
from kyc_service.documents.authenticity.measures import take_measures
from kyc_service.evaluation.authenticity_read import ReadPicture, opened, read_folder
from kyc_service.evaluation.calibration import DataSet

BONA_FIDE = "none"


@dataclass(frozen=True, slots=True)
class Sample:
    """One picture: what the manifest says of it, and its measures by group (surface, number, portrait).

    ``family`` is the one that was read; empty where nothing was, and nothing is measured then: such a picture is
    not assessed for authenticity, it is asked for again.
    """

    path: str
    attack: str
    severity: str
    document: str
    family: str
    document_px: float
    has_outline: bool
    surface: dict[str, float]
    number: dict[str, float]
    portrait: dict[str, float]

    @property
    def is_read(self) -> bool:
        """Whether the service read a document on it."""
        return bool(self.family)


@dataclass(frozen=True, slots=True)
class SampleSet:
    """All pictures of some folders, and the hash of their manifests."""

    samples: tuple[Sample, ...]
    sha256: str

    def data_set(self, title: str) -> DataSet:
        """What a calibration says of its bona fide pictures."""
        honest = [sample for sample in self.samples if sample.attack == BONA_FIDE]
        return DataSet(title, self.sha256, len(honest), len({sample.document for sample in honest}))


def read_sets(folders: Sequence[Path], models: Path) -> SampleSet:
    """Read and measure each folder's pictures; what was measured by the same code before is kept in ``measures.json``.

    Raises:
        ModelMissing: a model file is not there.
        ModelHashMismatch: a model file is not the one the manifest names.
    """
    digest = hashlib.sha256()
    samples: list[Sample] = []
    for folder in folders:
        manifest = (folder / "manifest.csv").read_bytes()
        digest.update(manifest)
        samples += _kept(folder, hashlib.sha256(manifest + _code()).hexdigest(), models)
    return SampleSet(tuple(samples), digest.hexdigest())


def _code() -> bytes:
    return b"".join(path.read_bytes() for path in sorted(Path(authenticity.__path__[0]).glob("*.py")))


def _kept(folder: Path, key: str, models: Path) -> list[Sample]:
    store = folder / "measures.json"
    if store.exists():
        kept = json.loads(store.read_text("utf-8"))
        if kept.get("key") == key:
            return [Sample(**row) for row in kept["samples"]]
    samples = list(_measured(folder, read_folder(folder, models)))
    store.write_text(json.dumps({"key": key, "samples": [asdict(s) for s in samples]}), "utf-8")
    return samples


def _measured(folder: Path, pictures: list[ReadPicture]) -> Iterator[Sample]:
    sys.stderr.write(f"{folder.name}: {sum(bool(row.family) for row in pictures)} of {len(pictures)} were read\n")
    for row in pictures:
        known = (row.path, row.attack, row.severity, row.document)
        picture = opened(folder / row.path) if row.family else None
        document = None if picture is None else row.document_on(picture)
        if picture is None or document is None:
            yield Sample(*known, "", 0.0, has_outline=False, surface={}, number={}, portrait={})
            continue
        taken = take_measures(picture, document, row.places())
        yield Sample(
            *known, row.family, taken.document_px, taken.has_outline, taken.surface, taken.number, taken.portrait
        )
