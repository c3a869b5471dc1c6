from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from kyc_service.evaluation.calibration import DataSet
from kyc_service.evaluation.pad.calibrate import pad_calibration
from kyc_service.evaluation.pad.figures import PadRun, pad_figures
from kyc_service.evaluation.pad.manifest import Presentation
from kyc_service.evaluation.pad.observing import NonResponse, Trial
from kyc_service.evaluation.pad.page import render_pad_page
from kyc_service.evaluation.pad.thresholds import NoBonaFide, calibration_of
from kyc_service.liveness.passive import PadClassifier

RUN = PadRun("hand-made", "0" * 64, {"try": "1" * 64}, "2026-11-23", {0.05: 0.5})
CLASSIFIER = PadClassifier("try", "1" * 64, 1.0, 1.0, 0.0, ())


def trial(species: str, score: float | None, row: int) -> Trial:
    shown = Presentation(row, (Path("private.jpg"),), not species, species, f"s{row % 3}")
    if score is None:
        return Trial(shown, is_clip=False, non_response=NonResponse.NO_FACE)
    return Trial(shown, is_clip=False, scores={"pad_score": score, "model_score": 0.5}, frame_ms=(10.0,))


TRIALS = [
    trial("", 0.9, 2),
    trial("", 0.8, 3),
    trial("", 0.4, 4),
    trial("", None, 5),
    trial("print", 0.1, 6),
    trial("print", 0.7, 7),
    trial("print", None, 8),
    trial("replay_phone", 0.2, 9),
]


def test_rates_by_hand_at_the_calibrated_threshold() -> None:
    figures = pad_figures(RUN, TRIALS)
    at = figures["scores"][0]["at_calibrated_thresholds"][0]
    assert (at["bpcer"]["count"], at["bpcer"]["n"]) == (1, 3)
    assert {e["species"]: (e["count"], e["n"]) for e in at["apcer"]} == {"print": (1, 2), "replay_phone": (0, 1)}
    assert at["worst"]["species"] == "print"


def test_non_responses_stand_apart_and_in_no_other_denominator() -> None:
    apart = pad_figures(RUN, TRIALS)["non_responses"]
    assert (apart["bpnrr"]["count"], apart["bpnrr"]["n"]) == (1, 4)
    assert {e["species"]: (e["count"], e["n"]) for e in apart["apnrr"]} == {"print": (1, 3), "replay_phone": (0, 1)}
    assert apart["bpnrr"]["causes"] == {"unreadable": 0, "no_face": 1}


def test_every_rate_has_its_interval() -> None:
    at = pad_figures(RUN, TRIALS)["scores"][0]["at_own_thresholds"][0]
    for share in (at["bpcer"], *at["apcer"]):
        assert share["ci_low"] <= share["rate"] <= share["ci_high"]


def test_no_path_and_no_subject_is_told() -> None:
    told = json.dumps(pad_figures(RUN, TRIALS))
    assert "private" not in told
    assert "s1" not in told


def test_the_page_names_the_worst_species() -> None:
    page = render_pad_page(pad_figures(RUN, TRIALS))
    assert "print (APCER), the worst" in page
    assert "<script" not in page


def test_a_list_of_attacks_alone_is_measured_too() -> None:
    figures = pad_figures(RUN, TRIALS[4:])
    assert figures["scores"][0]["auc"]["auc"] is None
    assert figures["scores"][0]["at_own_thresholds"] == []
    render_pad_page(figures)


def test_bona_fide_presentations_set_the_thresholds() -> None:
    made = calibration_of(RUN, TRIALS, CLASSIFIER)
    assert {point.rate: point.threshold for point in made.operating_points} == dict.fromkeys(
        (0.2, 0.1, 0.05, 0.01), 0.4
    )
    assert [rate.kind for rate in made.operating_points[0].beside] == ["apcer.print", "apcer.replay_phone"]


def test_of_two_sets_the_stricter_threshold_wins_and_the_other_set_says_its_cost() -> None:
    lax, strict = np.linspace(0.1, 1.0, 100), np.linspace(0.5, 1.0, 100)
    sets = [(DataSet("strict", "2" * 64, 100, 9), strict), (DataSet("lax", "3" * 64, 100, 9), lax)]
    made = pad_calibration(CLASSIFIER, sets, {}, "2026-11-23")
    at = {point.rate: point for point in made.operating_points}[0.05]
    assert at.threshold == pytest.approx(np.sort(strict)[5], abs=1e-5)
    assert at.measured.rate == 0.05
    assert [group.data_set.title for group in made.groups] == ["lax"]
    assert made.groups[0].measured[2][0].rate > 0.4


def test_attacks_alone_set_no_threshold() -> None:
    with pytest.raises(NoBonaFide):
        calibration_of(RUN, TRIALS[4:], CLASSIFIER)
