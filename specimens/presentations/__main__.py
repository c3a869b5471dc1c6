"""`python -m specimens.presentations`: presentations of the faces in a folder, with a manifest for `kyc evaluate pad`.

Identities are the folders that the photographs lie in; a hash of their names says which of the two splits they are in.
The manifest numbers them and says no name.
"""

import argparse
import csv
import time
from collections.abc import Iterator
from pathlib import Path
from zlib import crc32

import cv2
import numpy as np

from kyc_service.faces.detect import find_faces
from kyc_service.inference.engines import FaceDetector
from kyc_service.inference.load import load_face_engines
from kyc_service.inference.manifest import read_manifest
from kyc_service.inference.threads import ThreadSettings, configure
from specimens.attack_protocol import Split
from specimens.presentations.clips import presentation_clip
from specimens.presentations.faces import FacePicture
from specimens.presentations.scenes import ATTACKS, Species
from specimens.presentations.stills import present

COLUMNS = ("path", "label", "attack", "subject")
_BLACK = 6
_MOST_BLACK = 0.02


def main() -> None:
    """Read the command line and draw."""
    given = _parser().parse_args()
    configure(ThreadSettings(per_inference=1, parallel_inferences=1))
    detector = load_face_engines(read_manifest(given.models), given.models, ThreadSettings()).detector
    split = Split(given.split)
    found = _faces(given.faces, split, detector, given.seed)
    given.out.mkdir(parents=True, exist_ok=True)
    started = time.perf_counter()
    with (given.out / "manifest.csv").open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, COLUMNS)
        writer.writeheader()
        for number in range(given.count):
            subject, face = next(found)
            _, other = next(found)
            for species in _wanted(given, number):
                rng = np.random.default_rng((given.seed, number, crc32(species.encode())))
                path = _drawn(given, number, species, split, face, other, rng)
                label = "bona_fide" if species is Species.BONA_FIDE else "attack"
                attack = "" if label == "bona_fide" else species.value
                writer.writerow({"path": path, "label": label, "attack": attack, "subject": subject})
                target.flush()
            print(f"{number + 1} of {given.count}, {time.perf_counter() - started:.0f} s")


def _wanted(given: argparse.Namespace, number: int) -> list[Species]:
    """Bona fide of each, and ``--each`` of the attacks in turn."""
    chosen = [ATTACKS[(number * given.each + i) % len(ATTACKS)] for i in range(given.each)]
    return [Species.BONA_FIDE, *chosen]


def _drawn(
    given: argparse.Namespace, number: int, species: Species, split: Split, face: FacePicture, other: FacePicture,
    rng: np.random.Generator,
) -> str:  # fmt: skip
    name = f"{number:04d}_{species.value}"
    if not given.frames:
        cv2.imwrite(str(given.out / f"{name}.png"), present(face, species, split, rng, other))
        return f"{name}.png"
    folder = given.out / name
    folder.mkdir(exist_ok=True)
    clip = presentation_clip(face, species, rng, given.frames, given.fps, split=split, wearer=other)
    for i, pixels in enumerate(clip):
        cv2.imwrite(str(folder / f"{i:03d}.png"), pixels)
    return name


def _faces(folder: Path, split: Split, detector: FaceDetector, seed: int) -> Iterator[tuple[int, FacePicture]]:
    """Faces of the split's identities without end, in an order of the seed's; one picture of each at a time."""
    people = sorted(
        p for p in folder.iterdir() if p.is_dir() and (crc32(p.name.encode()) % 2 == 0) == (split is Split.TRAIN)
    )
    rng = np.random.default_rng(seed)
    while True:
        for subject in rng.permutation(len(people)):
            pictures = sorted(p for p in people[subject].iterdir() if p.suffix.lower() in {".jpg", ".jpeg", ".png"})
            pixels = cv2.imread(str(pictures[int(rng.integers(len(pictures)))]))
            if pixels is None or not _is_whole(np.asarray(pixels, np.uint8)):
                continue
            faces = find_faces(np.asarray(pixels, np.uint8), detector)
            if faces:
                yield int(subject), FacePicture(np.asarray(pixels, np.uint8), faces[0].box, faces[0].landmarks)


def _is_whole(pixels: np.ndarray) -> bool:
    """Not turned after it was taken: that leaves black wedges at the edges."""
    edge = np.concatenate((pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]))
    return float((edge.max(axis=1) < _BLACK).mean()) < _MOST_BLACK


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--faces", type=Path, required=True, help="a folder with a folder of photographs per person")
    parser.add_argument("--out", type=Path, required=True, help="where the pictures and manifest.csv go")
    parser.add_argument("--split", choices=[s.value for s in Split], default="train")
    parser.add_argument("--count", type=int, default=100, help="persons")
    parser.add_argument("--each", type=int, default=2, help="attacks per person, in turn")
    parser.add_argument("--frames", type=int, default=0, help="clips of so many frames instead of stills")
    parser.add_argument("--fps", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--models", type=Path, default=Path("models"))
    return parser


if __name__ == "__main__":
    main()
