"""Describe all pictures, in this process or in several that load the models once each."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kyc_service.evaluation.faces.describing import PictureDescribed, describe
from kyc_service.evaluation.faces.scales import COSINE, DISTANCE
from kyc_service.inference.engines import FaceEngines
from kyc_service.inference.load import load_face_engines
from kyc_service.inference.manifest import read_manifest
from kyc_service.inference.threads import ThreadSettings, configure
from kyc_service.observability.logs import configure_logs

_DESCRIBERS: Final = {scale.score: scale.describe for scale in (COSINE, DISTANCE)}
_AT_ONCE: Final = 8
_loaded: Final[dict[Path, FaceEngines]] = {}
"""This process's engines, once they are loaded."""


@dataclass(frozen=True, slots=True)
class Describer:
    """What a process needs to describe pictures; can be pickled. ``scores`` are names of scales."""

    models: Path
    scores: tuple[str, ...]

    def __call__(self, path: str) -> PictureDescribed:
        """Describe one picture."""
        if self.models not in _loaded:
            configure_logs()
            threads = ThreadSettings(per_inference=1, parallel_inferences=1)
            configure(threads)
            _loaded[self.models] = load_face_engines(read_manifest(self.models), self.models, threads)
        return describe(path, _loaded[self.models], {score: _DESCRIBERS[score] for score in self.scores})


def describe_all(paths: Sequence[str], describer: Describer, jobs: int) -> Iterator[PictureDescribed]:
    """What was found on each of ``paths``, in their order."""
    if jobs == 1:
        yield from map(describer, paths)
        return
    # Spawned, not forked: a forked copy of a process with threads may hang.
    with ProcessPoolExecutor(min(jobs, len(paths)), multiprocessing.get_context("spawn")) as pool:
        try:
            yield from pool.map(describer, paths, chunksize=_AT_ONCE)
        finally:
            pool.shutdown(cancel_futures=True)
