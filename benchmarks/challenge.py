"""How well answers to challenges are told from attacks, on rendered clips; and what a clip costs.

``make bench-challenge`` renders what is missing (half a minute a clip, kept under
``out/heads/clips``), checks every clip and prints: the share of honest answers that
pass, with Wilson's interval, for each frame rate; for each attack how many failed, by
which reasons; each separating limit beside the values it separates; milliseconds a clip.
Limits are set on ``--split train`` and reported on ``--split test``, which share no
person, no skin, no light and no randomness.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from rich.console import Console
from rich.table import Table

from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.measurements import EvidenceValue, NotAssessed, Region
from kyc_service.domain.reasons import Reason
from kyc_service.evaluation.rates import wilson
from kyc_service.faces.align import AlignedFace, align
from kyc_service.faces.detect import find_faces
from kyc_service.inference.engines import FaceEngines, Pixels
from kyc_service.inference.load import load_face_engines
from kyc_service.inference.manifest import read_manifest
from kyc_service.inference.threads import ThreadSettings
from kyc_service.liveness.challenge.assess import assess
from kyc_service.liveness.challenge.limits import ChallengeLimits, read_limits
from specimens.heads.attacks import FILMED, Take
from specimens.heads.reused import REUSED
from specimens.heads.sheet import contact_sheet
from specimens.heads.store import GENUINE, take_of

RATES_FPS: Final = (10, 15, 5, 30, 8, 20)
FILMED_FPS: Final = (10, 15, 7)
FILMED_EACH: Final = 3
"""Of the filmed attacks, so many for every second person, in turn."""
NOT_A_FAILURE: Final = frozenset({Reason.CLIP_TOO_SHORT})
"""A reused clip may end before the challenge it is held against: that alone would fail it, and is not counted."""
OPERATING_FMR: Final = 1e-4
SIMILARITY: Final = Path("calibration/face.match.cosine_similarity.json")
MEASURED_BY: Final = {
    "parallax": ("_parallax", ("photo_turned", "photo_bent", "screen_turned")),
    "liveliness": ("liveliness", ("still_moved", "still_looped", "photo_moved")),
    "same_at_rest": ("similarity_at_rest", ("face_swapped",)),
    "same_turned": ("similarity_turned", ("face_swapped",)),
    "same_next": ("similarity_in_a_row", ("face_swapped",)),
    "same_selfie": ("similarity", ("other_person",)),
}
"""Limits that separate: the end of the value's name in the evidence, and the attacks it is meant for."""
OUT: Final = Console()


@dataclass(frozen=True, slots=True)
class Row:
    """One clip as judged, with all values of its evidence."""

    species: str
    number: int
    fps: float
    reasons: tuple[str, ...]
    ms: float
    values: Mapping[str, EvidenceValue] = field(default_factory=dict)

    @property
    def passed(self) -> bool:
        """No reason that counts."""
        return not set(self.reasons) - {reason.value for reason in NOT_A_FAILURE}


def main() -> None:
    """Render, measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=30, help="persons, one honest clip each")
    parser.add_argument(
        "--split", choices=("train", "test"), default="test", help="limits are set on train, reported on test"
    )
    parser.add_argument("--models", type=Path, default=Path("models"))
    parser.add_argument("--json", type=Path, default=Path("out/bench-challenge.json"))
    parser.add_argument("--sheet", type=Path, help="also write a contact sheet of some takes")
    given = parser.parse_args()
    cv2.setNumThreads(1)
    engines = load_face_engines(read_manifest(given.models), given.models, ThreadSettings(parallel_inferences=1))
    limits = read_limits(given.models)
    rows = list(judged(given.split, given.people, engines, limits, threshold(given.models)))
    show(rows, limits)
    given.json.parent.mkdir(parents=True, exist_ok=True)
    given.json.write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n")
    if given.sheet:
        first = [take_of(given.split, GENUINE, number, RATES_FPS[number]) for number in (0, 1)]
        first += [take for place in (0, 1, 2) for _, take in filmed(given.split, 2 * place, FILMED_FPS[place])]
        cv2.imwrite(str(given.sheet), contact_sheet([take.clip for take in first], 10, 96))


def threshold(models: Path) -> float:
    """The comparison's threshold at FMR 1e-4."""
    points = json.loads((models / SIMILARITY).read_text("utf-8"))["operating_points"]
    return float(
        next(point["threshold"] for point in points if point["kind"] == "fmr" and point["rate"] == OPERATING_FMR)
    )


