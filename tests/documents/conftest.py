from __future__ import annotations

import pytest

from kyc_service.documents.engines import DocumentEngines
from kyc_service.inference.ocr import OpenVinoTextReader
from kyc_service.inference.threads import ThreadSettings
from tests.documents.samples import WEIGHTS


@pytest.fixture(scope="session")
def engines() -> DocumentEngines:
    detector, recogniser = WEIGHTS / "PP-OCRv6_det_small.onnx", WEIGHTS / "PP-OCRv6_rec_small.onnx"
    return DocumentEngines(OpenVinoTextReader(detector, recogniser, ThreadSettings(1, 2), warm=False))
