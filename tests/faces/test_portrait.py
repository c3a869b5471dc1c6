from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.measurements import Finding, Region
from kyc_service.domain.reasons import Reason
from kyc_service.faces.portrait import PortraitLook, look
from kyc_service.faces.quality import COMPONENTS
from kyc_service.inference.null_engines import null_face_engines
from tests.faces.people import blurred, detected, engines, person, resized

GREY = np.random.default_rng(1).integers(80, 160, (240, 320, 3), dtype=np.uint8)


def shifted(points: NDArray[np.float32]) -> Region:
    """A crop that lay 1000 px to the right in the upload."""
    return Region(CaptureKind.DOCUMENT_FRONT, tuple((float(x) + 1000, float(y)) for x, y in points), "")


def finding_of(seen: PortraitLook) -> Finding:
    (finding,) = seen.measurements
    assert isinstance(finding, Finding)
    return finding


def test_no_portrait_is_a_reason() -> None:
    seen = look(GREY, shifted, null_face_engines())
    assert (finding_of(seen).reasons, seen.face) == ((Reason.PORTRAIT_NOT_FOUND,), None)


def test_a_portrait_is_shown_where_it_is_in_the_upload() -> None:
    seen = look(GREY, shifted, null_face_engines((detected(100, 60),)))
    assert finding_of(seen).reasons == ()
    (region,) = finding_of(seen).evidence.regions
    assert (region.label, region.points[0]) == ("portrait", (1116.0, 72.0))
    assert seen.face is not None


@pytest.mark.parametrize(("scale", "reasons"), [(0.48, (Reason.PORTRAIT_POOR,)), (0.5, ())])
def test_a_portrait_of_too_few_pixels_is_poor(scale: float, reasons: tuple[Reason, ...]) -> None:
    seen = look(GREY, shifted, null_face_engines((detected(100, 60, scale),)))
    assert finding_of(seen).reasons == reasons


@pytest.mark.models
@pytest.mark.parametrize("turns", range(4))
def test_a_card_on_its_side_still_has_its_portrait(turns: int) -> None:
    seen = look(np.ascontiguousarray(np.rot90(person("hopper"), turns)), shifted, engines())
    assert finding_of(seen).reasons == ()
    assert finding_of(seen).evidence.values["quarter_turns"] == turns


@pytest.mark.parametrize(("confidence", "reasons"), [(0.74, (Reason.PORTRAIT_POOR,)), (0.75, ())])
def test_what_is_hardly_a_face_is_poor(confidence: float, reasons: tuple[Reason, ...]) -> None:
    seen = look(GREY, shifted, null_face_engines((detected(100, 60, confidence=confidence),)))
    assert finding_of(seen).reasons == reasons


@pytest.mark.models
def test_a_blurred_portrait_is_poor() -> None:
    seen = look(blurred(person("collins"), 4), shifted, engines())
    assert finding_of(seen).reasons == (Reason.PORTRAIT_POOR,)


@pytest.mark.models
def test_a_portrait_has_the_components_of_a_selfie_as_evidence() -> None:
    seen = look(person("hopper"), shifted, engines())
    assert {one.name for one in COMPONENTS} - {"second_face_ratio"} <= set(finding_of(seen).evidence.values)
    assert seen.mesh is not None


@pytest.mark.models
def test_a_thumbnail_is_poor() -> None:
    seen = look(resized(person("collins"), 0.25), shifted, engines())
    assert finding_of(seen).reasons == (Reason.PORTRAIT_POOR,)
