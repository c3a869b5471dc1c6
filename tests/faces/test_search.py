from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from kyc_service.faces.search import nearest_first


def gallery(count: int, seed: int = 0) -> NDArray[np.float32]:
    templates = np.random.default_rng(seed).normal(size=(count, 16)).astype(np.float32)
    return np.asarray(templates / np.linalg.norm(templates, axis=1, keepdims=True), dtype=np.float32)


def test_the_face_itself_comes_first() -> None:
    row, similarity = next(nearest_first(gallery(50), gallery(50)[17]))
    assert row == 17
    assert similarity == pytest.approx(1)


@given(st.integers(0, 120), st.integers(0, 5))
def test_every_face_comes_once_and_in_order(count: int, seed: int) -> None:
    held, template = gallery(count, seed), gallery(1, seed + 100)[0]
    found = list(nearest_first(held, template))
    assert sorted(row for row, _ in found) == list(range(count))
    similarities = [similarity for _, similarity in found]
    assert similarities == sorted(similarities, reverse=True)
    for row, similarity in found:
        assert similarity == pytest.approx(float(held[row] @ template), abs=1e-5)


@given(st.sets(st.integers(0, 99)), st.integers(0, 5))
def test_only_the_rows_that_are_asked_for_are_looked_at(rows: set[int], seed: int) -> None:
    held, template = gallery(100, seed), gallery(1, seed + 100)[0]
    found = nearest_first(held, template, np.array(sorted(rows), dtype=np.int64))
    assert {row for row, _ in found} == rows
