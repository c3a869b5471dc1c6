"""Captures that nobody could use: one thing goes wrong, the rest is as the severity has it."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from specimens.camera.photograph import Mishap
from specimens.camera.shot import Shot
from specimens.flat import PORTRAIT, Box, FlatDocument

NO_FAULT = ""
DARK_GAIN = (0.015, 0.06)
BLUR_SHARE = (0.0055, 0.011)
"""Gaussian sigma as a share of the card's long side: letters of 3 mm run into each other."""
CUT_SHARE = (0.18, 0.45)
SMALL_PX = (110, 230)
SMALL_SHARE = (0.08, 0.16)

FAULTS = (
    "dark", "glare", "blur", "cut_off", "covered", "too_small", "wrong_side", "no_document", "two_documents", "screenshot",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Spoiled:
    """The shot and the mishap that make the fault."""

    shot: Shot
    mishap: Mishap


def spoiled(
    fault: str, taken: Shot, document: FlatDocument, other: Callable[[], FlatDocument], rng: np.random.Generator
) -> Spoiled:
    """What the fault makes of a shot of a document; faults that concern the whole picture leave it as it is."""

    def between(limits: tuple[float, float]) -> float:
        return float(rng.uniform(*limits))

    if fault == "dark":
        return Spoiled(replace(taken, exposure_gain=between(DARK_GAIN), glare=False), Mishap())
    if fault == "glare":
        target = _decisive(document, rng)
        place = (float(rng.uniform(target.left, target.right)), float(rng.uniform(target.top, target.bottom)))
        half_mm = 0.5 * min(target.right - target.left, target.bottom - target.top) / document.px_per_mm
        return Spoiled(
            taken, Mishap(glare_at=place, glare_radius_mm=min(max(6.0, half_mm), 11.0) * between((0.8, 1.2)))
        )
    if fault == "blur":
        sigma = between(BLUR_SHARE) * taken.long_side_px
        return Spoiled(replace(taken, blur_sigma_px=sigma), Mishap())
    if fault == "cut_off":
        share = between(CUT_SHARE) * float(rng.choice((-1, 1)))
        shift = (share, 0.0) if rng.random() < 0.6 else (0.0, share)
        return Spoiled(taken, Mishap(shift=shift))
    if fault == "covered":
        return Spoiled(taken, Mishap(covered=_decisive(document, rng)))
    if fault == "too_small":
        small = replace(taken, long_side_px=between(SMALL_PX), width_share=between(SMALL_SHARE), motion_blur_px=0.0)
        return Spoiled(small, Mishap())
    if fault == "two_documents":
        return Spoiled(replace(taken, width_share=between((0.35, 0.5)), aspect=(3, 4), roll_deg=taken.roll_deg / 3,
                               quarter_turns=0), Mishap(second=other()))  # fmt: skip
    return Spoiled(taken, Mishap())


def _decisive(document: FlatDocument, rng: np.random.Generator) -> Box:
    """The portrait, or a field without which the document cannot be used."""
    names = [name for name in (PORTRAIT, "id_number", "document_number", "mrz", "full_name", "valid_until", "authority")
             if name in document.boxes]  # fmt: skip
    if not names:
        width, height = document.size
        return Box(width * 0.3, height * 0.3, width * 0.7, height * 0.7)
    return document.boxes[names[int(rng.integers(len(names)))]]
