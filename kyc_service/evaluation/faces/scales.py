"""The scores that compare two faces, each with the kind of template it compares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kyc_service.evaluation.calibration import HIGHER_IS_BETTER, LOWER_IS_BETTER
from kyc_service.evaluation.faces.describing import Describe
from kyc_service.evaluation.faces.pairs import PairList, identity_of
from kyc_service.evaluation.matching import Comparisons, compare_all
from kyc_service.faces.align import AlignedFace
from kyc_service.faces.compare import COSINE_SIMILARITY, DLIB_DISTANCE
from kyc_service.faces.embed import embed_faces
from kyc_service.faces.second_opinion import FRONTAL_BOX
from kyc_service.inference.engines import Embedding, FaceEngines
from kyc_service.inference.manifest import Task


@dataclass(frozen=True, slots=True)
class Scale:
    """A score, and how its templates are made and compared; similarity is higher for alike faces."""

    score: str
    direction: str
    unit: str
    task: Task
    describe: Describe

    def similarity(self, templates: NDArray[np.float32]) -> NDArray[np.float32]:
        """T x D templates -> T x T; a distance is negated."""
        products: NDArray[np.float32] = templates @ templates.T
        if self.direction == HIGHER_IS_BETTER:
            return products
        squares = np.diag(products)
        return np.asarray(-np.sqrt(np.maximum(0.0, squares[:, None] + squares[None, :] - 2 * products)), np.float32)

    def threshold(self, similarity: float) -> float:
        """Back from similarity to the score's own direction."""
        return similarity if self.direction == HIGHER_IS_BETTER else -similarity


def _embedding(face: AlignedFace, engines: FaceEngines) -> Embedding:
    return embed_faces((face,), engines)[0]


def _other_embedding(face: AlignedFace, engines: FaceEngines) -> Embedding:
    return engines.second_opinion.describe(face.wide, FRONTAL_BOX)


COSINE: Final = Scale(COSINE_SIMILARITY, HIGHER_IS_BETTER, "cosine", Task.FACE_EMBEDDING, _embedding)
DISTANCE: Final = Scale(
    DLIB_DISTANCE, LOWER_IS_BETTER, "euclidean distance", Task.FACE_SECOND_OPINION, _other_embedding
)


def comparisons_of(scale: Scale, templates: dict[str, Embedding], listed: PairList) -> Comparisons:
    """The listed mated pairs, and every pair of two people, of the pictures that have a template."""
    paths = [path for path in listed.paths if path in templates]
    index = {path: number for number, path in enumerate(paths)}
    mated = [
        (index[pair.path_a], index[pair.path_b])
        for pair in listed.mated
        if pair.path_a in index and pair.path_b in index
    ]
    stacked = np.stack([templates[path] for path in paths])
    pairs = np.array(mated, dtype=np.int64).reshape(-1, 2)
    return compare_all(scale.similarity(stacked), people_of(paths), pairs)


def people_of(paths: list[str]) -> NDArray[np.int64]:
    """A number per picture, the same for pictures of one person."""
    _, numbers = np.unique([identity_of(path) for path in paths], return_inverse=True)
    return np.asarray(numbers, dtype=np.int64)
