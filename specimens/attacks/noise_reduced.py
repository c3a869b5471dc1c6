"""`python -m specimens.attacks.noise_reduced`: what a phone's own processing makes of the pictures of a folder.

Phones take noise out and sharpen before they compress. A score that knows a picture by its noise must be measured on
such pictures, too. Only pictures that a camera took last are processed: edits come after the phone, not before.
"""

import argparse
import csv
from pathlib import Path
from zlib import crc32

import cv2
import numpy as np

from specimens.flat import Picture

AFTER_CAMERA = frozenset(
    {"number_splice_digital", "portrait_splice_digital", "copy_move", "screenshot", "generated"},
)
PREFIX = "nr-"


def main() -> None:
    """Read a folder with its manifest, write another."""
    parser = argparse.ArgumentParser(prog="python -m specimens.attacks.noise_reduced", description=__doc__)
    parser.add_argument("--source", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    cv2.setNumThreads(1)
    with (given.source / "manifest.csv").open(encoding="utf-8") as source:
        rows = [row for row in csv.DictReader(source) if row["attack"] not in AFTER_CAMERA]
    with (given.out / "manifest.csv").open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, list(rows[0]))
        writer.writeheader()
        for row in rows:
            rng = np.random.default_rng(crc32(row["path"].encode()))
            seen = np.asarray(cv2.imread(str(given.source / row["path"])), np.uint8)
            path = PREFIX + row["path"]
            quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(62, 93))]
            cv2.imwrite(str(given.out / path), reduced(seen, rng), quality)
            writer.writerow({**row, "path": path})


def reduced(picture: Picture, rng: np.random.Generator) -> Picture:
    """Fine detail below a limit is taken out (coring), what is left is sharpened."""
    base = cv2.GaussianBlur(picture, (0, 0), float(rng.uniform(0.9, 1.8))).astype(np.float32)
    detail = picture - base
    limit, gain = float(rng.uniform(2.0, 9.0)), float(rng.uniform(1.0, 1.6))
    kept = np.sign(detail) * np.maximum(np.abs(detail) - limit, 0) * gain
    return np.asarray(np.clip(np.round(base + kept), 0, 255), np.uint8)


if __name__ == "__main__":
    main()
