"""`python -m specimens.attacks.series`: the same few documents photographed honestly and under every attack.

Made for the measurement of authenticity scores, where many pictures are needed and drawing a document takes longer
than photographing it. Each document is drawn once; a manifest in the common form says what each picture is.
"""

import argparse
import csv
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

import cv2
import numpy as np

from specimens.attack_protocol import Attack, AttackContext, Split
from specimens.attacks import ATTACKS
from specimens.camera.photograph import photograph
from specimens.camera.sensor import as_jpeg, as_png, through_jpeg
from specimens.camera.shot import shot
from specimens.families import FAMILIES
from specimens.families.protocol import FRONT, NO_ATTACK, TRUTH_COLUMNS, DrawnSide
from specimens.severity import SEVERITIES, SeverityName

COLUMNS = ("path", "family", "side", "attack", "severity", "fault", "document", *TRUTH_COLUMNS)
RESAVED_PROBABILITY = 0.15
"""Of an honest picture having been compressed twice, as messengers do."""


@dataclass(frozen=True, slots=True)
class Series:
    """What is asked for: `documents` of a family, `shots` honest pictures of each per severity, one of each attack."""

    family: str
    split: Split
    seed: int
    documents: int
    shots: int
    severities: tuple[SeverityName, ...]
    attacks: tuple[str, ...]

    def generator(self, *words: object) -> np.random.Generator:
        """Random numbers of one purpose."""
        key = [crc32(str(word).encode()) for word in (self.family, self.split, *words)]
        return np.random.default_rng(np.random.SeedSequence([*key, self.seed]))


def main() -> None:
    """Draw into a folder."""
    given = _parser().parse_args()
    series = Series(
        given.family, Split(given.split), given.seed, given.documents, given.shots,
        tuple(SeverityName(name) for name in given.severity), tuple(given.attack),
    )  # fmt: skip
    given.out.mkdir(parents=True, exist_ok=True)
    cv2.setNumThreads(1)
    with (given.out / "manifest.csv").open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, COLUMNS)
        writer.writeheader()
        for row, content in pictures(series):
            (given.out / row["path"]).write_bytes(content)
            writer.writerow(row)
            target.flush()
            sys.stdout.write(row["path"] + "\n")
            sys.stdout.flush()


def pictures(series: Series) -> Iterator[tuple[dict[str, str], bytes]]:
    """Rows of the manifest with their files."""
    before: DrawnSide | None = None
    for index in range(-1, series.documents):
        rng = series.generator("document", index)
        drawn = FAMILIES[series.family].issue(rng, series.split).draw(FRONT)
        if before is not None:
            yield from _of_document(series, index, drawn, before)
        before = drawn


def _of_document(
    series: Series, index: int, drawn: DrawnSide, other: DrawnSide
) -> Iterator[tuple[dict[str, str], bytes]]:
    for severity in series.severities:
        for number in range(series.shots):
            content = _honest(series, drawn, severity, series.generator(index, severity, number))
            yield _row(series, index, drawn, NO_ATTACK, severity, f"{number}.jpg"), content
        for name in series.attacks:
            attack = ATTACKS[name]
            if attack.applies(series.family, FRONT, drawn.flat.boxes):
                made, suffix = _attacked(
                    series, attack, drawn, other, severity, series.generator(index, severity, name)
                )
                yield _row(series, index, drawn, name, severity, suffix), made


def _honest(series: Series, drawn: DrawnSide, severity: SeverityName, rng: np.random.Generator) -> bytes:
    taken = shot(SEVERITIES[severity], rng)
    picture = photograph(drawn.flat, taken, series.split, rng).picture
    if rng.random() < RESAVED_PROBABILITY:
        picture = through_jpeg(picture, int(rng.integers(taken.jpeg_quality, 97)))
    return as_jpeg(picture, taken.jpeg_quality, taken.exif_orientation)


def _attacked(
    series: Series, attack: Attack, drawn: DrawnSide, other: DrawnSide, severity: SeverityName, rng: np.random.Generator
) -> tuple[bytes, str]:
    taken = shot(SEVERITIES[severity], rng)
    context = AttackContext(
        series.split, series.family, FRONT, drawn.truth, drawn.flat, lambda: other.flat, severity.value
    )
    faked = attack.instead_of_camera(drawn.flat, rng, context)
    if faked is not None:
        return (as_png(faked), "0.png") if rng.random() < 0.5 else (as_jpeg(faked, 92), "0.jpg")
    shown = photograph(attack.on_flat(drawn.flat, rng, context), taken, series.split, rng)
    picture = shown.picture
    if type(attack).on_picture is not Attack.on_picture and shown.flat_to_picture is not None:
        stored = through_jpeg(picture, int(rng.integers(taken.jpeg_quality, 97)))
        picture = attack.on_picture(stored, shown.flat_to_picture, rng, context)
    return as_jpeg(picture, taken.jpeg_quality, taken.exif_orientation), "0.jpg"


def _row(
    series: Series, index: int, drawn: DrawnSide, attack: str, severity: SeverityName, suffix: str
) -> dict[str, str]:
    document = f"{series.family}-{series.split}-{series.seed}-{index}"
    row = dict.fromkeys(COLUMNS, "")
    row.update(path=f"{document}-{severity}-{attack}-{suffix}", family=series.family, side=FRONT, attack=attack,
               severity=severity.value, document=document)  # fmt: skip
    row.update(drawn.truth)
    return row


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m specimens.attacks.series", description=__doc__)
    parser.add_argument("--family", choices=list(FAMILIES), default="cn_resident_identity_card")
    parser.add_argument("--split", choices=list(Split), default=Split.TRAIN.value)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--documents", type=int, default=4)
    parser.add_argument("--shots", type=int, default=4, help="honest pictures of each document and severity")
    parser.add_argument("--severity", nargs="+", choices=list(SeverityName), default=[SeverityName.MILD.value])
    parser.add_argument("--attack", nargs="*", choices=list(ATTACKS), default=list(ATTACKS))
    parser.add_argument("--out", type=Path, required=True, help="the folder for the pictures and manifest.csv")
    return parser


if __name__ == "__main__":
    main()
