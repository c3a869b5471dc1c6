"""Pictures that no camera took: a screenshot of a viewer, and a document drawn or generated onto a ground."""

import cv2
import numpy as np

from specimens.attack_protocol import Attack, AttackContext, Split
from specimens.attacks.sheets import scaled
from specimens.flat import FlatDocument, Picture

SCREENS_TRAIN = ((1080, 1920), (1170, 2532), (1920, 1080))
SCREENS_TEST = ((1080, 2400), (1284, 2778), (1440, 900))
GREYS_TRAIN = (0, 28, 255)
GREYS_TEST = (18, 243, 250)


class Screenshot(Attack):
    """The document in a viewer: exact edges, one ground colour, bars with text at top and bottom."""

    name = "screenshot"

    def instead_of_camera(self, document: FlatDocument, rng: np.random.Generator, context: AttackContext) -> Picture:
        """The screen's own pixels."""
        is_test = context.split is Split.TEST
        screens = SCREENS_TEST if is_test else SCREENS_TRAIN
        width, height = screens[int(rng.integers(len(screens)))]
        ground = int(rng.choice(GREYS_TEST if is_test else GREYS_TRAIN))
        screen = np.full((height, width, 3), ground, np.uint8)
        bar = round(height * float(rng.uniform(0.03, 0.06)))
        room = min(width, round((height - 4 * bar) * document.size[0] / document.size[1]))
        shown = scaled(document, round(room * float(rng.uniform(0.8, 1.0))))
        left, top = (width - shown.size[0]) // 2, (height - shown.size[1]) // 2
        part = screen[top : top + shown.size[1], left : left + shown.size[0]]
        share = shown.cover[..., None] if rng.random() < 0.5 else np.ones_like(shown.cover)[..., None]
        part[:] = np.round(shown.pixels * share + part * (1 - share)).astype(np.uint8)
        _bars(screen, bar, ground, rng)
        return screen


class Generated(Attack):
    """A document composed onto a smooth ground in perspective: no lens, no sensor."""

    name = "generated"

    def instead_of_camera(self, document: FlatDocument, rng: np.random.Generator, context: AttackContext) -> Picture:
        """The composed picture."""
        is_test = context.split is Split.TEST
        width = int(rng.integers(1100, 1800) if is_test else rng.integers(1000, 1700))
        height = width * 3 // 4
        picture = _ground((width, height), rng)
        share = float(rng.uniform(0.55, 0.9))
        shown = scaled(document, round(width * share))
        corners = np.array(((0, 0), (1, 0), (1, 1), (0, 1)), np.float32) * np.array(shown.size, np.float32)
        middle = np.array((width - shown.size[0], height - shown.size[1]), np.float32) / 2
        wander = rng.uniform(-0.03, 0.03, (4, 2)).astype(np.float32) * np.float32(width)
        placed = cv2.getPerspectiveTransform(corners, (corners + middle + wander).astype(np.float32))
        face = cv2.warpPerspective(shown.cover, placed, (width, height))[..., None]
        print_ = cv2.warpPerspective(shown.pixels, placed, (width, height)).astype(np.float32)
        composed = picture * (1 - face) + print_ * face
        if rng.random() < 0.5:
            composed = cv2.GaussianBlur(composed, (0, 0), float(rng.uniform(0.4, 0.8)))
        return np.clip(np.round(composed), 0, 255).astype(np.uint8)


def _bars(screen: Picture, bar: int, ground: int, rng: np.random.Generator) -> None:
    ink = 30 if ground > 128 else 225
    height, width = screen.shape[:2]
    clock = f"{int(rng.integers(0, 24)):02d}:{int(rng.integers(0, 60)):02d}"
    size = bar / 34
    cv2.putText(screen, clock, (width // 20, bar * 3 // 4), cv2.FONT_HERSHEY_SIMPLEX, size, (ink,) * 3, 2, cv2.LINE_AA)
    for i in range(int(rng.integers(3, 6))):
        centre = (width * (i + 1) // 6, height - bar)
        cv2.circle(screen, centre, bar // 4, (ink,) * 3, 2, cv2.LINE_AA)
    battery = ((width - width // 10, bar // 3), (width - width // 20, bar * 3 // 4))
    cv2.rectangle(screen, *battery, (ink,) * 3, 2)


def _ground(size: tuple[int, int], rng: np.random.Generator) -> Picture:
    """A smooth gradient between four corner colours."""
    corners = rng.uniform(40, 240, (2, 2, 1)) + rng.uniform(-25, 25, (2, 2, 3))
    smooth = cv2.resize(corners.astype(np.float32), size, interpolation=cv2.INTER_LINEAR)
    return np.clip(smooth, 0, 255).astype(np.uint8)
