"""Templates of invented people: unit vectors in the plane, whose angles give every similarity by hand."""

from __future__ import annotations

import math

import numpy as np

from kyc_service.evaluation.faces.pairs import Pair, PairList
from kyc_service.inference.engines import Embedding

SHA = "0" * 64
# Degrees of each picture: ann and bea 60 apart, cho 90 from bea, within 10 of themselves.
ANGLES = {"/p/ann/0": 0, "/p/ann/1": 10, "/p/bea/0": 60, "/p/bea/1": 70, "/p/cho/0": 150, "/p/cho/1": 190}


def templates() -> dict[str, Embedding]:
    return {
        path: np.array([math.cos(math.radians(a)), math.sin(math.radians(a))], np.float32) for path, a in ANGLES.items()
    }


def listed(title: str = "drawn") -> PairList:
    pairs = [Pair(f"/p/{name}/0", f"/p/{name}/1", is_mated=True) for name in ("ann", "bea", "cho")]
    return PairList(title, tuple(pairs), SHA)


def crowd(people: int, per_person: int, seed: int = 0) -> tuple[dict[str, Embedding], PairList]:
    """Many people in 32 dimensions; pictures of one are near each other."""
    generator = np.random.default_rng(seed)
    found: dict[str, Embedding] = {}
    pairs = []
    for i in range(people):
        middle = generator.normal(size=32)
        for j in range(per_person):
            vector = middle + 0.6 * generator.normal(size=32)
            found[f"/p/{i:04}/{j}"] = (vector / np.linalg.norm(vector)).astype(np.float32)
        pairs += [Pair(f"/p/{i:04}/0", f"/p/{i:04}/{j}", is_mated=True) for j in range(1, per_person)]
    return found, PairList("crowd", tuple(pairs), SHA)
