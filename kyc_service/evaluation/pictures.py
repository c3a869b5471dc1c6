"""Pictures with a known truth: read a list, look at each with the service's own code, once."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import track

from kyc_service.evaluation.calibration import DataSet
from kyc_service.faces import selfie
from kyc_service.faces.selfie import SelfieLook
from kyc_service.imaging.decode import decode
from kyc_service.imaging.picture import Picture
from kyc_service.inference.engines import FaceEngines


@dataclass(frozen=True, slots=True)
class Pair:
    """Two pictures, and whether they show one person. The identity is the picture's folder."""

    path_a: str
    path_b: str
    is_mated: bool


@dataclass(frozen=True, slots=True)
class PairList:
    """A list of pairs, and the hash of the file it was read from."""

    pairs: tuple[Pair, ...]
    sha256: str

    @property
    def paths(self) -> tuple[str, ...]:
        """Every picture once, sorted."""
        return tuple(sorted({path for pair in self.pairs for path in (pair.path_a, pair.path_b)}))

    def data_set(self, title: str) -> DataSet:
        """What a calibration says of this list."""
        return DataSet(title, self.sha256, len(self.paths), len({identity_of(path) for path in self.paths}))


def identity_of(path: str) -> str:
    """Who is on the picture: the name of its folder.

    >>> identity_of("set/Somebody/Somebody_0001.jpg")
    'Somebody'
    """
    return Path(path).parent.name


def read_pairs(path: Path) -> PairList:
    """Read a CSV with the columns path_a, path_b, same (1 or 0)."""
    content = path.read_bytes()
    rows = csv.DictReader(content.decode("utf-8").splitlines())
    pairs = tuple(Pair(row["path_a"], row["path_b"], row["same"] == "1") for row in rows)
    return PairList(pairs, hashlib.sha256(content).hexdigest())


def look_at(
    paths: Sequence[str], root: Path, engines: FaceEngines, title: str
) -> Iterator[tuple[str, Picture, SelfieLook]]:
    """Decode each picture and look at it as at a selfie, showing progress on stderr."""
    for path in track(paths, description=title, console=Console(stderr=True)):
        picture = decode((root / path).read_bytes())
        yield path, picture, selfie.look(picture, engines)
