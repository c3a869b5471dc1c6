"""``python -m kyc_service.evaluation.portrait_reuse``: calibrate how like two pictures of one person may be.

Bona fide are all pairs of *different* photographs of one person, as they are: a print
would only make them less alike. Attacks are simulated from every person's first
photograph (:mod:`kyc_service.evaluation.recapture`) and stand beside each threshold.
"""

from __future__ import annotations

import argparse
import sys
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Final, TypeVar

import numpy as np
from rich.console import Console
from rich.progress import track

from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.checks import CheckName
from kyc_service.domain.measurements import Region
from kyc_service.evaluation.calibration import LOWER_IS_BETTER, Calibration, Group, OperatingPoint, write_calibration
from kyc_service.evaluation.pictures import PairList, identity_of, read_pairs
from kyc_service.evaluation.rates import Rate, Scores, rejecting_threshold, wilson
from kyc_service.evaluation.recapture import Species, reused
from kyc_service.evaluation.setting import Setting, add_common_arguments, open_setting
from kyc_service.faces.align import AlignedFace, align
from kyc_service.faces.detect import find_faces
from kyc_service.faces.mesh import FaceMesh, mesh_of
from kyc_service.faces.reuse import SAME_PICTURE, same_picture
from kyc_service.imaging.decode import decode
from kyc_service.inference.engines import FaceEngines, Pixels
from kyc_service.inference.manifest import Task

_Item = TypeVar("_Item")

BPCERS: Final = (0.05, 0.01, 0.005)
_ASIDE, _ABOVE, _BELOW = 0.4, 0.4, 0.25
_NOWHERE: Final = Region(CaptureKind.SELFIE, (), "")
_NOTES: Final = (
    "Press photographs stand in for portrait and selfie: those of one event are more alike, the others less.",
    "Attacks are simulated prints and screens; a face that is not found again counts as an attack that passes.",
)


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """One face and the mesh over it."""

    face: AlignedFace
    mesh: FaceMesh


def compare_pairs(setting: Setting, listed: PairList) -> Scores:
    """The score of every two photographs of one person, in the list's pictures."""
    by_identity: dict[str, list[Seen]] = defaultdict(list)
    for path in _followed(listed.paths, "photographs"):
        seen = _seen(decode((setting.root / path).read_bytes()).pixels, setting.engines)
        if seen is not None:
            by_identity[identity_of(path)].append(seen)
    pairs = [pair for seen in by_identity.values() for pair in combinations(seen, 2)]
    return np.array([_likeness(one, other) for one, other in pairs])


def attack(setting: Setting, listed: PairList, species: Species, seed: int = 0) -> Scores:
    """The score of each person's portrait and the selfie that reuses it; -1 where a face is lost."""
    first = {identity_of(path): path for path in reversed(listed.paths)}
    scores: list[float] = []
    for identity, path in _followed(sorted(first.items()), species.value):
        rng = np.random.default_rng([seed, zlib.crc32(identity.encode())])
        photograph = _cropped(decode((setting.root / path).read_bytes()).pixels, setting.engines)
        portrait, selfie = (_seen(pixels, setting.engines) for pixels in reused(photograph, species, rng))
        scores.append(-1.0 if portrait is None or selfie is None else _likeness(portrait, selfie))
    return np.array(scores)


def calibrate(
    setting: Setting,
    title: str,
    listed: PairList,
    group: tuple[str, PairList] | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> Calibration:
    """Thresholds for each of :data:`BPCERS`; attacks beside them, another list as a group."""
    scores = compare_pairs(setting, listed)
    attacks = {species: attack(setting, listed, species) for species in Species}
    progress(f"pairs {len(scores)}; auc " + ", ".join(f"{s} {auc(scores, a):.4f}" for s, a in attacks.items()))
    model_id, model = setting.model(Task.FACE_MESH)
    points = tuple(_point(scores, rate, attacks) for rate in BPCERS)
    groups = () if group is None else (_group(setting, *group, points),)
    return Calibration(
        check=CheckName.PORTRAIT_REUSED,
        score=SAME_PICTURE,
        direction=LOWER_IS_BETTER,
        unit="correlation",
        model_id=model_id,
        model_sha256=model.sha256,
        measured_on=setting.measured_on,
        data_set=listed.data_set(title),
        operating_points=points,
        groups=groups,
        notes=_NOTES,
    )


def auc(bona_fide: Scores, attacks: Scores) -> float:
    """Chance that an attack scores higher than a bona fide pair.

    >>> auc(np.array([0.1, 0.5]), np.array([0.5, 0.9]))
    0.875
    """
    above = (attacks[:, None] > bona_fide).mean() + (attacks[:, None] == bona_fide).mean() / 2
    return float(above)


def _group(setting: Setting, title: str, listed: PairList, points: tuple[OperatingPoint, ...]) -> Group:
    scores = compare_pairs(setting, listed)
    return Group(listed.data_set(title), tuple((_bpcer(scores, point.threshold),) for point in points))


def _point(scores: Scores, rate: float, attacks: dict[Species, Scores]) -> OperatingPoint:
    threshold = -rejecting_threshold(-scores, rate)
    beside = tuple(
        wilson(f"apcer.{species}", int((found <= threshold).sum()), len(found)) for species, found in attacks.items()
    )
    return OperatingPoint("bpcer", rate, threshold, _bpcer(scores, threshold), beside)


def _bpcer(scores: Scores, threshold: float) -> Rate:
    return wilson("bpcer", int((scores > threshold).sum()), len(scores))


def _cropped(pixels: Pixels, engines: FaceEngines) -> Pixels:
    """As a portrait is framed: the head with a margin. The whole picture where no face is found."""
    faces = find_faces(pixels, engines.detector)
    if not faces:
        return pixels
    x, y, width, height = faces[0].box
    left, right = max(0, round(x - _ASIDE * width)), round(x + (1 + _ASIDE) * width)
    top, bottom = max(0, round(y - _ABOVE * height)), round(y + (1 + _BELOW) * height)
    return np.ascontiguousarray(pixels[top:bottom, left:right])


def _seen(pixels: Pixels, engines: FaceEngines) -> Seen | None:
    faces = find_faces(pixels, engines.detector)
    return Seen(align(pixels, faces[0], _NOWHERE), mesh_of(pixels, faces[0], engines)) if faces else None


def _likeness(portrait: Seen, selfie: Seen) -> float:
    return same_picture(portrait.face, portrait.mesh, selfie.face, selfie.mesh)


def _followed(items: Iterable[_Item], title: str) -> Iterable[_Item]:
    return track(list(items), description=title, console=Console(stderr=True))


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description="Calibrate face.portrait_reused.")
    add_common_arguments(parser)
    parser.add_argument("--pairs", type=Path, required=True, help="CSV that names the photographs")
    parser.add_argument("--group-pairs", type=Path, help="CSV of a part of the population, reported beside")
    parser.add_argument("--group-title", default="", help="its title, as it stands in the file")
    given = parser.parse_args(arguments)
    group = (given.group_title, read_pairs(given.group_pairs)) if given.group_pairs else None
    made = calibrate(open_setting(given), given.title, read_pairs(given.pairs), group, _say)
    sys.stdout.write(f"{write_calibration(made, given.out)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
