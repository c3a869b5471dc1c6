"""Reading, danger, faults, confidence, time: counted by hand on a handful of pictures."""

from __future__ import annotations

from typing import Any

import pytest

from kyc_service.evaluation.documents.comparing import Match, compare
from kyc_service.evaluation.documents.confidence_figures import confidence_figures
from kyc_service.evaluation.documents.fault_figures import NO_REASON, fault_figures, recognition_figures
from kyc_service.evaluation.documents.reading_figures import field_figures, side_figures
from kyc_service.evaluation.documents.seen import FieldSeen, PictureSeen, State
from kyc_service.evaluation.documents.timing_figures import timing_figures
from kyc_service.evaluation.documents.wrong_figures import wrong_cases, wrong_figures
from tests.evaluation.documents.builders import labelled, read, seen

TRUTH = {"full_name": "陆青禾", "id_number": "330106198503129989"}
RIGHT = {"full_name": read("陆青 禾"), "id_number": read("330106198503129989", ends_clear=True)}
WRONG = read("330106198503129980", 0.97, ends_clear=True)


def entry(entries: list[dict[str, Any]], **wanted: str) -> dict[str, Any]:
    (found,) = (e for e in entries if all(e[key] == value for key, value in wanted.items()))
    return found


def pictures() -> list[PictureSeen]:
    """Four plain fronts (right; wrong number; name not read; sent back), a faulty and an attacked one."""
    return [
        seen(labelled(2, TRUTH), RIGHT),
        seen(labelled(3, TRUTH), {**RIGHT, "id_number": WRONG}),
        seen(labelled(4, TRUTH, severity="severe"), {"id_number": RIGHT["id_number"]}),
        seen(labelled(5, TRUTH, severity="severe"), state=State.SENT_BACK, retakes=("document_blurred",)),
        seen(labelled(6, TRUTH, fault="glare"), {**RIGHT, "id_number": WRONG}),
        seen(labelled(7, TRUTH, attack="copy_move"), {**RIGHT, "id_number": WRONG}),
    ]


def test_a_field_is_exact_wrong_not_read_or_unavailable() -> None:
    right, wrong, unread, sent_back, *_ = pictures()
    assert [c.match for c in compare(right)] == [Match.EXACT, Match.EXACT]
    assert [c.match for c in compare(wrong)] == [Match.EXACT, Match.WRONG_READ]
    assert [c.match for c in compare(unread)] == [Match.NOT_READ, Match.EXACT]
    assert {c.match for c in compare(sent_back)} == {Match.UNAVAILABLE}


def test_field_rates_are_of_plain_pictures_and_of_the_kept_ones() -> None:
    number = entry(field_figures(pictures()), field="id_number", family="", severity="", side="")
    assert number["n"] == 4
    assert (number["exact_of_all"]["count"], number["exact_of_all"]["n"]) == (2, 4)
    assert (number["exact_of_kept"]["count"], number["exact_of_kept"]["n"]) == (2, 3)
    # One character of three numbers of 18.
    assert number["character_error_rate_of_kept"]["rate"] == pytest.approx(1 / 54, rel=1e-5)
    assert (number["wrong_read"], number["wrong_not_read"], number["unavailable"]) == (1, 0, 1)
    name = entry(field_figures(pictures()), field="full_name", severity="severe", family="", side="")
    assert name["wrong_not_read"] == 1
    assert name["character_error_rate_of_kept"]["rate"] == 1


def test_sides_say_what_became_of_the_pictures() -> None:
    whole = entry(side_figures(pictures()), family="", severity="", side="")
    assert (whole["n"], whole["retake"]["count"], whole["retake_reasons"]) == (4, 1, {"document_blurred": 1})
    assert (whole["all_fields_exact_of_kept"]["count"], whole["all_fields_exact_of_kept"]["n"]) == (1, 3)
    assert (whole["number_exact_of_kept"]["count"], whole["number_exact_of_kept"]["n"]) == (2, 3)
    assert whole["uncertain_of_kept"]["count"] == 1
    assert whole["fates"] == {"exact": 1, "wrong": 1, "wrong_and_doubted": 1, "sent_back": 1}


def test_a_kept_picture_without_a_family_was_not_recognised() -> None:
    whole, *_ = side_figures([seen(labelled(2, TRUTH), family=None), seen(labelled(3, TRUTH), RIGHT)])
    assert (whole["unrecognised_of_kept"]["count"], whole["fates"]) == (1, {"unrecognised": 1, "exact": 1})


