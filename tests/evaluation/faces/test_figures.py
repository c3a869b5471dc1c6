from __future__ import annotations

import json
from pathlib import Path

from kyc_service.evaluation.calibration import write_calibration
from kyc_service.evaluation.faces.calibrating import ModelUsed, match_calibration, search_calibration
from kyc_service.evaluation.faces.describing import Described, PictureDescribed
from kyc_service.evaluation.faces.evaluation import InForce, Run, det_of, evaluation_to_json
from kyc_service.evaluation.faces.measuring import measure
from kyc_service.evaluation.faces.page import render_page
from kyc_service.evaluation.faces.scales import COSINE, comparisons_of
from tests.evaluation.faces.drawn import SHA, crowd, listed, templates

USED = ModelUsed("a_model", SHA, "2026-11-23")
RUN = Run({"a_model": SHA}, "2026-11-23", (InForce(1e-3, 0.4),))


def described(found: dict[str, object]) -> Described:
    made = Described()
    for path, template in found.items():
        made.add(PictureDescribed(path, {COSINE.score: template}, "", 5.0))  # type: ignore[dict-item]
    return made


def test_the_figures_hold_no_path_and_count_what_was_lost() -> None:
    found, everybody = crowd(30, 3)
    lost = everybody.paths[1]
    del found[lost]
    made = described(dict(found))
    made.add(PictureDescribed(lost, {}, "no_face"))
    figures = evaluation_to_json(RUN, measure(COSINE, found, everybody, [everybody]), made)
    assert figures["acquisition"]["failed"]["count"] == 1
    assert figures["acquisition"]["reasons"] == {"no_face": 1}
    assert figures["acquisition"]["mated_pairs_lost"] == 1
    assert figures["comparisons"] == {"mated_listed": 60, "mated": 59, "non_mated": 89 * 88 // 2 - 29 * 3 - 1}
    assert figures["in_force"][0]["threshold"] == 0.4
    assert figures["timings"]["p50_ms"] == 5
    assert "/p/" not in json.dumps(figures)


def test_the_curve_is_what_was_counted_by_hand() -> None:
    """Before any stranger matches, cho's pair alone is missed; when no mated pair is missed, some strangers match."""
    curve = det_of(comparisons_of(COSINE, templates(), listed()))
    assert curve[0] == [0, 1]
    assert [0, 0.333333] in curve
    assert curve[-1] == [1, 0]


def test_the_page_holds_the_curves_and_nothing_from_outside() -> None:
    found, everybody = crowd(30, 3)
    page = render_page(evaluation_to_json(RUN, measure(COSINE, found, everybody, [everybody]), described(dict(found))))
    assert page.count("<polyline") == 2
    assert "At the thresholds in force" in page
    assert "<script" not in page
    assert "http" not in page.replace("http-equiv", "")


def test_calibrations_name_their_operating_points(tmp_path: Path) -> None:
    found, everybody = crowd(110, 4)
    measured = measure(COSINE, found, everybody, [everybody])
    match = json.loads(write_calibration(match_calibration(COSINE, measured, USED, 0), tmp_path).read_text())
    assert [point["rate"] for point in match["operating_points"]] == [0.1, 0.01, 0.001, 0.0001, 0.00001]
    assert {rate["kind"] for rate in match["groups"][0]["points"][0]["measured"]} >= {"fmr", "fnmr", "fmr_ratio"}
    calibration = search_calibration(COSINE, measured, USED)
    assert calibration is not None
    search = json.loads(write_calibration(calibration, tmp_path).read_text())
    assert (search["check"], search["direction"]) == ("face.known_faces", "lower_is_better")
    named = {(point["kind"], point["rate"]): point for point in search["operating_points"]}
    assert named["fpir_at_100", 0.01]["measured"]["kind"] == "fpir"
    assert named["fpir_at_100", 0.01]["beside"][0]["kind"] == "fnir"


def test_too_few_people_calibrate_no_search() -> None:
    found, everybody = crowd(30, 3)
    assert search_calibration(COSINE, measure(COSINE, found, everybody, []), USED) is None
