"""The committed ranges, written a second time: nobody narrows them after a look at the results."""

from dataclasses import astuple

import pytest

from specimens.severity import MIDDLE, MILD, SEVERE, Severity


@pytest.mark.parametrize(
    ("severity", "expected"),
    [
        (MILD, ((0, 12), (-8, 8), (900, 1700), (0.3, 0.8), (0, 1.5), (0.75, 1.2), (1, 4), (80, 95), (0, 2), 0.1, 0.05, 0.05)),
        (MIDDLE, ((4, 25), (-20, 20), (650, 1400), (0.5, 1.3), (0, 3), (0.5, 1.35), (2, 8), (60, 90), (1, 5), 0.2, 0.2, 0.15)),
        (SEVERE, ((10, 38), (-45, 45), (480, 1100), (0.8, 2.2), (0, 6), (0.28, 1.7), (5, 16), (35, 75), (3, 9), 0.35, 0.45, 0.3)),
    ],
)  # fmt: skip
def test_ranges_are_as_committed(severity: Severity, expected: tuple[object, ...]) -> None:
    assert astuple(severity)[:-1] == expected
