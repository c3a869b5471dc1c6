"""``python -m kyc_service.evaluation.faces``: calibrate the face match on pairs with known truth.

Every picture is looked at and described once, by the service's own code; then the given
mated pairs and every pair of different identities are compared. A second list, of one
demographic group, is reported at the thresholds of the first and moves none.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kyc_service.domain.checks import CheckName
from kyc_service.evaluation.calibration import (
    HIGHER_IS_BETTER,
    LOWER_IS_BETTER,
    Calibration,
    Group,
    OperatingPoint,
    write_calibration,
)
from kyc_service.evaluation.matching import Comparisons, compare_all, fmr_at, fmr_of_identity_pairs_at, fnmr_at
from kyc_service.evaluation.pictures import PairList, identity_of, look_at, read_pairs
from kyc_service.evaluation.rates import Rate, accepting_threshold
from kyc_service.evaluation.setting import Setting, add_common_arguments, open_setting
from kyc_service.faces.align import AlignedFace
from kyc_service.faces.compare import COSINE_SIMILARITY, DLIB_DISTANCE
from kyc_service.faces.embed import embed_faces
from kyc_service.faces.second_opinion import FRONTAL_BOX
from kyc_service.inference.engines import Embedding, FaceEngines
from kyc_service.inference.manifest import Task

FMRS: Final = (1e-1, 1e-2, 1e-3, 1e-4, 1e-5)
_NOTES: Final = (
    "Press photographs: they say little about a printed portrait against a selfie; keep a review band.",
    "Intervals come from drawing identities with replacement, or are Wilson's where those are wider.",
)


@dataclass(frozen=True, slots=True)
class _Listed:
    """A list of pairs under the title it is reported by."""

    title: str
    pairs: PairList


@dataclass(frozen=True, slots=True)
class _Scale:
    """A score, and how its kind of templates is compared; similarity is higher for alike faces."""

    score: str
    direction: str
    unit: str
    task: Task
    describe: Callable[[AlignedFace, FaceEngines], Embedding]

    def similarity(self, templates: NDArray[np.float64]) -> NDArray[np.float64]:
        """T x D templates -> T x T; a distance is negated."""
        products = templates @ templates.T
        if self.direction == HIGHER_IS_BETTER:
            return products
        squares = np.diag(products)
        return -np.sqrt(np.maximum(0.0, squares[:, None] + squares[None, :] - 2 * products))

    def threshold(self, similarity: float) -> float:
        """Back from similarity to the score's own direction."""
        return similarity if self.direction == HIGHER_IS_BETTER else -similarity


def _embedding(face: AlignedFace, engines: FaceEngines) -> Embedding:
    return embed_faces((face,), engines.embedder)[0]


def _other_embedding(face: AlignedFace, engines: FaceEngines) -> Embedding:
    return engines.second_opinion.describe(face.wide, FRONTAL_BOX)


_COSINE: Final = _Scale(COSINE_SIMILARITY, HIGHER_IS_BETTER, "cosine", Task.FACE_EMBEDDING, _embedding)
_DISTANCE: Final = _Scale(
    DLIB_DISTANCE, LOWER_IS_BETTER, "euclidean distance", Task.FACE_SECOND_OPINION, _other_embedding
)


def calibrate(
    setting: Setting, listed: _Listed, groups: Sequence[_Listed], *, is_second_opinion: bool
) -> list[Calibration]:
    """Measure the face match, and the second opinion where asked, on ``listed``."""
    scales = (_COSINE, _DISTANCE) if is_second_opinion else (_COSINE,)
    templates = _templates(setting, [listed, *groups], scales)
    return [_calibration(scale, setting, templates[scale.score], listed, groups) for scale in scales]


def _templates(setting: Setting, lists: Sequence[_Listed], scales: Sequence[_Scale]) -> dict[str, dict[str, Embedding]]:
    """Templates by score and path; pictures are let go one by one, only vectors are kept."""
    paths = sorted({path for listed in lists for path in listed.pairs.paths})
    made: dict[str, dict[str, Embedding]] = {scale.score: {} for scale in scales}
    for path, _, look in look_at(paths, setting.root, setting.engines, "faces"):
        if look.face is not None:
            for scale in scales:
                made[scale.score][path] = scale.describe(look.face, setting.engines)
    return made


def _calibration(
    scale: _Scale,
    setting: Setting,
    templates: dict[str, Embedding],
    listed: _Listed,
    groups: Sequence[_Listed],
) -> Calibration:
    comparisons = _comparisons(scale, templates, listed.pairs)
    limits = [accepting_threshold(comparisons.non_mated, rate) for rate in FMRS]
    points = tuple(
        OperatingPoint("fmr", rate, scale.threshold(limit), fmr_at(comparisons, limit), _beside(comparisons, limit))
        for rate, limit in zip(FMRS, limits, strict=True)
    )
    model_id, model = setting.model(scale.task)
    missing = sum(path not in templates for path in listed.pairs.paths)
    return Calibration(
        check=CheckName.FACE_MATCH,
        score=scale.score,
        direction=scale.direction,
        unit=scale.unit,
        model_id=model_id,
        model_sha256=model.sha256,
        measured_on=setting.measured_on,
        data_set=listed.pairs.data_set(listed.title),
        operating_points=points,
        groups=tuple(_group(scale, templates, group, limits) for group in groups),
        notes=(*_NOTES, f"Pictures without a face, left out: {missing}."),
    )


def _beside(comparisons: Comparisons, limit: float) -> tuple[Rate, ...]:
    return fnmr_at(comparisons, limit), fmr_of_identity_pairs_at(comparisons, limit)


def _group(scale: _Scale, templates: dict[str, Embedding], group: _Listed, limits: Sequence[float]) -> Group:
    comparisons = _comparisons(scale, templates, group.pairs)
    measured = tuple((fmr_at(comparisons, limit), *_beside(comparisons, limit)) for limit in limits)
    return Group(group.pairs.data_set(group.title), measured)


def _comparisons(scale: _Scale, templates: dict[str, Embedding], pairs: PairList) -> Comparisons:
    paths = [path for path in pairs.paths if path in templates]
    index = {path: number for number, path in enumerate(paths)}
    names = sorted({identity_of(path) for path in paths})
    identities = np.array([names.index(identity_of(path)) for path in paths], dtype=np.int64)
    mated = [
        (index[pair.path_a], index[pair.path_b])
        for pair in pairs.pairs
        if pair.is_mated and pair.path_a in index and pair.path_b in index
    ]
    stacked = np.stack([templates[path] for path in paths]).astype(np.float64)
    return compare_all(scale.similarity(stacked), identities, np.array(mated, dtype=np.int64).reshape(-1, 2))


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description="Calibrate the face match.")
    add_common_arguments(parser)
    parser.add_argument("--pairs", type=Path, required=True, help="CSV: path_a, path_b, same")
    parser.add_argument("--group-pairs", type=Path, help="the same for one demographic group")
    parser.add_argument("--group-title", default="", help="what that group is")
    parser.add_argument("--second-opinion", action="store_true", help="calibrate the second model too (slow)")
    given = parser.parse_args(arguments)
    setting = open_setting(given)
    listed = _Listed(given.title, read_pairs(given.pairs))
    groups = [_Listed(given.group_title, read_pairs(given.group_pairs))] if given.group_pairs else []
    for made in calibrate(setting, listed, groups, is_second_opinion=given.second_opinion):
        sys.stdout.write(f"{write_calibration(made, given.out)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
