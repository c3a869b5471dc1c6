"""Scores of one document side: is it the document itself, and is it whole.

Every score is a weak signal learnt from simulated attacks: higher is more like a bona fide capture, and a low one asks
for a person's look. Metadata stand beside the score of a missing camera as evidence and have no part in it: anyone
can write or strip them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from kyc_service.documents.authenticity.classifier import Classifier, Classifiers
from kyc_service.documents.authenticity.measures import Measures, take_measures
from kyc_service.documents.authenticity.places import Places
from kyc_service.documents.finding.locate import LocatedDocument
from kyc_service.domain.measurements import Evidence, EvidenceValue, Measurement, NotAssessed, Region, Score
from kyc_service.domain.reasons import Reason
from kyc_service.imaging.metadata import Metadata
from kyc_service.imaging.picture import Picture

SCREEN_RECAPTURE: Final = "screen_recapture"
PRINT_COPY: Final = "print_copy"
CAMERA_ABSENCE: Final = "camera_absence"
NUMBER_SPLICE: Final = "number_splice"
PORTRAIT_SPLICE: Final = "portrait_splice"
SCORES: Final = (SCREEN_RECAPTURE, PRINT_COPY, CAMERA_ABSENCE, NUMBER_SPLICE, PORTRAIT_SPLICE)


def measure(
    picture: Picture, document: LocatedDocument, places: Places, family: str, classifiers: Classifiers
) -> tuple[Measurement, ...]:
    """One measurement per classifier.

    Args:
        picture: The picture as decoded; the cues are looked for at its own resolution.
        document: The document found on it, right way up.
        places: Where its number and its portrait are.
        family: The family's name; a classifier trained on other families does not answer.
        classifiers: As loaded from the models' folder.

    Returns:
        A score (native 0..1, higher is more like bona fide; mapped to 0..100) or why there is none.
    """
    taken = take_measures(picture, document, places)
    return tuple(
        _answer(classifiers.by_score[name], taken, family, document, places, picture.metadata)
        for name in SCORES
        if name in classifiers.by_score
    )


def _answer(
    classifier: Classifier,
    taken: Measures,
    family: str,
    document: LocatedDocument,
    places: Places,
    metadata: Metadata,
) -> Measurement:
    captures = frozenset({document.region.capture})
    group = {NUMBER_SPLICE: taken.number, PORTRAIT_SPLICE: taken.portrait}.get(classifier.score, taken.surface)
    cause = _why_not(classifier, taken, group, family)
    if cause:
        values = Evidence((document.region,), {"score": classifier.score, "document_px": round(taken.document_px)})
        return NotAssessed(classifier.check, Reason.NOT_MEASURED, f"{classifier.score}: {cause}", captures, values)
    native = classifier.native(group)
    return Score(
        classifier.check,
        classifier.score,
        round(native, 6),
        round(100 * native, 1),
        classifier.model_id,
        captures,
        _evidence(classifier, taken, group, document, places, metadata),
    )


def _why_not(classifier: Classifier, taken: Measures, group: Mapping[str, float], family: str) -> str:
    if classifier.families and family not in classifier.families:
        return "not trained for this family"
    if classifier.needs_outline and not taken.has_outline:
        return "the document was not told from its ground"
    if taken.document_px < classifier.min_document_px:
        return "the document is too small on the picture"
    if not group:
        return "the place was not found or is too small"
    return ""


def _evidence(
    classifier: Classifier,
    taken: Measures,
    group: Mapping[str, float],
    document: LocatedDocument,
    places: Places,
    metadata: Metadata,
) -> Evidence:
    values: dict[str, EvidenceValue] = {
        "document_px": round(taken.document_px),
        "spoke_against": [f"{name} {group[name]:.3g}" for name in classifier.strangest(group)],
    }
    region = document.region
    if classifier.score == NUMBER_SPLICE and places.number is not None:
        region = _cells_of(places.number, taken.strangest_cells, places.number_characters)
    elif classifier.score == PORTRAIT_SPLICE and places.portrait is not None:
        region = places.portrait
    elif classifier.score == CAMERA_ABSENCE:
        values["camera_named"] = metadata.camera_make is not None or metadata.camera_model is not None
        values["software"] = metadata.software
    return Evidence((region,), values)


def _cells_of(number: Region, cells: tuple[int, int], characters: int) -> Region:
    """The part of the number's region that the cells take up."""
    corners = np.array(number.points, np.float64)
    first, last = cells[0] / characters, cells[1] / characters
    top = corners[1] - corners[0]
    bottom = corners[2] - corners[3]
    points = (
        corners[0] + first * top,
        corners[0] + last * top,
        corners[3] + last * bottom,
        corners[3] + first * bottom,
    )
    return Region(number.capture, tuple((float(x), float(y)) for x, y in np.round(points, 1)), "number_part")
