"""Lines of text on a laid-flat document: where they stand, what they say.

Coordinates are pixels of the laid-flat document (:class:`LocatedDocument`), which a
page turns with its document: a page is always looked at the way it is read.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import cv2
import numpy as np

from kyc_service.documents.finding.locate import LocatedDocument
from kyc_service.documents.reading.ink import InkMap
from kyc_service.documents.reading.typed import as_plain
from kyc_service.imaging.geometry import rotate_points_quarter
from kyc_service.imaging.picture import Pixels
from kyc_service.inference.ocr import Character, Quad, TextLine, TextReader

DETECTION_LONG_SIDE_PX: Final = 512
"""Large enough for the lines of a laid-flat card in 70 to 85 ms on one thread; a lone character may be missed."""
_UPRIGHT_ASPECT: Final = 1.5
_LONG_ASPECT, _SHORT_ASPECT = 10.0, 4.0
_NARROWEST, _NARROWED = 0.6, 0.65


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """One line: its quad (4x2, from the top left corner clockwise) and its characters, spaces left out."""

    quad: Quad
    characters: tuple[Character, ...] = ()

    @property
    def text(self) -> str:
        """What it says, without spaces."""
        return "".join(c.text for c in self.characters)

    @property
    def middle(self) -> tuple[float, float]:
        """Its middle, (x, y)."""
        x, y = self.quad.mean(axis=0)
        return float(x), float(y)

    @property
    def left(self) -> float:
        """Its left end, x."""
        return float(self.quad[[0, 3], 0].mean())

    @property
    def right(self) -> float:
        """Its right end, x."""
        return float(self.quad[[1, 2], 0].mean())

    @property
    def width(self) -> float:
        """Length along the text in pixels."""
        return float(np.linalg.norm(self.quad[1] - self.quad[0]))

    @property
    def height(self) -> float:
        """Length across the text in pixels."""
        return float(np.linalg.norm(self.quad[3] - self.quad[0]))

    def part(self, start: int, end: int) -> Line:
        """The characters from ``start`` to before ``end``, with the piece of the quad they stand on."""
        chosen = self.characters[start:end]
        if not chosen or len(chosen) == len(self.characters):
            return replace(self, characters=chosen)
        pitch = 0.5 / max(1, len(self.characters))
        before = max(0.0, chosen[0].position - pitch)
        after = min(1.0, chosen[-1].position + pitch)
        top, bottom = self.quad[1] - self.quad[0], self.quad[2] - self.quad[3]
        corners = [
            self.quad[0] + top * before,
            self.quad[0] + top * after,
            self.quad[3] + bottom * after,
            self.quad[3] + bottom * before,
        ]
        span = max(after - before, 1e-6)
        moved = tuple(replace(c, position=(c.position - before) / span) for c in chosen)
        return Line(np.array(corners, np.float32), moved)


@dataclass(slots=True)
class Timings:
    """Milliseconds per sub-stage, added up."""

    spent_ms: dict[str, float] = field(default_factory=dict)

    def add(self, name: str, since: float) -> None:
        """Book the time since ``since`` (of ``time.perf_counter``) under ``name``."""
        self.spent_ms[name] = self.spent_ms.get(name, 0.0) + (time.perf_counter() - since) * 1000


class Page:
    """A document with its lines: found when first asked for, each recognised when first asked for, and only once."""

    def __init__(
        self,
        document: LocatedDocument,
        reader: TextReader,
        timings: Timings,
        detect: Callable[[], Sequence[Quad]],
        ink: InkMap | None = None,
    ) -> None:
        self.document = document
        self._reader = reader
        self._timings = timings
        self._detect = detect
        self._quads: tuple[Quad, ...] | None = None
        self._ink = ink
        self._lines: dict[int, Line] = {}

    @classmethod
    def of(
        cls,
        document: LocatedDocument,
        reader: TextReader,
        timings: Timings,
        long_side_px: int = DETECTION_LONG_SIDE_PX,
    ) -> Page:
        """``document``, its lines not looked for yet."""

        def detect() -> Sequence[Quad]:
            start = time.perf_counter()
            quads = reader.detect(document.pixels, long_side_px)
            timings.add("detect_text", start)
            return quads

        return cls(document, reader, timings, detect)

    @property
    def quads(self) -> tuple[Quad, ...]:
        """Where lines stand, looked for at the first call."""
        if self._quads is None:
            self._quads = tuple(self._detect())
        return self._quads

    @property
    def ink(self) -> InkMap:
        """Where dark strokes are."""
        if self._ink is None:
            start = time.perf_counter()
            self._ink = InkMap.of(self.document.pixels)
            self._timings.add("ink", start)
        return self._ink

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        height, width = self.document.pixels.shape[:2]
        return width, height

    @property
    def stands_upright(self) -> bool:
        """Whether more lines run across than down (true of an empty page)."""
        tall = sum(_across(q) * _UPRIGHT_ASPECT < _down(q) for q in self.quads)
        wide = sum(_down(q) * _UPRIGHT_ASPECT < _across(q) for q in self.quads)
        return wide >= tall

    def turned(self, quarters: int) -> Page:
        """The page turned clockwise by ``quarters``; what was found is kept, what was read is not."""
        if quarters % 4 == 0:
            return self
        size = self.size

        def detect() -> Sequence[Quad]:
            return [_from_top_left(rotate_points_quarter(q, quarters, size)) for q in self.quads]

        ink = self._ink.turned(quarters) if self._ink is not None else None
        return Page(self.document.turned(quarters), self._reader, self._timings, detect, ink)

    def read(self, indices: Iterable[int]) -> list[Line]:
        """The lines numbered ``indices`` (into ``quads``), recognised."""
        wanted = list(indices)
        missing = [i for i in wanted if i not in self._lines]
        if missing:
            start = time.perf_counter()
            crops = [cut_line(self.document.pixels, self.quads[i], narrowing_of(self.quads[i])) for i in missing]
            for i, line in zip(missing, self._reader.recognise(crops), strict=True):
                self._lines[i] = _without_spaces(self.quads[i], line)
            self._timings.add("recognise", start)
        return [self._lines[i] for i in wanted]

    def read_quads(self, quads: Sequence[Quad], narrowing: float) -> list[Line]:
        """Lines on quads that the detector did not give, each made narrower by ``narrowing`` before it is read."""
        return self.read_at([(quad, narrowing) for quad in quads])

    def read_at(self, places: Sequence[tuple[Quad, float]], stage: str = "recognise") -> list[Line]:
        """Lines on quads, each with how much narrower it is made before it is read; booked under ``stage``."""
        start = time.perf_counter()
        crops = [cut_line(self.document.pixels, quad, narrowing) for quad, narrowing in places]
        read = self._reader.recognise(crops)
        lines = [_without_spaces(quad, line) for (quad, _), line in zip(places, read, strict=True)]
        self._timings.add(stage, start)
        return lines

    def redetected(self, long_side_px: int) -> Page:
        """The same document with its lines looked for at another size."""
        return Page.of(self.document, self._reader, self._timings, long_side_px)


def cut_line(pixels: Pixels, quad: Quad, narrowing: float = 1.0) -> Pixels:
    """The line on ``quad`` laid flat and made narrower by ``narrowing``, BGR uint8; never empty."""
    width, height = max(1, round(_across(quad))), max(1, round(_down(quad)))
    target = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    transform = cv2.getPerspectiveTransform(np.asarray(quad, np.float32), target)
    flat = cv2.warpPerspective(pixels, transform, (width, height), borderMode=cv2.BORDER_REPLICATE)
    if narrowing < 1:
        flat = cv2.resize(flat, (max(1, round(width * narrowing)), height), interpolation=cv2.INTER_AREA)
    return np.asarray(flat, np.uint8)


def narrowing_of(quad: Quad) -> float:
    """How much narrower a line is read than it is printed.

    The time of the recogniser goes by width, and widely spaced digits are read better when
    moved together. On drawn cards, mildly blurred and noisy, factors 0.6 and 1.0 both read all
    of 16 numbers, 18 periods and 35 address lines; the mean lowest confidence of the numbers
    rose from 0.83 to 0.98 (0.5 lost two periods). Short lines cost little and may be a name of
    rare characters: they keep their width.
    """
    aspect = _across(quad) / max(1.0, _down(quad))
    return _NARROWEST if aspect > _LONG_ASPECT else _NARROWED if aspect > _SHORT_ASPECT else 1.0


def _across(quad: Quad) -> float:
    return float(np.linalg.norm(quad[1] - quad[0]))


def _down(quad: Quad) -> float:
    return float(np.linalg.norm(quad[3] - quad[0]))


def _from_top_left(quad: Quad) -> Quad:
    return np.roll(quad, -int(np.argmin(quad.sum(axis=1))), axis=0)


def _without_spaces(quad: Quad, line: TextLine) -> Line:
    return Line(quad, tuple(as_plain(c) for c in line.characters if not c.text.isspace()))
