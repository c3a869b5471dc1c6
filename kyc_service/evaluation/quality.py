"""``python -m kyc_service.evaluation.quality``: calibrate the selfie's quality limits.

A limit is set by how many usable pictures it would turn away; how many it turns away of
each third of skin luma, and of another list of pictures, stands beside it. Beside the
limits of what covers a face stands how many drawn coverings they miss.
"""

from __future__ import annotations

import argparse
import sys
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from kyc_service.domain.checks import CheckName
from kyc_service.domain.measurements import Score
from kyc_service.evaluation.calibration import (
    HIGHER_IS_BETTER,
    LOWER_IS_BETTER,
    Calibration,
    DataSet,
    Group,
    OperatingPoint,
    write_calibration,
)
from kyc_service.evaluation.coverings import Covering, covered
from kyc_service.evaluation.pictures import PairList, identity_of, look_at, read_pairs
from kyc_service.evaluation.rates import Rate, Scores, rejecting_threshold, wilson
from kyc_service.evaluation.setting import Setting, add_common_arguments, open_setting
from kyc_service.faces import selfie
from kyc_service.faces.mesh import FaceMesh
from kyc_service.faces.quality import COMPONENTS, Component
from kyc_service.faces.quality.covering import skin_luma
from kyc_service.faces.quality.standard_face import standard_face
from kyc_service.faces.selfie import SelfieLook
from kyc_service.inference.engines import Pixels
from kyc_service.inference.manifest import Task

RATES: Final = (0.05, 0.01, 0.005, 0.002, 0.001)
_UNCALIBRATED: Final = frozenset({
    "inter_eye_px", "second_face_ratio", "roll_deg", "dynamic_range_bits", "skin_deviation", "background_deviation",
})  # fmt: skip
"""Faces of one size, framed and turned upright by an editor, say nothing of the first three; the others have no limit."""
CALIBRATED: Final = tuple(component for component in COMPONENTS if component.name not in _UNCALIBRATED)
_COVERED_BY: Final = {
    "eye_contrast": (Covering.DARK_GLASSES, Covering.HAND_ON_EYE, Covering.HAIR_ON_EYE),
    "mouth_contrast": (Covering.MASK, Covering.HAND_ON_MOUTH, Covering.MICROPHONE),
}
_THIRDS: Final = ("darkest", "middle", "lightest")
_NOTES: Final = (
    "Press photographs, all taken as usable: a limit says what is rare among them, not what spoils a comparison.",
    "Among them are sunglasses, microphones, open mouths and hard shadows: part of what is turned away is at fault.",
    "Skin luma is that of the picture: light and exposure as much as skin.",
)


@dataclass(frozen=True, slots=True)
class Measured:
    """One picture: its native scores by name, and the luma of its skin."""

    path: str
    scores: dict[str, float]
    skin_luma: float


@dataclass(frozen=True, slots=True)
class MeasuredGroup:
    """Some pictures, and what a file says of them."""

    data_set: DataSet
    pictures: tuple[Measured, ...]


def measure(setting: Setting, listed: PairList) -> tuple[Measured, ...]:
    """Every picture of the list on which a face is found."""
    found: list[Measured] = []
    for path, picture, look in look_at(listed.paths, setting.root, setting.engines, "quality"):
        if look.mesh is not None:
            found.append(_measured(path, picture.pixels, look, look.mesh))
    return tuple(found)


def _measured(path: str, pixels: Pixels, look: SelfieLook, mesh: FaceMesh) -> Measured:
    scores = {m.name: m.native for m in look.measurements if isinstance(m, Score)}
    return Measured(path, scores, skin_luma(standard_face(pixels, mesh)))


def measure_covered(setting: Setting, listed: PairList, seed: int = 0) -> dict[Covering, tuple[Measured, ...]]:
    """The first picture of each person with each :class:`Covering` drawn on; without those where the face is lost."""
    first = {identity_of(path): path for path in reversed(listed.paths)}
    found: dict[Covering, list[Measured]] = {covering: [] for covering in Covering}
    for path, picture, look in look_at(sorted(first.values()), setting.root, setting.engines, "coverings"):
        if look.mesh is None:
            continue
        for covering in Covering:
            rng = np.random.default_rng([seed, zlib.crc32(f"{covering} {identity_of(path)}".encode())])
            drawn = covered(picture.pixels, look.mesh.points[:, :2], covering, rng)
            seen = selfie.look(replace(picture, pixels=drawn), setting.engines)
            if seen.mesh is not None:
                found[covering].append(_measured(path, drawn, seen, seen.mesh))
    return {covering: tuple(measured) for covering, measured in found.items()}


