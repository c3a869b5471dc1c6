"""``python -m kyc_service.evaluation.pad.looks``: everything that is taken from a list's presentations, kept in a file.

Looking is slow, fitting is quick: weights can be tried again without looking again. The file holds numbers only:
label, species, subject, the network's answer and the cues per frame; no paths.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from zlib import crc32

from rich.console import Console
from rich.progress import track

from kyc_service.evaluation.calibration import DataSet
from kyc_service.evaluation.pad.manifest import Presentation, PresentationList, read_pad_manifest
from kyc_service.evaluation.pad.observing import Trial, observe
from kyc_service.evaluation.pad.setting import open_pad_engines
from kyc_service.evaluation.pictures import identity_of, read_pairs
from kyc_service.inference.threads import ThreadSettings, configure
from kyc_service.liveness.passive.classifier import PadClassifier
from kyc_service.liveness.passive.look import PadLook

NOTHING_WEIGHED = PadClassifier("none", "", 1.0, 1.0, 0.0, ())


@dataclass(frozen=True, slots=True)
class Seen:
    """One presentation as it was seen; ``species`` is empty for bona fide, ``looks`` without a response."""

    species: str
    subject: str
    looks: tuple[PadLook, ...]


@dataclass(frozen=True, slots=True)
class SeenSet:
    """All presentations of one list, and the SHA-256 of the list."""

    seen: tuple[Seen, ...]
    sha256: str

    def data_set(self, title: str) -> DataSet:
        """What a calibration says of the bona fide part."""
        honest = [one for one in self.seen if not one.species and one.looks]
        return DataSet(title, self.sha256, len(honest), len({one.subject for one in honest}))


def read_seen(path: Path) -> SeenSet:
    """A file written by this command."""
    written = json.loads(path.read_bytes())
    seen = (
        Seen(row["species"], row["subject"], tuple(PadLook(float(one["model"]), one["cues"]) for one in row["looks"]))
        for row in written["seen"]
    )
    return SeenSet(tuple(seen), written["list_sha256"])


class Half(StrEnum):
    """Which of the persons: a hash of the folder's name says, as in ``python -m specimens.presentations``."""

    TRAIN = "train"
    TEST = "test"


def bona_fide_of(pairs: Path, root: Path, half: Half) -> PresentationList:
    """The pictures of a list of pairs as bona fide presentations; a subject is a folder, and one half of them counts."""
    listed = read_pairs(pairs)
    paths = [path for path in listed.paths if (crc32(identity_of(path).encode()) % 2 == 0) == (half is Half.TRAIN)]
    found = (Presentation(row, (root / p,), True, "", identity_of(p)) for row, p in enumerate(paths, 2))
    return PresentationList(tuple(found), listed.sha256)


def _written(listed: PresentationList, trials: Sequence[Trial]) -> str:
    number = {name: i for i, name in enumerate(sorted({t.presentation.subject for t in trials}))}
    rows = [
        {
            "species": trial.presentation.species,
            "subject": str(number[trial.presentation.subject]),
            "looks": [
                {"model": round(one.model_probability, 9), "cues": {k: float(f"{v:.6g}") for k, v in one.cues.items()}}
                for one in trial.looks
            ],
        }
        for trial in trials
    ]
    return json.dumps({"list_sha256": listed.sha256, "seen": rows}) + "\n"


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description="Look at presentations, for training and calibrating.")
    parser.add_argument("--manifest", type=Path, help="CSV as for kyc evaluate pad")
    parser.add_argument("--pairs", type=Path, help="instead: a list of pairs, whose pictures are bona fide")
    parser.add_argument("--root", type=Path, help="the folder that the pairs' paths start from")
    parser.add_argument("--half", type=Half, choices=list(Half), default=Half.TEST, help="which of the pairs' persons")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--models", type=Path, default=Path("models"))
    given = parser.parse_args(arguments)
    configure(ThreadSettings(per_inference=1, parallel_inferences=1))
    listed = bona_fide_of(given.pairs, given.root, given.half) if given.pairs else read_pad_manifest(given.manifest)
    engines, _ = open_pad_engines(given.models)
    found = observe(listed.presentations, engines, NOTHING_WEIGHED)
    console = Console(stderr=True)
    trials = list(track(found, given.out.stem, total=len(listed.presentations), console=console))
    given.out.write_text(_written(listed, trials), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
