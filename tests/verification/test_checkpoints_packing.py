"""Results come back as they were; nothing else can be built from bytes."""

from __future__ import annotations

import os
import pickle
from datetime import UTC, date, datetime
from types import MappingProxyType

import numpy as np
import pytest

from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.checks import CheckName
from kyc_service.domain.measurements import Evidence, NotAssessed, Region, Score
from kyc_service.domain.reasons import Reason
from kyc_service.verification.checkpoints_packing import ResultUnreadable, pack, unpack


def test_measurements_come_back_as_they_were() -> None:
    region = Region(CaptureKind.SELFIE, ((1.0, 2.0), (3.5, 4.0)), "face")
    evidence = Evidence((region,), MappingProxyType({"a": [1, None, 2.5], "b": "text"}))
    captures = frozenset({CaptureKind.SELFIE})
    result = (
        Score(CheckName.FACE_MATCH, "cosine_similarity", 0.5, 75.0, "model", captures, evidence),
        NotAssessed(CheckName.AGE, Reason.STAGE_FAILED, "cause"),
        (date(2026, 11, 24), datetime(2026, 11, 24, tzinfo=UTC)),
    )
    got = unpack(pack(result))
    assert got == result
    assert isinstance(got[0].evidence.values, MappingProxyType)


@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64, np.int64])
@pytest.mark.parametrize("shape", [(3, 4, 3), (0,), ()])
def test_arrays_come_back_as_they_were(dtype: type[np.generic], shape: tuple[int, ...]) -> None:
    array = np.arange(int(np.prod(shape))).reshape(shape).astype(dtype)
    for given in (array, array.T, array[..., None][::-1] if shape else array):
        got = unpack(pack(given))
        assert isinstance(got, np.ndarray)
        assert got.dtype == given.dtype
        assert np.array_equal(got, given)
    number = dtype(3)
    assert type(unpack(pack(number))) is dtype


@pytest.mark.parametrize("named", [os.system, eval, pack, pickle.Unpickler, Score.__post_init__, np.save])
def test_nothing_else_is_built(named: object) -> None:
    with pytest.raises(ResultUnreadable):
        unpack(pickle.dumps(named))


@pytest.mark.parametrize("data", [b"", b"\x80", b"junk", pickle.dumps((1, 2))[:-2]])
def test_other_bytes_are_no_result(data: bytes) -> None:
    with pytest.raises(ResultUnreadable):
        unpack(data)


def test_what_cannot_be_kept_is_said_so() -> None:
    with pytest.raises(ResultUnreadable):
        pack(lambda: None)
