"""Samples: one seed, one picture; splits apart; boxes where the print is; orientation kept by EXIF."""

from io import BytesIO

import cv2
import numpy as np
import pytest
from PIL import Image, ImageOps

from specimens.attack_protocol import Split
from specimens.camera.photograph import Mishap
from specimens.camera.sensor import as_jpeg
from specimens.camera.shot import projected, shot
from specimens.dataset import COLUMNS, Request, Sample, known_attacks, samples
from specimens.drawing.faces import CHINESE, FIXED_PITCH
from specimens.faults import FAULTS, spoiled
from specimens.severity import MILD, SeverityName

CARD = "cn_resident_identity_card"
FRONT = ("front",)


def _one(**changes: object) -> Sample:
    request = {"families": (CARD,), "severities": (SeverityName.SEVERE,), "seed": 11, "sides": FRONT, **changes}
    return next(samples(Request(**request)))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def sample() -> Sample:
    return _one()


def test_a_seed_fixes_the_bytes(sample: Sample) -> None:
    assert _one().content == sample.content


def test_a_sample_depends_on_its_own_place_alone(sample: Sample) -> None:
    request = Request((CARD,), (SeverityName.SEVERE,), count=2, seed=11, sides=FRONT)
    parts = [next(samples(request, part=part, parts=2)) for part in range(2)]
    assert parts[0].content == sample.content
    assert parts[1].row["id_number"] != sample.row["id_number"]


def test_splits_are_apart(sample: Sample) -> None:
    assert _one(split=Split.TEST).row["id_number"] != sample.row["id_number"]
    assert not set(CHINESE[Split.TRAIN]) & set(CHINESE[Split.TEST])
    assert set(FIXED_PITCH[Split.TRAIN]) & set(FIXED_PITCH[Split.TEST]) == {"ocr_b"}


def test_rows_have_every_column_and_only_printed_truths(sample: Sample) -> None:
    assert tuple(sample.row) == COLUMNS
    assert sample.row["id_number"]
    assert sample.row["authority"] == ""


def test_boxes_lie_on_the_print(sample: Sample) -> None:
    """The box of the number is darker inside, in the stored picture put upright, than the strip right below it."""
    with Image.open(BytesIO(sample.content)) as stored:
        upright = np.asarray(ImageOps.exif_transpose(stored).convert("L"), np.float32)
    assert sample.flat is not None
    assert sample.flat_to_picture is not None
    box = sample.flat.boxes["id_number"]
    inside = _mean(upright, projected(sample.flat_to_picture, box.corners))
    below = box.corners + np.array((0, box.bottom - box.top + 0.6 * sample.flat.px_per_mm))
    assert inside < 0.9 * _mean(upright, projected(sample.flat_to_picture, below))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_brings_the_picture_upright(orientation: int) -> None:
    upright = np.zeros((32, 48, 3), np.uint8)
    upright[:16, :16] = 250
    upright[16:, 32:, 0] = 250
    with Image.open(BytesIO(as_jpeg(upright, 95, orientation))) as stored:
        assert stored.getexif().get(0x0112, 1) == orientation
        seen = np.asarray(ImageOps.exif_transpose(stored), np.int16)
    assert seen.shape == upright.shape
    assert np.abs(seen - upright).mean() < 12


@pytest.mark.parametrize("fault", ["wrong_side", "no_document", "two_documents", "screenshot"])
def test_faults_of_the_whole_picture_are_drawn(fault: str) -> None:
    made = _one(faults=(fault,))
    assert made.row["fault"] == fault
    assert bool(made.row["full_name"]) == (fault not in {"wrong_side", "no_document"})


@pytest.mark.parametrize("fault", ["dark", "glare", "blur", "cut_off", "covered", "too_small", "two_documents"])
def test_faults_of_the_shot_change_it(fault: str, sample: Sample) -> None:
    assert sample.flat is not None
    rng = np.random.default_rng(1)
    taken, flat = shot(MILD, rng), sample.flat
    made = spoiled(fault, taken, flat, lambda: flat, rng)
    assert fault in FAULTS
    assert (made.shot, made.mishap) != (taken, Mishap())


def test_attacks_keep_the_genuine_truth() -> None:
    assert "mrz_check_digit" in known_attacks()
    altered = _one(families=("td3",), attacks=("mrz_check_digit",))
    assert altered.row["attack"] == "mrz_check_digit"
    assert altered.row["document_number"]


def _mean(grey: np.ndarray, corners: np.ndarray) -> float:
    mask = np.zeros(grey.shape, np.uint8)
    cv2.fillConvexPoly(mask, np.round(corners).astype(np.int32), 1)
    return float(grey[mask > 0].mean())
