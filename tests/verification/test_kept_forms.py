"""What is kept of a stage without its pixels gives them back, bit for bit, out of the same capture."""

from __future__ import annotations

import numpy as np
import pytest

from kyc_service.documents.finding.locate import LocatedDocument, cut_again, locate, whole_picture
from kyc_service.domain.captures import CaptureKind
from kyc_service.imaging.decode import decode
from kyc_service.imaging.picture import Picture
from kyc_service.verification.checkpoints_packing import pack, unpack
from kyc_service.verification.document_branch import DOCUMENT_LONG_SIDE_PX
from kyc_service.verification.kept_forms import located_form
from tests.verification.test_applicants import CASES, FOLDER

NAMES = ("genuine_cn_card", "genuine_td3_passport", "genuine_cn_rare_name")
MOST_BYTES = 2000


def front_of(name: str) -> Picture:
    file = FOLDER / CASES[name].files[CaptureKind.DOCUMENT_FRONT]
    return decode(file.read_bytes(), target_long_side_px=DOCUMENT_LONG_SIDE_PX)


@pytest.mark.parametrize("quarters", range(4))
@pytest.mark.parametrize("is_whole", [False, True])
@pytest.mark.parametrize("name", NAMES)
def test_a_document_is_cut_out_again_as_it_was(name: str, quarters: int, *, is_whole: bool) -> None:
    picture = front_of(name)
    found = whole_picture(picture, CaptureKind.DOCUMENT_FRONT) if is_whole else locate(picture)
    assert found is not None
    document = found.turned(quarters)
    form = located_form(picture)
    kept = pack(form.kept(document))
    assert len(kept) < MOST_BYTES < document.pixels.nbytes
    again = form.restored(unpack(kept))  # type: ignore[arg-type]
    assert again is not None
    same(again, document)


def test_a_document_turned_twice_is_cut_out_as_turned_at_once() -> None:
    picture = front_of(NAMES[0])
    found = locate(picture)
    assert found is not None
    turned = found.turned(1).turned(2)
    again = cut_again(picture, turned.cut)
    assert np.array_equal(again.pixels, turned.pixels)
    assert np.allclose(again.to_source, turned.to_source)


def test_nothing_found_is_kept_as_nothing() -> None:
    form = located_form(front_of(NAMES[0]))
    assert form.restored(form.kept(None)) is None


def same(one: LocatedDocument, other: LocatedDocument) -> None:
    assert np.array_equal(one.pixels, other.pixels)
    assert np.array_equal(one.to_source, other.to_source)
    assert (one.region, one.width_px, one.cut) == (other.region, other.width_px, other.cut)
    assert (one.has_outline, one.touches_edge) == (other.has_outline, other.touches_edge)
