"""The classifiers that ship: a bona fide capture outscores an attack; what is too small is not assessed."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from kyc_service.documents.authenticity.classifier import (
    ClassifierInvalid,
    Classifiers,
    load_classifiers,
    read_classifier,
)
from kyc_service.documents.authenticity.measure import SCORES, measure
from kyc_service.documents.authenticity.places import Places
from kyc_service.domain.measurements import Measurement, NotAssessed, Score
from kyc_service.domain.reasons import Reason
from kyc_service.imaging.picture import Pixels
from tests.documents.authenticity.pictures import (
    DIGITS,
    NUMBER_BOX,
    PORTRAIT_BOX,
    document_on,
    halftoned,
    on_screen,
    photographed,
    picture_of,
    printed,
    region,
)

FOLDER = Path(__file__).parents[3] / "models" / "authenticity"
CARD = "cn_resident_identity_card"
PLACES = Places(region(NUMBER_BOX, "number"), len(DIGITS), region(PORTRAIT_BOX, "portrait"))


@pytest.fixture(scope="module")
def classifiers() -> Classifiers:
    return load_classifiers(FOLDER)


def answers(pixels: Pixels, classifiers: Classifiers, family: str = CARD) -> dict[str, Measurement]:
    picture = picture_of(pixels)
    found = measure(picture, document_on(picture), PLACES, family, classifiers)
    assert len(found) == len(SCORES)
    return dict(zip(SCORES, found, strict=True))


def native(measurement: Measurement) -> float:
    assert isinstance(measurement, Score)
    return measurement.native


def test_every_score_has_a_classifier_whose_file_it_names(classifiers: Classifiers) -> None:
    assert set(classifiers.by_score) == set(SCORES)
    for name, classifier in classifiers.by_score.items():
        content = (FOLDER / f"{name}.json").read_bytes()
        assert classifiers.hashes[classifier.model_id] == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize(
    ("score", "attacked"),
    [
        ("screen_recapture", photographed(on_screen(printed()))),
        ("print_copy", photographed(halftoned(printed()))),
        ("camera_absence", printed()),
    ],
)
def test_a_bona_fide_capture_outscores_the_attack(score: str, attacked: Pixels, classifiers: Classifiers) -> None:
    honest = answers(photographed(printed()), classifiers)
    assert native(honest[score]) > native(answers(attacked, classifiers)[score])


def test_a_replaced_portrait_scores_below_its_own(classifiers: Classifiers) -> None:
    card = printed()
    left, top, right, bottom = PORTRAIT_BOX
    card[top:bottom, left:right] = np.clip(card[top:bottom, left:right].astype(int) - 20, 0, 255).astype(np.uint8)
    honest = answers(photographed(printed()), classifiers)["portrait_splice"]
    attacked = answers(photographed(card), classifiers)["portrait_splice"]
    assert native(honest) > native(attacked)
    assert isinstance(attacked, Score)
    assert attacked.evidence.regions == (PLACES.portrait,)


def test_a_strip_over_the_number_scores_below_the_whole_number(classifiers: Classifiers) -> None:
    card = printed()
    left, top, right, bottom = NUMBER_BOX
    cell = (right - left) / len(DIGITS)
    start, end = round(left + 7 * cell), round(left + 9 * cell)
    card[top - 6 : bottom + 6, start:end] = (200, 208, 226)
    cv2.putText(card, "46", (start + 4, bottom - 14), cv2.FONT_HERSHEY_COMPLEX, 1.2, (10, 10, 10), 2, cv2.LINE_AA)
    honest = answers(photographed(printed()), classifiers)["number_splice"]
    attacked = answers(photographed(card), classifiers)["number_splice"]
    assert native(honest) > native(attacked)
    assert isinstance(attacked, Score)
    assert attacked.evidence.regions[0].label == "number_part"


def test_a_small_document_is_not_assessed_rather_than_guessed(classifiers: Classifiers) -> None:
    small = np.asarray(cv2.resize(photographed(printed()), (480, 303), interpolation=cv2.INTER_AREA), np.uint8)
    picture = picture_of(small)
    found = measure(picture, document_on(picture), Places(), CARD, classifiers)
    by_score = dict(zip(SCORES, found, strict=True))
    for name in ("screen_recapture", "print_copy", "number_splice", "portrait_splice"):
        answer = by_score[name]
        assert isinstance(answer, NotAssessed)
        assert answer.reason is Reason.NOT_MEASURED
        assert answer.cause.startswith(name)


def test_a_family_it_was_not_trained_on_is_not_assessed(classifiers: Classifiers) -> None:
    found = answers(photographed(printed()), classifiers, family="td3")
    assert isinstance(found["number_splice"], NotAssessed)
    assert isinstance(found["portrait_splice"], NotAssessed)


@pytest.mark.parametrize(
    "change",
    [{"schema": 2}, {"check": "no.such.check"}, {"bias": "much"}, {"measures": [{"name": "x"}]}, {"measures": None}],
)
def test_a_file_of_another_form_is_refused(change: dict[str, object]) -> None:
    written = json.loads((FOLDER / "print_copy.json").read_text("utf-8"))
    with pytest.raises(ClassifierInvalid):
        read_classifier(json.dumps({**written, **change}).encode())
