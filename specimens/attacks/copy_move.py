"""Pixels of the picture copied to another place of the same picture: a digit over its neighbour, with its own noise."""

from collections.abc import Mapping

import numpy as np

from specimens.attack_protocol import Attack, AttackContext, Split
from specimens.attacks.patches import flattened, number_field, pasted, picture_px_per_flat_px, splice_targets
from specimens.flat import Box, Homography, Picture


class CopyMove(Attack):
    """One character of a number laid over another of the same line."""

    name = "copy_move"

    def applies(self, family: str, side: str, boxes: Mapping[str, object]) -> bool:
        """Wherever a number or a date is printed."""
        del family, side
        return bool(splice_targets(boxes))

    def on_picture(
        self, picture: Picture, flat_to_picture: Homography, rng: np.random.Generator, context: AttackContext
    ) -> Picture:
        """The copy is at the picture's own resolution."""
        _, box, text = number_field(context.genuine, context.truth, rng)
        count = max(2, len(text))
        source, target = rng.choice(count, 2, replace=False)
        cell = (box.right - box.left) / count
        scale = picture_px_per_flat_px(flat_to_picture, box)
        patch, _ = flattened(picture, flat_to_picture, _cell(box, cell, int(source)), scale)
        _, placed = flattened(picture, flat_to_picture, _cell(box, cell, int(target)), scale)
        feather = float(rng.uniform(0, 1.2) if context.split is Split.TEST else rng.uniform(0, 0.8))
        return pasted(picture, patch, placed, feather)


def _cell(box: Box, cell: float, index: int) -> Box:
    return Box(box.left + index * cell, box.top, box.left + (index + 1) * cell, box.bottom)
