"""Whatever the pixels, a judgement comes back."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from kyc_service.documents.capture import faults
from kyc_service.documents.capture.faults import covering, local_fault, number_fault, portrait_fault, whole_fault
from kyc_service.documents.capture.places import PASSPORT_PAGE, RESIDENT_BACK, RESIDENT_FRONT, SidePlaces
from kyc_service.documents.capture.quality import look, retake_reason
from kyc_service.documents.capture.sharpness import sharpness_of
from kyc_service.documents.capture.surface import surface_of
from kyc_service.documents.capture.view import SIZE_PX, CardView
from kyc_service.documents.finding.locate import locate
from kyc_service.documents.side import Side
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.reasons import Reason
from kyc_service.imaging.picture import Pixels
from kyc_service.inference.ocr import NullTextReader
from tests.documents.samples import picture_of

CORNERS = np.array([(0, 0), (640, 0), (640, 404), (0, 404)], np.float32)
PLACES = st.sampled_from([None, RESIDENT_FRONT, RESIDENT_BACK, PASSPORT_PAGE])
SMALL = hnp.arrays(np.uint8, st.tuples(st.integers(4, 40), st.integers(4, 40), st.just(3)))


@settings(max_examples=20, deadline=None)
@given(tile=SMALL, places=PLACES, is_inside=st.booleans())
def test_faults_of_any_surface(tile: Pixels, places: SidePlaces | None, *, is_inside: bool) -> None:
    pixels = np.resize(np.kron(tile, np.ones((16, 16, 1), np.uint8)), (SIZE_PX[1], SIZE_PX[0], 3)).astype(np.uint8)
    inside = np.full(pixels.shape[:2], is_inside)
    surface = surface_of(CardView(pixels, inside, CORNERS, 640.0, places))
    found = [f(surface) for f in (portrait_fault, covering, number_fault)]
    found += [local_fault(surface, None), whole_fault(surface, sharpness_of(pixels))]
    assert all(reason is None or isinstance(reason, Reason) for reason in found)


@settings(max_examples=15, deadline=None)
@given(SMALL)
def test_any_picture_without_text_is_to_be_taken_again(tile: Pixels) -> None:
    picture = picture_of(np.kron(tile, np.ones((18, 18, 1), np.uint8)).astype(np.uint8))
    kind = CaptureKind.DOCUMENT_FRONT
    located = locate(picture, kind)
    seen = look(picture, Side(kind, located), located)
    assert retake_reason(seen, NullTextReader()) is not None


def test_an_outline_alone_shows_what_reaches_over_its_edge() -> None:
    card = np.full((SIZE_PX[1], SIZE_PX[0], 3), 220, np.uint8)
    card[200:, 280:400] = (110, 140, 190)
    surface = surface_of(CardView(card, np.ones(card.shape[:2], np.bool_), CORNERS, 640.0, None))
    assert faults.local_fault(surface, None) is Reason.DOCUMENT_COVERED
