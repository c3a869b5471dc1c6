"""``python -m kyc_service.evaluation.faces.directions``: the direction that a group of people shares.

It is the mean of the group's people, each counting once, however many pictures there are.
What they all share brings strangers among them together, so it is taken out of the face
network (:mod:`kyc_service.inference.levelling`); docs/adr/0014 has the figures.
"""

from __future__ import annotations

import argparse
import dataclasses
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

from kyc_service.evaluation.faces.describing import Described, describe
from kyc_service.evaluation.faces.pairs import PairList, identity_of, read_pairs
from kyc_service.evaluation.faces.scales import COSINE
from kyc_service.inference.engines import Embedding, FaceEngines
from kyc_service.inference.load import load_face_engines, load_unlevelled_embedder
from kyc_service.inference.manifest import Task, read_manifest
from kyc_service.inference.threads import ThreadSettings, configure

_DECIMALS: Final = 7

Vector = NDArray[np.float64]


def shared_direction(people: NDArray[np.float64]) -> Vector:
    """Unit vector along the mean of ``people`` (people x D).

    >>> shared_direction(np.array([[2.0, 1.0], [2.0, -1.0]])).tolist()
    [1.0, 0.0]
    """
    mean = people.mean(axis=0)
    return np.asarray(mean / np.linalg.norm(mean), dtype=np.float64)


def means_of_people(templates: dict[str, NDArray[np.float32]], listed: PairList) -> NDArray[np.float64]:
    """One row per person of ``listed``: the mean of their templates."""
    of_person: dict[str, list[NDArray[np.float32]]] = {}
    for path in listed.paths:
        if path in templates:
            of_person.setdefault(identity_of(path), []).append(templates[path])
    return np.stack([np.mean(rows, axis=0, dtype=np.float64) for rows in of_person.values()])


def _templates(listed: PairList, engines: FaceEngines) -> dict[str, Embedding]:
    described = Described()
    for path in track(listed.paths, description="faces", console=Console(stderr=True)):
        described.add(describe(path, engines, {COSINE.score: COSINE.describe}))
    return described.templates[COSINE.score]


def _content(network: str, listed: PairList, vector: Vector) -> dict[str, Any]:
    return {
        "schema": 1,
        "network": network,
        "measured_on": datetime.now(UTC).date().isoformat(),
        "data_set": dataclasses.asdict(listed.data_set()),
        "directions": [
            {
                "of": f"mean of: {listed.title}",
                "strength": 1.0,
                "vector": [round(float(value), _DECIMALS) for value in vector],
            }
        ],
    }


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description="Measure the direction to take out of the face network.")
    parser.add_argument("--models", type=Path, default=Path("models"), help="the folder of manifest.toml")
    parser.add_argument("--pairs", type=Path, required=True, help="CSV of the group's pictures: path_a, path_b, same")
    parser.add_argument("--title", required=True, help="what the group is")
    parser.add_argument("--out", type=Path, required=True, help="the JSON file")
    given = parser.parse_args(arguments)
    listed = read_pairs(given.pairs, given.title)
    manifest = read_manifest(given.models)
    threads = ThreadSettings(per_inference=1, parallel_inferences=1)
    configure(threads)
    engines = load_face_engines(manifest, given.models, threads)
    unlevelled = load_unlevelled_embedder(manifest, given.models, threads)
    found = _templates(listed, replace(engines, embedder=unlevelled))
    content = _content(manifest.use[Task.FACE_EMBEDDING], listed, shared_direction(means_of_people(found, listed)))
    given.out.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(f"{given.out}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
