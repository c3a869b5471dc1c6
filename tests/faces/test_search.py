from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyc_service.faces.search import Gallery, Hit


def gallery(count: int, seed: int = 0) -> Gallery[str]:
    templates = np.random.default_rng(seed).normal(size=(count, 16)).astype(np.float32)
    return Gallery([f"face_{i}" for i in range(count)], templates / np.linalg.norm(templates, axis=1, keepdims=True))


def test_the_face_itself_comes_first() -> None:
    held = gallery(50)
    first, *others = held.search(held.templates[17], 0.2)
    assert first.id == "face_17"
    assert first.similarity == pytest.approx(1)
    assert [hit.similarity for hit in others] == sorted((hit.similarity for hit in others), reverse=True)


@given(st.integers(1, 40), st.floats(-1, 1), st.integers(0, 5))
def test_exactly_the_faces_that_are_as_like_are_found(count: int, at_least: float, seed: int) -> None:
    held = gallery(count, seed)
    template = gallery(1, seed + 100).templates[0]
    found = {hit.id for hit in held.search(template, at_least)}
    assert found == {held.ids[i] for i in range(count) if float((held.templates @ template)[i]) >= np.float32(at_least)}


def test_equally_like_faces_stay_in_order() -> None:
    held = Gallery(["b", "a"], np.array([[1, 0], [1, 0]], np.float32))
    assert held.search(np.array([1, 0], np.float32), 0.5) == (Hit("b", 1.0), Hit("a", 1.0))


def test_an_empty_gallery_has_no_hit() -> None:
    assert Gallery([], np.zeros((0, 4), np.float32)).search(np.ones(4, np.float32), -1) == ()


def test_every_template_has_an_id() -> None:
    with pytest.raises(ValueError, match="2 ids"):
        Gallery(["a", "b"], np.zeros((1, 4), np.float32))
