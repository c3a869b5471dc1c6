"""Portraits printed on a card against other photographs of the same people as selfies.

    python -m benchmarks.printed_portraits PAIRS.csv --split test

Of every listed pair of one person (``kyc evaluate faces`` reads the same list), the first
picture is printed, laminated and photographed by ``specimens.portraits``; the second is the
selfie. Strangers are every printed portrait against every other person's picture. Said of
the service's comparison, and of a plain one (the detector's landmarks, one size and its
mirror image, the network as it was published) beside it.
"""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track

from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.measurements import Region
from kyc_service.evaluation.faces.describing import subject
from kyc_service.evaluation.faces.pairs import Pair, identity_of, read_pairs
from kyc_service.evaluation.intervals import draws
from kyc_service.evaluation.rates import accepting_threshold
from kyc_service.faces.align import AlignedFace, align
from kyc_service.faces.detect import find_faces
from kyc_service.faces.embed import averaged, embed_faces
from kyc_service.imaging.decode import decode
from kyc_service.inference.engines import Embedding, FaceEmbedder, FaceEngines, Pixels
from kyc_service.inference.load import load_face_engines, load_unlevelled_embedder
from kyc_service.inference.manifest import read_manifest
from kyc_service.inference.threads import ThreadSettings, configure
from specimens.attack_protocol import Split
from specimens.portraits.printed import printed_portrait

FMRS: Final = (1e-2, 1e-3, 1e-4)
WAYS: Final = ("plain", "service")
_NOWHERE: Final = Region(CaptureKind.SELFIE, (), "")
_HEAD: Final = (3.2, 0.52, 1.25)
"""Width of the portrait in distances of the eyes; how far above the eyes it begins and how high it is, in widths."""
OUT: Final = Console()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pairs", type=Path)
    parser.add_argument("--split", type=Split, choices=list(Split), default=Split.TEST)
    parser.add_argument("--models", type=Path, default=Path("models"))
    given = parser.parse_args()
    threads = ThreadSettings(per_inference=1, parallel_inferences=1)
    configure(threads)
    manifest = read_manifest(given.models)
    engines = load_face_engines(manifest, given.models, threads)
    plain = load_unlevelled_embedder(manifest, given.models, threads)
    listed = read_pairs(given.pairs)
    selfies = {path: _described(_pixels(path), engines, plain) for path in _shown(listed.paths, "selfies")}
    firsts = sorted({pair.path_a for pair in listed.mated})
    printed = {
        path: _described(_printed(path, given.split, engines), engines, plain) for path in _shown(firsts, "prints")
    }
    lost = sum(not found for found in (*selfies.values(), *printed.values()))
    OUT.print(f"{len(firsts)} portraits ({given.split}), {len(listed.mated)} pairs, no face on {lost} pictures")
    for way in WAYS:
        _report(way, listed.mated, _of(way, printed), _of(way, selfies))


def _report(way: str, mated: Sequence[Pair], printed: dict[str, Embedding], selfies: dict[str, Embedding]) -> None:
    faces = np.stack(list(selfies.values()))
    people = np.array([identity_of(path) for path in selfies])
    strangers = np.concatenate([(faces @ one)[people != identity_of(path)] for path, one in printed.items()])
    pairs = [pair for pair in mated if pair.path_a in printed and pair.path_b in selfies]
    scores = np.array([float(printed[pair.path_a] @ selfies[pair.path_b]) for pair in pairs])
    for rate in FMRS:
        threshold = accepting_threshold(strangers, rate)
        low, high = _interval(scores < threshold, [identity_of(pair.path_a) for pair in pairs])
        missed = 100 * float(np.mean(scores < threshold))
        OUT.print(
            f"{way:8s} fmr {rate:g} of {len(strangers)}: threshold {threshold:.3f}, "
            f"fnmr {missed:.2f} % ({100 * low:.1f} to {100 * high:.1f}) of {len(scores)}"
        )


def _interval(missed: NDArray[np.bool_], people: list[str]) -> tuple[float, float]:
    """Drawing people with replacement, 95 %."""
    _, numbers = np.unique(people, return_inverse=True)
    weights = draws(int(numbers.max()) + 1)
    errors, trials = np.bincount(numbers, weights=missed), np.bincount(numbers)
    low, high = np.percentile((weights @ errors) / np.maximum(weights @ trials, 1), (2.5, 97.5))
    return float(low), float(high)


def _described(pixels: Pixels, engines: FaceEngines, plain: FaceEmbedder) -> dict[str, Embedding]:
    faces = find_faces(pixels, engines.detector)
    if not faces:
        return {}
    face = align(pixels, subject(faces, pixels), _NOWHERE)
    return {"plain": _plainly(face, plain), "service": embed_faces((face,), engines)[0]}


def _plainly(face: AlignedFace, embedder: FaceEmbedder) -> Embedding:
    outputs = embedder.embed([face.aligned, np.ascontiguousarray(face.aligned[:, ::-1])])
    return averaged([output / np.linalg.norm(output) for output in outputs])


def _of(way: str, found: dict[str, dict[str, Embedding]]) -> dict[str, Embedding]:
    return {path: by_way[way] for path, by_way in found.items() if by_way}


def _printed(path: str, split: Split, engines: FaceEngines) -> Pixels:
    """The head on ``path`` as a photographed print; the seed is the picture's own bytes."""
    pixels = _pixels(path)
    faces = find_faces(pixels, engines.detector)
    head = _head(pixels, subject(faces, pixels).landmarks) if faces else pixels
    digest = hashlib.sha256(Path(path).read_bytes() + split.encode()).digest()
    return printed_portrait(head, split, np.random.default_rng(int.from_bytes(digest[:8])))


def _head(pixels: Pixels, landmarks: NDArray[np.float32]) -> Pixels:
    eyes, (x, y) = float(np.linalg.norm(landmarks[1] - landmarks[0])), landmarks[:2].mean(axis=0)
    width = _HEAD[0] * eyes
    left, top = max(0, int(x - width / 2)), max(0, int(y - _HEAD[1] * width))
    return pixels[top : int(y + (_HEAD[2] - _HEAD[1]) * width), left : int(x + width / 2)]


def _pixels(path: str) -> Pixels:
    return decode(Path(path).read_bytes()).pixels


def _shown(paths: Sequence[str], title: str) -> Iterable[str]:
    return track(paths, description=title, console=Console(stderr=True))


if __name__ == "__main__":
    main()