def judged(split: str, people: int, engines: FaceEngines, limits: ChallengeLimits, least: float) -> Iterator[Row]:
    """Honest clips, what is made of them, and filmed attacks."""
    takes = {}
    for number in range(people):
        fps = RATES_FPS[number % len(RATES_FPS)]
        takes[number] = take_of(split, GENUINE, number, fps)
        yield _judge(GENUINE, number, fps, takes[number], engines, limits, least)
        if number % 2 == 0:
            for species, take in filmed(split, number, FILMED_FPS[number // 2 % len(FILMED_FPS)]):
                yield _judge(species, number, FILMED_FPS[number // 2 % len(FILMED_FPS)], take, engines, limits, least)
        if number > 0:
            rng = np.random.default_rng(number)
            names = list(REUSED)[number % 2 :: 2]
            for name in names:
                take = REUSED[name](takes[number], takes[number - 1], rng)
                yield _judge(name, number, fps, take, engines, limits, least)


def filmed(split: str, number: int, fps: float) -> Iterator[tuple[str, Take]]:
    """The filmed attacks that fall to ``number``."""
    names = ("photo_turned", "face_swapped", "photo_bent", "two_faces", "screen_turned", "photo_moved", "still_moved")
    for place in range(FILMED_EACH):
        name = names[(number // 2 * FILMED_EACH + place) % len(FILMED)]
        yield name, take_of(split, name, number, fps)


def _judge(
    species: str, number: int, fps: float, take: Take, engines: FaceEngines, limits: ChallengeLimits, least: float
) -> Row:
    selfie = selfie_face(take.selfie, engines)
    started = time.perf_counter()
    look = assess(take.challenge, take.clip, selfie, engines, limits, least)
    ms = (time.perf_counter() - started) * 1000
    reasons: list[str] = []
    values: dict[str, EvidenceValue] = {"asked": [step.action.value for step in take.challenge.actions]}
    for measurement in look.measurements:
        seen = (measurement.reason,) if isinstance(measurement, NotAssessed) else getattr(measurement, "reasons", ())
        reasons += [reason.value for reason in seen]
        values |= measurement.evidence.values
    row = Row(species, number, fps, tuple(dict.fromkeys(reasons)), ms, values)
    OUT.print(f"{species} {number} {fps} fps {ms:.0f} ms: {', '.join(row.reasons) or 'passed'}", highlight=False)
    return row


def selfie_face(pixels: Pixels, engines: FaceEngines) -> AlignedFace | None:
    """The selfie's main face."""
    faces = find_faces(pixels, engines.detector)
    return align(pixels, faces[0], Region(CaptureKind.SELFIE, (), "face")) if faces else None


def show(rows: list[Row], limits: ChallengeLimits) -> None:
    """Three tables: honest answers by frame rate, attacks by species, limits beside what was measured."""
    honest = [row for row in rows if row.species == GENUINE]
    table = Table("frames a second", "answers", "passed", "95 % interval", "with a blink: passed", "why not", box=None)
    for fps in (*sorted({row.fps for row in honest}), None):
        these = [row for row in honest if fps in (None, row.fps)]
        blinks = [row for row in these if "blink_twice" in str(row.values["asked"])]
        passed = sum(row.passed for row in these)
        rate = wilson("pass", passed, len(these))
        why = Counter(reason for row in these for reason in row.reasons)
        table.add_row(
            "all" if fps is None else f"{fps:g}", str(len(these)), str(passed), f"{rate.ci_low:.2f} to {rate.ci_high:.2f}",
            f"{sum(row.passed for row in blinks)} of {len(blinks)}", ", ".join(f"{r} {n}" for r, n in why.items()),
        )  # fmt: skip
    OUT.print(table)
    table = Table("attack", "clips", "failed", "by", box=None)
    for species in sorted({row.species for row in rows} - {GENUINE}):
        these = [row for row in rows if row.species == species]
        why = Counter(reason for row in these for reason in row.reasons)
        failed = sum(not row.passed for row in these)
        table.add_row(species, str(len(these)), str(failed), ", ".join(f"{r} {n}" for r, n in why.most_common()))
    OUT.print(table)
    _show_limits(rows, limits)
    OUT.print(f"milliseconds a clip: median {np.median([row.ms for row in rows]):.0f}")


def _show_limits(rows: list[Row], limits: ChallengeLimits) -> None:
    table = Table("limit", "value", "honest: least", "5 %", "attacks: most", box=None)
    for name, (key, species) in MEASURED_BY.items():
        honest = [value for row in rows if row.species == GENUINE for value in _numbers(row, key)]
        attacks = [value for row in rows if row.species in species for value in _numbers(row, key)]
        cells = [f"{min(honest):.3f}", f"{np.percentile(honest, 5):.3f}"] if honest else ["", ""]
        table.add_row(name, f"{getattr(limits, name):g}", *cells, f"{max(attacks):.3f}" if attacks else "")
    OUT.print(table)


def _numbers(row: Row, key: str) -> list[float]:
    found = [value for name, value in row.values.items() if name.endswith(key)]
    return [float(value) for value in found if isinstance(value, (int, float))]


if __name__ == "__main__":
    main()
