"""``python -m kyc_service.evaluation.faces.directions``: which directions are taken out of the face network.

The first is the mean of the people of one group, taken out wholly: what they all share
brings strangers among them together. The second is what is then left of the mean of all
people, taken out in part: it says "a face", and tells nobody apart either; the more of it
goes, the fewer mated pairs are missed and the farther the groups drift apart again.
Each person counts once, however many pictures there are.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track

from kyc_service.evaluation.faces.describing import Described, describe_all
from kyc_service.evaluation.faces.pairs import PairList, identity_of, read_pairs
from kyc_service.faces.embed import embed_faces
from kyc_service.inference.engines import FaceEngines
from kyc_service.inference.load import load_face_engines, load_unlevelled_embedder
from kyc_service.inference.manifest import Manifest, Task, read_manifest
from kyc_service.inference.threads import ThreadSettings, configure

COMMON_STRENGTH: Final = 0.3
"""Share of the mean of all people that is taken out: docs/adr/0014 has the figures."""
_DECIMALS: Final = 7

Vector = NDArray[np.float64]


def measure_directions(everybody: NDArray[np.float64], group: NDArray[np.float64]) -> tuple[Vector, Vector]:
    """Unit vectors: the mean of ``group`` (people x D), and what of the mean of ``everybody`` is not along it.

    >>> group, common = measure_directions(np.array([[1.0, 1.0]]), np.array([[2.0, 0.0]]))
    >>> group.tolist(), common.tolist()
    ([1.0, 0.0], [0.0, 1.0])
    """
    shared = _unit(group.mean(axis=0))
    mean = everybody.mean(axis=0)
    return shared, _unit(mean - (mean @ shared) * shared)


def means_of_people(templates: dict[str, NDArray[np.float32]], listed: PairList) -> NDArray[np.float64]:
    """One row per person of ``listed``: the mean of their templates."""
    of_person: dict[str, list[NDArray[np.float32]]] = {}
    for path in listed.paths:
        if path in templates:
            of_person.setdefault(identity_of(path), []).append(templates[path])
    return np.stack([np.mean(rows, axis=0, dtype=np.float64) for rows in of_person.values()])


def _unit(vector: Vector) -> Vector:
    return np.asarray(vector / np.linalg.norm(vector), dtype=np.float64)


def _templates(lists: list[PairList], engines: FaceEngines) -> Described:
    described = Described()
    for listed in lists:
        work = describe_all(listed.paths, listed.root, engines, lambda f, e: embed_faces((f,), e)[0], described)
        for _ in track(work, description="faces", total=len(listed.paths), console=Console(stderr=True)):
            pass
    return described


def _content(manifest: Manifest, lists: list[PairList], vectors: tuple[Vector, Vector]) -> dict[str, Any]:
    model_id = manifest.use[Task.FACE_EMBEDDING]
    described = zip(
        (f"mean of: {lists[1].title}", f"mean of: {lists[0].title}"), (1.0, COMMON_STRENGTH), vectors, strict=True
    )
    return {
        "schema": 1,
        "network": model_id,
        "measured_on": datetime.now(UTC).date().isoformat(),
        "data_sets": [
            {"title": s.title, "list_sha256": s.list_sha256, "pictures": s.pictures, "identities": s.identities}
            for s in (listed.data_set() for listed in lists)
        ],
        "directions": [
            {"of": of, "strength": strength, "vector": [round(float(v), _DECIMALS) for v in vector]}
            for of, strength, vector in described
        ],
    }


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description="Measure the directions to take out of the face network.")
    parser.add_argument("--models", type=Path, default=Path("models"), help="the folder of manifest.toml")
    parser.add_argument("--pairs", type=Path, required=True, help="CSV: path_a, path_b, same")
    parser.add_argument("--title", required=True)
    parser.add_argument("--group-pairs", type=Path, required=True, help="the same for one demographic group")
    parser.add_argument("--group-title", required=True)
    parser.add_argument("--out", type=Path, required=True, help="the JSON file")
    given = parser.parse_args(arguments)
    lists = [read_pairs(given.pairs, given.title), read_pairs(given.group_pairs, given.group_title)]
    manifest = read_manifest(given.models)
    threads = ThreadSettings(per_inference=1, parallel_inferences=1)
    configure(threads)
    engines = load_face_engines(manifest, given.models, threads)
    unlevelled = load_unlevelled_embedder(manifest, given.models, threads)
    found = _templates(lists, replace(engines, embedder=unlevelled)).templates
    vectors = measure_directions(means_of_people(found, lists[0]), means_of_people(found, lists[1]))
    given.out.write_text(json.dumps(_content(manifest, lists, vectors), indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(f"{given.out}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