def thirds_of_skin_luma(measured: Sequence[Measured], listed: PairList, title: str) -> tuple[MeasuredGroup, ...]:
    """The pictures in three groups of one size, darkest skin first."""
    ordered = sorted(measured, key=lambda one: one.skin_luma)
    parts = [tuple(ordered[len(ordered) * k // 3 : len(ordered) * (k + 1) // 3]) for k in range(3)]
    return tuple(
        MeasuredGroup(_described(f"{title}, {name} third of skin luma", listed, part), part)
        for name, part in zip(_THIRDS, parts, strict=True)
    )


def calibrate(
    setting: Setting,
    data_set: DataSet,
    measured: Sequence[Measured],
    groups: Sequence[MeasuredGroup],
    coverings: Mapping[Covering, Sequence[Measured]],
) -> list[Calibration]:
    """One calibration per component of :data:`CALIBRATED`."""
    return [_calibration(setting, data_set, one, measured, groups, coverings) for one in CALIBRATED]


def _calibration(
    setting: Setting,
    data_set: DataSet,
    component: Component,
    measured: Sequence[Measured],
    groups: Sequence[MeasuredGroup],
    coverings: Mapping[Covering, Sequence[Measured]],
) -> Calibration:
    model_id, model = setting.model(Task.FACE_MESH if component.is_of_mesh else Task.FACE_DETECTION)
    scores = _goodness(component, measured)
    hidden = {
        one: _goodness(component, coverings[one]) for one in _COVERED_BY.get(component.name, ()) if one in coverings
    }
    points = tuple(_point(component, scores, rate, hidden) for rate in RATES)
    return Calibration(
        check=CheckName.FACE_QUALITY,
        score=component.name,
        direction=HIGHER_IS_BETTER if component.is_higher_better else LOWER_IS_BETTER,
        unit=component.unit,
        model_id=model_id,
        model_sha256=model.sha256,
        measured_on=setting.measured_on,
        data_set=data_set,
        operating_points=points,
        groups=tuple(
            Group(
                group.data_set,
                tuple((_rejected(component, _goodness(component, group.pictures), p.threshold),) for p in points),
            )
            for group in groups
        ),
        notes=_NOTES,
    )


def _goodness(component: Component, measured: Sequence[Measured]) -> Scores:
    """The scores, turned round where lower is better."""
    sign = 1 if component.is_higher_better else -1
    return sign * np.array([one.scores[component.name] for one in measured])


def _point(component: Component, scores: Scores, rate: float, hidden: Mapping[Covering, Scores]) -> OperatingPoint:
    limit = rejecting_threshold(scores, rate)
    threshold = limit if component.is_higher_better else -limit
    missed = tuple(wilson(f"missed.{one}", int((found >= limit).sum()), len(found)) for one, found in hidden.items())
    return OperatingPoint("bona_fide_rejection", rate, threshold, _rejected(component, scores, threshold), missed)


def _rejected(component: Component, scores: Scores, threshold: float) -> Rate:
    limit = threshold if component.is_higher_better else -threshold
    return wilson("bona_fide_rejection", int((scores < limit).sum()), len(scores))


def _described(title: str, listed: PairList, part: Sequence[Measured]) -> DataSet:
    return DataSet(title, listed.sha256, len(part), len({identity_of(one.path) for one in part}))


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description="Calibrate the selfie's quality limits.")
    add_common_arguments(parser)
    parser.add_argument("--pairs", type=Path, required=True, help="CSV that names the pictures")
    parser.add_argument("--group-pairs", type=Path, help="CSV of a part of the population, reported beside")
    parser.add_argument("--group-title", default="", help="its title, as it stands in the file")
    given = parser.parse_args(arguments)
    setting, listed = open_setting(given), read_pairs(given.pairs)
    measured = measure(setting, listed)
    coverings = measure_covered(setting, listed)
    groups = [*thirds_of_skin_luma(measured, listed, given.title)]
    if given.group_pairs:
        part = read_pairs(given.group_pairs)
        groups.append(MeasuredGroup(part.data_set(given.group_title), measure(setting, part)))
    for made in calibrate(setting, listed.data_set(given.title), measured, groups, coverings):
        sys.stdout.write(f"{write_calibration(made, given.out)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
