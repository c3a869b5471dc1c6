"""Sample cards made worse: what is read wrongly must not be read with certainty."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from kyc_service.documents.engines import DocumentEngines
from kyc_service.documents.stage import read_front
from kyc_service.domain.document import FieldName
from tests.documents.samples import TODAY, picture_of, sample, truths

CARDS = [(case, truth) for case, truth in truths() if "ethnicity" in truth and case != "blurred_card"]
WIDTHS_PX = (2000, 1400, 1000, 800, 640, 500)
COMPARED = {
    FieldName.ID_NUMBER: "id_number",
    FieldName.FULL_NAME: "full_name",
    FieldName.SEX: "sex",
}


def degraded(pixels: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """``pixels`` made smaller, then blurred, shaken, darkened or lightened, with noise and a poor JPEG on top."""
    width = int(rng.choice(WIDTHS_PX))
    size = (width, round(pixels.shape[0] * width / pixels.shape[1]))
    worse = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    kind = rng.integers(4)
    if kind == 0:
        worse = cv2.GaussianBlur(worse, (0, 0), rng.uniform(0.3, 0.0028 * width + 0.5))
    elif kind == 1:
        length = int(rng.integers(2, width // 120))
        worse = cv2.filter2D(worse, -1, np.full((1, length), 1 / length, np.float32))
    else:
        worse = worse * (rng.uniform(0.12, 0.5) if kind == 2 else rng.uniform(1.0, 1.5))
    worse = worse + rng.normal(0, rng.uniform(1, 14), worse.shape[:2])[..., None]
    encoded = cv2.imencode(".jpg", np.clip(worse, 0, 255).astype(np.uint8), [1, int(rng.integers(25, 92))])[1]
    return np.asarray(cv2.imdecode(encoded, cv2.IMREAD_COLOR), np.uint8)


@pytest.mark.models
@pytest.mark.parametrize("seed", range(16))
def test_what_is_read_wrongly_is_uncertain(seed: int, engines: DocumentEngines) -> None:
    rng = np.random.default_rng(seed)
    case, truth = CARDS[seed % len(CARDS)]
    stage = read_front(picture_of(degraded(sample(case).pixels, rng)), None, engines, TODAY)
    if stage.reading is None:
        return
    certain = {f.name: f.text for f in stage.reading.fields if f.is_certain}
    wrong = {name for name, key in COMPARED.items() if name in certain and certain[name] != truth[key]}
    if FieldName.DATE_OF_BIRTH in certain and str(stage.reading.date_of_birth) != truth["date_of_birth"]:
        wrong.add(FieldName.DATE_OF_BIRTH)
    assert wrong == set()
