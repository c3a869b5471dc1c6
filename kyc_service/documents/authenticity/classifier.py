"""A small linear classifier in a JSON file: names of measures, their spread, a weight each.

Inference is a dot product; nothing of the training is needed. The file's SHA-256 is the model's identity: a
calibration made with other weights does not count. Written by ``python -m kyc_service.evaluation.authenticity``.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from kyc_service.domain.checks import CheckName
from kyc_service.errors import Unavailable

SCHEMA: Final = 1


class ClassifierInvalid(Unavailable):
    """A classifier's file is not of the documented form."""

    code = "classifier_invalid"


@dataclass(frozen=True, slots=True)
class Classifier:
    """What turns measures into one score.

    ``names`` are the measures it takes, each centred by ``middles``, divided by ``spreads``, kept within plus and
    minus ``bound`` and multiplied by its weight. ``families`` are those it was trained on; empty: any.
    ``min_document_px`` is the length of the document's longer side on the decoded picture below which the cue does
    not exist; ``needs_outline`` that it takes a document told from its ground.
    """

    model_id: str
    sha256: str
    check: CheckName
    score: str
    names: tuple[str, ...]
    middles: tuple[float, ...]
    spreads: tuple[float, ...]
    weights: tuple[float, ...]
    bias: float
    bound: float
    min_document_px: float
    families: frozenset[str]
    needs_outline: bool

    def margin(self, measures: Mapping[str, float]) -> float:
        """Log odds of bona fide, as far as the training's balance means anything; higher is more like bona fide."""
        rows = zip(self.names, self.middles, self.spreads, self.weights, strict=True)
        parts = (w * max(-self.bound, min(self.bound, (measures[n] - m) / s)) for n, m, s, w in rows)
        return self.bias + math.fsum(parts)

    def native(self, measures: Mapping[str, float]) -> float:
        """The margin on 0..1, higher is more like bona fide."""
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, self.margin(measures)))))

    def strangest(self, measures: Mapping[str, float], count: int = 3) -> list[str]:
        """The measures that spoke most against bona fide, the gravest first."""
        rows = zip(self.names, self.middles, self.spreads, self.weights, strict=True)
        parts = sorted((w * max(-self.bound, min(self.bound, (measures[n] - m) / s)), n) for n, m, s, w in rows)
        return [name for part, name in parts[:count] if part < 0]


@dataclass(frozen=True, slots=True)
class Classifiers:
    """The classifiers of one folder, by the name of their score."""

    by_score: Mapping[str, Classifier]

    @property
    def hashes(self) -> dict[str, str]:
        """Model id to SHA-256, for reports and for reading calibrations."""
        return {classifier.model_id: classifier.sha256 for classifier in self.by_score.values()}


NO_CLASSIFIERS: Final = Classifiers({})


def load_classifiers(folder: Path) -> Classifiers:
    """Every ``*.json`` in ``folder``.

    Raises:
        ClassifierInvalid: a file is not of the documented form.
    """
    found = (read_classifier(path.read_bytes()) for path in sorted(folder.glob("*.json")))
    return Classifiers({classifier.score: classifier for classifier in found})


def read_classifier(content: bytes) -> Classifier:
    """One file.

    Raises:
        ClassifierInvalid: it is not of the documented form.
    """
    try:
        written = json.loads(content)
        return _checked(written, hashlib.sha256(content).hexdigest())
    except (KeyError, TypeError, ValueError) as error:
        raise ClassifierInvalid(f"a classifier cannot be used: {error}") from error


def _checked(written: Mapping[str, Any], sha256: str) -> Classifier:
    if written["schema"] != SCHEMA:
        raise ClassifierInvalid(f"classifiers of schema {written['schema']} cannot be read")
    measures = written["measures"]
    columns = {key: tuple(float(row[key]) for row in measures) for key in ("middle", "spread", "weight")}
    if not all(math.isfinite(v) for column in columns.values() for v in column) or min(columns["spread"]) <= 0:
        raise ValueError("weights are finite and spreads positive")
    return Classifier(
        model_id=str(written["id"]),
        sha256=sha256,
        check=CheckName(written["check"]),
        score=str(written["score"]),
        names=tuple(str(row["name"]) for row in measures),
        middles=columns["middle"],
        spreads=columns["spread"],
        weights=columns["weight"],
        bias=float(written["bias"]),
        bound=float(written["bound"]),
        min_document_px=float(written["min_document_px"]),
        families=frozenset(str(name) for name in written["families"]),
        needs_outline=bool(written["needs_outline"]),
    )
