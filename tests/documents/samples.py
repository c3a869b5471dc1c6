from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from kyc_service.documents.reading.lines import Line
from kyc_service.imaging.decode import decode
from kyc_service.imaging.metadata import NO_METADATA
from kyc_service.imaging.picture import MediaType, Picture, Pixels
from kyc_service.inference.ocr import Character

ROOT = Path(__file__).parents[2]
WEIGHTS = ROOT / "models" / "weights"
APPLICANTS = ROOT / "fixtures" / "applicants"
TODAY = date(2026, 11, 23)
PITCH_PX = 30.0
HEIGHT_PX = 50.0


def line(text: str, x: float = 0.0, y: float = 0.0, confidence: float = 0.99) -> Line:
    """A line as the recogniser gives it, its top left corner at (x, y)."""
    width = PITCH_PX * max(1, len(text))
    quad = np.array([(x, y), (x + width, y), (x + width, y + HEIGHT_PX), (x, y + HEIGHT_PX)], np.float32)
    characters = tuple(Character(c, confidence, (i + 0.5) / len(text)) for i, c in enumerate(text))
    return Line(quad, characters)


def picture_of(pixels: Pixels) -> Picture:
    height, width = pixels.shape[:2]
    return Picture(pixels, width, height, MediaType.PNG, "0" * 64, NO_METADATA)


def sample(case: str, kind: str = "document_front", long_side_px: int | None = 1800) -> Picture:
    return decode((APPLICANTS / case / f"{kind}.jpg").read_bytes(), target_long_side_px=long_side_px)


def truths() -> Sequence[tuple[str, dict[str, Any]]]:
    """What is printed on the documents of the sample applicants."""
    manifest = yaml.safe_load((APPLICANTS / "manifest.yaml").read_text("utf-8"))
    return [(case["id"], case["truth"]) for case in manifest["cases"] if case.get("truth")]
