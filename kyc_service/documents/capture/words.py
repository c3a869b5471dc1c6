"""A resident card told by the words that stand on every one of them, where the line that should tell it was not read.

What is known so is only where the card lies and which side it shows: enough to say what
is wrong with the capture, never enough to read a value.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kyc_service.documents.families.protocol import Shows
from kyc_service.documents.reading.lines import Line
from kyc_service.imaging.geometry import map_points
from kyc_service.inference.ocr import Quad

_Place = tuple[float, float, float]
_Match = tuple[tuple[float, float], tuple[float, float]]
FRONT_WORDS: Final[dict[str, _Place]] = {
    "姓名": (0.072, 0.135, 0.175),
    "性别": (0.072, 0.135, 0.293),
    "民族": (0.280, 0.343, 0.293),
    "出生": (0.072, 0.135, 0.406),
    "住址": (0.072, 0.135, 0.530),
    "公民身份号码": (0.072, 0.265, 0.866),
    "公民身份": (0.072, 0.201, 0.866),
    "身份号码": (0.137, 0.265, 0.866),
}
BACK_WORDS: Final[dict[str, _Place]] = {
    "中华人民共和国": (0.350, 0.850, 0.210),
    "居民身份证": (0.350, 0.850, 0.385),
    "签发机关": (0.240, 0.375, 0.742),
    "有效期限": (0.240, 0.375, 0.860),
}
"""Left and right end and middle height as shares of the card (GA 448-2013)."""
_CARD_ASPECT: Final = 85.6 / 54.0
_MAX_MISFIT: Final = 0.06
"""Of the card's width: words further from their places belong to something else."""
_AS_IT_IS: Final = np.eye(3)
_LONG_WORD: Final = 4
_PAIR: Final = 2


@dataclass(frozen=True, slots=True, eq=False)
class KnownCard:
    """Which side of a resident card it is, its corners, and how many words told so."""

    shows: Shows
    corners: Quad
    words: int


def card_around_words(lines: Sequence[Line], to_source: NDArray[np.float64] = _AS_IT_IS) -> KnownCard | None:
    """The resident card that the words among ``lines`` (upright) stand on; ``None``: there are too few of them.

    Its corners are on the picture that ``to_source`` (a homography) leads to from the lines' page: a page laid flat
    around something else is distorted, the picture is not.
    """
    found = [card for shows in (Shows.FRONT, Shows.BACK) if (card := _fitted(shows, lines, to_source)) is not None]
    return max(found, key=lambda card: card.words, default=None)


def _fitted(shows: Shows, lines: Sequence[Line], to_source: NDArray[np.float64]) -> KnownCard | None:
    words = FRONT_WORDS if shows is Shows.FRONT else BACK_WORDS
    seen: list[tuple[str, Line]] = []
    for line in lines:
        text = line.text
        word = next((w for w in sorted(words, key=len, reverse=True) if w in text), None)
        if word is not None:
            at = text.index(word)
            seen.append((word, line.part(at, at + len(word))))
    if not seen or (len(seen) < _PAIR and len(seen[0][0]) < _LONG_WORD):
        return None
    points = [end for word, line in seen for end in _ends(words[word], line, to_source)]
    corners = _corners(points)
    return None if corners is None else KnownCard(shows, corners, len(seen))


def _ends(place: _Place, line: Line, to_source: NDArray[np.float64]) -> list[_Match]:
    """Where the word's ends are on the card (in card widths), and where on the picture."""
    left, right, middle = place
    ends = [(line.quad[0] + line.quad[3]) / 2, (line.quad[1] + line.quad[2]) / 2]
    (u0, v0), (u1, v1) = map_points(to_source, ends).tolist()
    y = middle / _CARD_ASPECT
    return [((left, y), (u0, v0)), ((right, y), (u1, v1))]


def _corners(points: Sequence[_Match]) -> Quad | None:
    """The card's corners by the similarity that brings places nearest to ``points``; ``None``: nowhere near."""
    rows, wanted = [], []
    for (x, y), (u, v) in points:
        rows += [(x, -y, 1.0, 0.0), (y, x, 0.0, 1.0)]
        wanted += [u, v]
    (a, b, tx, ty), *_ = np.linalg.lstsq(np.array(rows), np.array(wanted), rcond=None)
    width = float(np.hypot(a, b))
    misfit = float(np.abs(np.array(rows) @ (a, b, tx, ty) - wanted).max())
    if not np.isfinite(misfit) or width < 1.0 or misfit > _MAX_MISFIT * width:
        return None
    height = 1 / _CARD_ASPECT
    places = ((0, 0), (1, 0), (1, height), (0, height))
    return np.array([(a * x - b * y + tx, b * x + a * y + ty) for x, y in places], np.float32)
