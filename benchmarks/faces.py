"""How long faces take: finding, describing (the selfie's path), and one search among 100,000.

``make bench-faces`` prints a table and writes JSON.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from benchmarks.steps import Quantiles, report, timed
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.measurements import Region
from kyc_service.faces.align import align
from kyc_service.faces.detect import find_faces
from kyc_service.faces.embed import embed_faces
from kyc_service.faces.search import nearest_first
from kyc_service.faces.views import views
from kyc_service.imaging.decode import decode
from kyc_service.inference.load import load_face_engines
from kyc_service.inference.manifest import read_manifest
from kyc_service.inference.threads import ThreadSettings, configure

HELD = (1_000, 10_000, 100_000)
NUMBERS = 128
_NOWHERE = Region(CaptureKind.SELFIE, (), "")


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=30, help="counted runs of each step")
    parser.add_argument("--selfie", type=Path, default=Path("fixtures/applicants/genuine_cn_card/selfie.jpg"))
    parser.add_argument("--models", type=Path, default=Path("models"))
    parser.add_argument("--streams", type=int, default=1, help="model calls at the same time")
    parser.add_argument("--json", type=Path, default=Path("out/bench-faces.json"))
    given = parser.parse_args()
    threads = ThreadSettings(per_inference=1, parallel_inferences=given.streams)
    configure(threads)
    measured = {**_path(given, threads), **_searches(given.runs)}
    report(measured, given.json, streams=given.streams)


def _path(given: argparse.Namespace, threads: ThreadSettings) -> dict[str, Quantiles]:
    engines = load_face_engines(read_manifest(given.models), given.models, threads)
    pixels = decode(given.selfie.read_bytes(), target_long_side_px=960).pixels
    found = find_faces(pixels, engines.detector)[0]
    face = align(pixels, found, _NOWHERE)
    return {
        "find": timed(given.runs, lambda: find_faces(pixels, engines.detector)),
        "align": timed(given.runs, lambda: align(pixels, found, _NOWHERE)),
        "mesh and crops": timed(given.runs, lambda: views(face, engines.mesher)),
        "describe (mesh, crops, network)": timed(given.runs, lambda: embed_faces((face,), engines)),
    }


def _searches(runs: int) -> dict[str, Quantiles]:
    generator = np.random.default_rng(0)
    measured = {}
    for held in HELD:
        templates = generator.normal(size=(held, NUMBERS)).astype(np.float32)
        templates /= np.linalg.norm(templates, axis=1, keepdims=True)
        probe = templates[held // 2]
        measured[f"search among {held:,}"] = timed(runs, lambda t=templates, p=probe: next(nearest_first(t, p)))  # type: ignore[misc]
    return measured


if __name__ == "__main__":
    main()
