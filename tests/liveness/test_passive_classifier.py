from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyc_service.liveness.passive.classifier import (
    PadClassifierInvalid,
    load_pad_classifier,
    native,
    read_pad_classifier,
)

MODELS = Path(__file__).parents[2] / "models"


def written(**changes: Any) -> bytes:
    whole: dict[str, Any] = {
        "schema": 1,
        "id": "try",
        "bias": 1.0,
        "model": {"weight": 0.5, "bound": 4.0},
        "cues": [{"name": "peak", "knee": 1.0, "spread": 0.5, "weight": 2.0, "bound": 3.0}],
    }
    return json.dumps(whole | changes).encode()


def test_a_margin_by_hand() -> None:
    classifier = read_pad_classifier(written())
    assert classifier.margin(0.5, {"peak": 0.0}) == 1.0
    assert classifier.margin(0.5, {"peak": 2.0}) == pytest.approx(1.0 - 2.0 * 2.0)
    assert classifier.margin(1.0, {"peak": 0.0}) == pytest.approx(1.0 + 0.5 * 4.0)
    assert classifier.margin(0.0, {"peak": 99.0}) == pytest.approx(1.0 - 2.0 - 6.0)


def test_a_cue_that_was_not_taken_counts_nothing() -> None:
    assert read_pad_classifier(written()).margin(0.5, {}) == 1.0


@given(st.floats(0, 1), st.floats(-50, 50), st.floats(-50, 50))
def test_a_louder_cue_never_raises_the_score(probability: float, value: float, other: float) -> None:
    classifier = load_pad_classifier(MODELS / "liveness" / "passive.json")
    low, high = sorted((value, other))
    for cue in classifier.cues:
        quiet, loud = ({cue.name: one} for one in (low, high))
        assert classifier.margin(probability, loud) <= classifier.margin(probability, quiet)


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_surer_network_never_lowers_the_score(one: float, other: float) -> None:
    classifier = load_pad_classifier(MODELS / "liveness" / "passive.json")
    low, high = sorted((one, other))
    assert native(classifier.margin(low, {})) <= native(classifier.margin(high, {}))


@pytest.mark.parametrize(
    "content",
    [
        b"{",
        b"[]",
        written(schema=2),
        written(bias=float("nan")),
        written(model={"weight": -0.1, "bound": 4.0}),
        written(cues=[{"name": "peak", "knee": 1.0, "spread": 0.5, "weight": -2.0, "bound": 3.0}]),
        written(cues=[{"name": "peak", "knee": 1.0, "spread": 0.0, "weight": 2.0, "bound": 3.0}]),
        written(cues=[{"name": "peak"}]),
    ],
)
def test_a_file_of_another_form_is_refused(content: bytes) -> None:
    with pytest.raises(PadClassifierInvalid):
        read_pad_classifier(content)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PadClassifierInvalid):
        load_pad_classifier(tmp_path / "passive.json")
