"""Calibration files: which threshold gives which error rate, as an evaluation measured it.

The files lie in ``models/calibration`` and are made by the evaluation commands; their
form is documented there. A calibration counts only for the very model it was made with.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kyc_service.decision.policy import Direction, OperatingPoint
from kyc_service.domain.checks import CheckName
from kyc_service.errors import InvalidInput


class CalibrationInvalid(InvalidInput):
    """A calibration file cannot be used."""

    code = "calibration_invalid"


class CalibrationMissing(InvalidInput):
    """No calibration holds the operating point."""

    code = "calibration_missing"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class _Model(_Part):
    id: str
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class _DataSet(_Part):
    title: str


class _Rate(_Part):
    kind: str
    rate: float = Field(ge=0, le=1)
    ci_low: float = Field(ge=0, le=1)
    ci_high: float = Field(ge=0, le=1)
    n: int = Field(gt=0)


class _Point(_Part):
    kind: str
    rate: float = Field(gt=0, lt=1)
    threshold: float = Field(allow_inf_nan=False)
    measured: _Rate


class _File(_Part):
    version: Literal[1] = Field(alias="schema")
    check: CheckName
    score: str
    direction: Direction
    unit: str
    model: _Model
    measured_on: str
    data_set: _DataSet
    operating_points: list[_Point]


@dataclass(frozen=True, slots=True)
class CalibratedPoint:
    """A threshold and what was measured at it."""

    threshold: float
    direction: Direction
    operating_point: OperatingPoint


@dataclass(frozen=True, slots=True)
class Calibrations:
    """All calibration files of one folder. ``sha256`` covers their bytes."""

    files: tuple[_File, ...]
    sha256: str

    def point(self, check: CheckName, score: str, kind: str, rate: float) -> CalibratedPoint:
        """The threshold of ``check``'s ``score`` at which ``kind`` is ``rate``.

        Raises:
            CalibrationMissing: nobody measured that.
        """
        for file in self.files:
            for point in file.operating_points:
                found = (file.check, file.score, point.kind) == (check, score, kind)
                if found and math.isclose(point.rate, rate):
                    return CalibratedPoint(point.threshold, file.direction, _operating_point(file, point))
        raise CalibrationMissing(f"no calibration of {check}/{score} holds {kind} {rate:g}")

    def measured(self, check: CheckName, score: str) -> tuple[str, ...]:
        """The error rates at which ``check``'s ``score`` was measured, as a policy writes them."""
        files = [file for file in self.files if (file.check, file.score) == (check, score)]
        return tuple(f"{point.kind} {point.rate:g}" for file in files for point in file.operating_points)


def read_calibrations(folder: Path, model_sha256s: Collection[str]) -> Calibrations:
    """Every ``*.json`` in ``folder``.

    Raises:
        CalibrationInvalid: a file is not of the documented form, or was made with a model
            that is not among ``model_sha256s``: its rates say nothing of another one.
    """
    files: list[_File] = []
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.json")):
        text = path.read_bytes()
        digest.update(text)
        try:
            file = _File.model_validate_json(text)
        except ValidationError as error:
            raise CalibrationInvalid(f"calibration {path.name} cannot be used: {error}") from error
        if file.model.sha256 not in model_sha256s:
            raise CalibrationInvalid(f"calibration {path.name} was made with another model than {file.model.id} here")
        files.append(file)
    return Calibrations(tuple(files), digest.hexdigest())


def _operating_point(file: _File, point: _Point) -> OperatingPoint:
    return OperatingPoint(
        kind=point.kind,
        rate=point.rate,
        ci_low=point.measured.ci_low,
        ci_high=point.measured.ci_high,
        n=point.measured.n,
        data_set=file.data_set.title,
        model_sha256=file.model.sha256,
        measured_on=file.measured_on,
    )
