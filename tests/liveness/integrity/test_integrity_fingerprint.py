from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyc_service.imaging.picture import Pixels
from kyc_service.liveness.integrity import EarlierCaptures, distance, fingerprint
from tests.faces.people import PEOPLE, exposed, person, resized


def saved_again(pixels: Pixels, quality: int) -> Pixels:
    _, encoded = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(encoded, cv2.IMREAD_COLOR), dtype=np.uint8)


@pytest.mark.parametrize("name", PEOPLE)
def test_a_copy_is_near_and_another_picture_far(name: str) -> None:
    own = fingerprint(person(name))
    assert len(own) == 32
    for copy in (saved_again(person(name), 40), resized(person(name), 0.4), exposed(person(name), 1.1)):
        assert distance(own, fingerprint(copy)) <= 20
    other = person(PEOPLE[1 - PEOPLE.index(name)])
    assert distance(own, fingerprint(other)) > 60
    assert distance(own, fingerprint(np.ascontiguousarray(person(name)[:, ::-1]))) > 60


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32))
def test_distance_is_a_metric(a: bytes, b: bytes, c: bytes) -> None:
    assert distance(a, a) == 0
    assert distance(a, b) == distance(b, a) <= distance(a, c) + distance(c, b)


@given(st.lists(st.binary(min_size=32, max_size=32), max_size=8), st.binary(min_size=32, max_size=32))
def test_the_nearest_earlier_one_is_found(earlier: list[bytes], own: bytes) -> None:
    nearest = EarlierCaptures(fingerprints=tuple(earlier)).nearest(own)
    assert nearest == min((distance(own, one) for one in earlier), default=256)


def test_fingerprints_of_two_kinds_are_not_compared() -> None:
    with pytest.raises(ValueError, match="lengths"):
        distance(bytes(32), bytes(8))
