"""Every attack changes what it should, nothing else, and the same seed gives the same picture."""

from __future__ import annotations

import numpy as np
import pytest

from specimens.attack_protocol import Attack, AttackContext, Split
from specimens.attacks import ATTACKS
from specimens.attacks.noise_reduced import reduced
from specimens.flat import PORTRAIT, Box, FlatDocument

SIZE = (640, 404)
PX_PER_MM = 32.0
"""A small sheet: prints are drawn at 40 px/mm."""


def flat(seed: int) -> FlatDocument:
    rng = np.random.default_rng(seed)
    coarse = rng.integers(150, 240, (SIZE[1] // 4 + 1, SIZE[0] // 4 + 1, 3), np.uint8)
    pixels = np.repeat(np.repeat(coarse, 4, 0), 4, 1)[: SIZE[1], : SIZE[0]].copy()
    boxes = {"id_number": Box(206, 335, 537, 366), PORTRAIT: Box(408, 57, 591, 288)}
    return FlatDocument(pixels, np.ones(pixels.shape[:2], np.float32), PX_PER_MM, boxes)


def context(split: Split = Split.TRAIN) -> AttackContext:
    truth = {"id_number": "330106198503129989"}
    return AttackContext(split, "cn_resident_identity_card", "front", truth, flat(1), lambda: flat(2), "mild")


def applied(attack: Attack, split: Split, seed: int) -> np.ndarray:
    """What the camera, or the receiver, gets to see."""
    document, rng = flat(1), np.random.default_rng(seed)
    made = attack.instead_of_camera(document, rng, context(split))
    if made is not None:
        return made
    shown = attack.on_flat(document, rng, context(split))
    assert shown.pixels.shape[:2] == shown.cover.shape
    for box in shown.boxes.values():
        assert 0 <= box.left < box.right <= shown.size[0]
        assert 0 <= box.top < box.bottom <= shown.size[1]
    return attack.on_picture(shown.pixels, np.eye(3), rng, context(split))


@pytest.mark.parametrize("name", list(ATTACKS))
def test_an_attack_changes_the_picture(name: str) -> None:
    attack = ATTACKS[name]
    assert attack.name == name
    first = applied(attack, Split.TEST, 5)
    assert first.dtype == np.uint8
    assert first.shape != flat(1).pixels.shape or not np.array_equal(first, flat(1).pixels)


@pytest.mark.parametrize("split", list(Split))
@pytest.mark.parametrize("name", ["print_inkjet", "number_splice_physical", "portrait_splice_digital", "generated"])
def test_the_same_seed_gives_the_same_attack(name: str, split: Split) -> None:
    assert np.array_equal(applied(ATTACKS[name], split, 6), applied(ATTACKS[name], split, 6))


@pytest.mark.parametrize("name", ["number_splice_digital", "portrait_splice_digital", "copy_move"])
def test_an_edit_leaves_the_rest_of_the_picture_alone(name: str) -> None:
    before = flat(1).pixels
    after = ATTACKS[name].on_picture(before, np.eye(3), np.random.default_rng(3), context())
    changed = (before != after).any(axis=2)
    assert 0 < changed.mean() < 0.3
    assert not changed[:40].any()


def test_splices_need_what_they_replace() -> None:
    for name in ("number_splice_digital", "number_splice_physical", "copy_move"):
        assert not ATTACKS[name].applies("td3", "front", {PORTRAIT: 1})
    for name in ("portrait_splice_digital", "portrait_splice_physical"):
        assert not ATTACKS[name].applies("td3", "front", {"document_number": 1})


def test_noise_reduction_calms_a_noisy_ground() -> None:
    rng = np.random.default_rng(1)
    noisy = np.clip(180 + 3 * rng.standard_normal((120, 160, 3)), 0, 255).astype(np.uint8)
    assert reduced(noisy, rng).std() < 0.7 * noisy.std()