def test_a_doubted_reading_is_not_wrong_but_certain() -> None:
    doubted = FieldSeen("1", 0.3, is_certain=False, points=(), ends_clear=False)
    assert not wrong_cases([seen(labelled(2, TRUTH), {"id_number": doubted})])


def test_wrong_but_clear_is_counted_apart_for_plain_faulty_and_attacked_pictures() -> None:
    figures = {f["population"]: f for f in wrong_figures(pictures()) if f["field"] == "id_number"}
    counts = {p: (f["wrong_but_certain"]["count"], f["wrong_but_clear"]["n"]) for p, f in figures.items()}
    assert counts == {"plain": (1, 3), "fault": (1, 1), "attack": (1, 1)}
    assert [c.seen.picture.row for c in wrong_cases(pictures())] == [3, 6, 7]


def test_names_do_not_decide() -> None:
    wrong_name = {**RIGHT, "full_name": read("陆青", ends_clear=True)}
    assert not wrong_cases([seen(labelled(2, TRUTH), wrong_name)])


def test_faults_are_held_against_the_reason_that_helps() -> None:
    blurred = seen(labelled(2, fault="blur"), state=State.SENT_BACK, retakes=("document_blurred",))
    other = seen(labelled(3, fault="blur"), state=State.SENT_BACK, retakes=("document_unreadable",))
    kept = seen(labelled(4, TRUTH, fault="blur"), RIGHT)
    blur = entry(fault_figures([blurred, other, kept, seen(labelled(5))]), fault="blur")
    assert (blur["sent_back"]["count"], blur["asked_for_given"]["count"], blur["n"]) == (2, 1, 3)
    assert blur["reasons"] == {"document_blurred": 1, "document_unreadable": 1, NO_REASON: 1}
    assert blur["kept_with_all_fields_exact"] == 1


def test_what_is_no_document_and_what_has_a_broken_zone_is_recognised() -> None:
    unsupported = ("document.image_integrity.supported_document", "document_unsupported")
    broken = ("document.data_validation.mrz", "mrz_check_digit")
    outcome = {"document.data_validation.mrz": "clear"}
    sound = labelled(6, {"mrz": "A|B"}, family="td2")
    figures = recognition_figures(
        [
            seen(labelled(2, family="none"), reasons=(unsupported,), family=None),
            seen(labelled(3, family="none"), family="passport"),
            seen(labelled(4, attack="mrz_check_digit"), reasons=(broken,)),
            seen(labelled(5, attack="mrz_check_digit"), outcomes=outcome),
            seen(sound, outcomes=outcome),
        ]
    )
    assert (figures["unsupported"]["rejected"]["count"], figures["unsupported"]["taken_for"]) == (1, {"passport": 1})
    assert (figures["mrz_check_digit"]["rejected"]["count"], figures["mrz_check_digit"]["mrz_check_clear"]) == (1, 1)
    assert figures["sound_mrz"]["check_clear"]["count"] == 1


def test_confidence_bins_hold_every_reading_of_bona_fide_pictures_once() -> None:
    sure = seen(labelled(8, TRUTH), {"full_name": read("陆青禾", 1.0), "id_number": read("1", 0.0)})
    whole, *_ = confidence_figures([*pictures(), sure])
    assert whole["field"] == ""
    assert sum(b["exact"]["n"] for b in whole["bins"]) == 9
    assert whole["bins"][-1]["exact"]["count"] == 1
    assert whole["bins"][0]["exact"]["n"] == 1


def test_times_are_percentiles_and_round_bins() -> None:
    timed = [seen(labelled(i), timings_ms={"total": 100.0 * i, "decode": 5.0}) for i in range(1, 11)]
    figures = timing_figures(timed)
    assert figures["stages"][0] == {"stage": "total", "n": 10, "p50_ms": 550.0, "p95_ms": 955.0}
    assert sum(figures["histogram"]["counts"]) == 10
    assert figures["histogram"]["edges_ms"][1] == 50.0
    assert timing_figures([seen(labelled())])["histogram"]["counts"] == []


def test_groups_run_from_the_whole_to_the_finest_and_from_mild_to_severe() -> None:
    found = [seen(labelled(i, severity=severity)) for i, severity in enumerate(("severe", "", "mild", "middle"), 2)]
    figures = side_figures(found)
    assert [side["severity"] for side in figures if not side["family"]] == ["", "mild", "middle", "severe", "unstated"]
    assert figures[0]["n"] == 4
