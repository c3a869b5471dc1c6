from __future__ import annotations

import numpy as np
import pytest

from kyc_service.documents.locate import locate
from kyc_service.documents.portrait import portrait_box, portrait_crop
from kyc_service.domain.claims import DocumentType
from tests.documents.samples import picture_of, sample

CARD = DocumentType.CN_RESIDENT_IDENTITY_CARD


def test_without_outline_or_template_the_whole_page_is_searched() -> None:
    located = locate(picture_of(np.full((600, 900, 3), 128, np.uint8)))
    assert located is not None
    height, width = located.pixels.shape[:2]
    assert portrait_box(located, CARD) == (0, 0, width, height)
    assert portrait_box(located, DocumentType.PASSPORT) == (0, 0, width, height)


def test_on_a_card_the_portrait_stands_to_the_right_of_the_fields() -> None:
    located = locate(sample("genuine_cn_card"))
    assert located is not None
    height, width = located.pixels.shape[:2]
    x, y, across, down = portrait_box(located, CARD)
    assert x < 0.62 * width
    assert x + across <= width + 1
    assert y < 0.13 * height
    assert y + down > 0.75 * height
    assert portrait_crop(located, CARD).shape[:2] == (down, min(across, width - x))


@pytest.mark.parametrize("document_type", [None, DocumentType.VISA])
def test_unknown_families_have_no_template(document_type: DocumentType | None) -> None:
    located = locate(sample("genuine_cn_card"))
    assert located is not None
    assert portrait_box(located, document_type)[:2] == (0, 0)
