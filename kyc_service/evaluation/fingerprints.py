"""``python -m kyc_service.evaluation.fingerprints``: how far copies and different pictures lie apart.

Prints what the limit of ``liveness.capture_integrity`` rests on: copies of each picture
(saved again, scaled, noised, brightened, cropped, turned) against it, and every two
different pictures against each other.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from kyc_service.evaluation.pictures import PairList, read_pairs
from kyc_service.evaluation.rates import wilson
from kyc_service.imaging.decode import decode
from kyc_service.inference.engines import Pixels
from kyc_service.liveness.integrity.earlier import NEARLY_EQUAL_BITS
from kyc_service.liveness.integrity.fingerprint import fingerprint

_CROPPED: Final = 0.02
_PERCENTILES: Final = (50, 99, 100)

Prints = NDArray[np.uint8]


def saved(pixels: Pixels, quality: int) -> Pixels:
    """As JPEG of that quality."""
    _, encoded = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(encoded, cv2.IMREAD_COLOR), dtype=np.uint8)


def noised(pixels: Pixels) -> Pixels:
    """With Gaussian noise of 5 levels, the same for every picture of one size."""
    noise = np.random.default_rng(0).normal(0, 5, pixels.shape)
    return np.clip(pixels + noise, 0, 255).astype(np.uint8)


def cropped(pixels: Pixels) -> Pixels:
    """Without 2 % on every side."""
    down, across = (round(_CROPPED * side) for side in pixels.shape[:2])
    return np.ascontiguousarray(pixels[down:-down, across:-across])


def turned(pixels: Pixels) -> Pixels:
    """By one degree."""
    height, width = pixels.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), 1, 1.02)
    return np.asarray(cv2.warpAffine(pixels, matrix, (width, height)), dtype=np.uint8)


COPIES: Final[dict[str, Callable[[Pixels], Pixels]]] = {
    "saved_at_40": lambda pixels: saved(pixels, 40),
    "half_size_saved_at_70": lambda pixels: saved(np.ascontiguousarray(cv2.pyrDown(pixels)), 70),
    "noised": noised,
    "brightened": lambda pixels: np.clip(pixels * 1.15 + 8, 0, 255).astype(np.uint8),
    "cropped_2_percent": cropped,
    "turned_1_degree": turned,
}


def report(root: Path, listed: PairList) -> dict[str, object]:
    """Distances in bits (of 256): of each kind of copy, and the least ones of different pictures."""
    pictures = [decode((root / path).read_bytes()).pixels for path in listed.paths]
    prints = np.stack([_bits(pixels) for pixels in pictures])
    copies = {name: _apart(prints, np.stack([_bits(copy(p)) for p in pictures])) for name, copy in COPIES.items()}
    different = np.concatenate([_apart(prints[k + 1 :], prints[k]) for k in range(len(prints) - 1)])
    within = int((different <= NEARLY_EQUAL_BITS).sum())
    return {
        "pictures": len(pictures),
        "list_sha256": listed.sha256,
        "limit_bits": NEARLY_EQUAL_BITS,
        "copies": {name: _described(found) for name, found in copies.items()},
        "different": {
            "pairs": len(different),
            "least_bits": int(different.min()),
            "within_limit": within,
            "ci_high": wilson("within", within, len(different)).ci_high,
        },
    }


def _described(found: NDArray[np.int64]) -> dict[str, object]:
    middle, near_all, most = np.percentile(found, _PERCENTILES)
    share = float((found <= NEARLY_EQUAL_BITS).mean())
    return {"median": float(middle), "p99": float(near_all), "most": float(most), "within_limit": round(share, 4)}


def _bits(pixels: Pixels) -> Prints:
    return np.frombuffer(fingerprint(pixels), dtype=np.uint8)


def _apart(one: Prints, other: Prints) -> NDArray[np.int64]:
    return np.asarray(np.bitwise_count(one ^ other).sum(axis=-1), dtype=np.int64)


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description="Distances of fingerprints.")
    parser.add_argument("--root", type=Path, required=True, help="the folder that the list's paths start from")
    parser.add_argument("--pairs", type=Path, required=True, help="CSV that names the pictures")
    given = parser.parse_args(arguments)
    sys.stdout.write(json.dumps(report(given.root, read_pairs(given.pairs)), indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
