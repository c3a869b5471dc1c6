"""Text: where lines stand on a picture, and what a line says, character by character.

PP-OCRv6 (DB detection, CTC recognition) on OpenVINO. The networks are the ones rapidocr
ships; its own calling code is not used, because it keeps call flags between calls, pads
every line to 320 px, and hides both the characters' runners-up and the infer request
that two threads must not share.

Source: Liao et al., "Real-time Scene Text Detection with Differentiable Binarization"
(2020) for the detector's last step; Graves et al. (2006) for CTC.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

import cv2
import numpy as np
import openvino as ov  # type: ignore[import-untyped]
from numpy.typing import NDArray

from kyc_service.inference.sessions import Session
from kyc_service.inference.threads import ThreadSettings

Pixels = NDArray[np.uint8]
Quad = NDArray[np.float32]

LINE_HEIGHT_PX: Final = 48
"""Height the recogniser reads at."""
WIDTH_STEP_PX: Final = 32
"""Line widths are rounded up to this: OpenVINO builds kernels once per shape, at some 30 ms each."""
MAX_LINE_WIDTH_PX: Final = 1600
_WARM_WIDTHS_PX: Final = range(WIDTH_STEP_PX, 704 + 1, WIDTH_STEP_PX)
_RUNNERS_UP: Final = 4
_SIDE_STEP_PX: Final = 32
_TEXT_PROBABILITY: Final = 0.3
_BOX_SCORE: Final = 0.5
_UNCLIP: Final = 1.6
_MIN_SIDE_PX: Final = 3.0
_MAX_BOXES: Final = 300


@dataclass(frozen=True, slots=True)
class Character:
    """One character as recognised.

    ``confidence`` is the network's probability, 0..1; ``position`` the middle of it
    along the line, 0..1 of the crop's width; ``alternatives`` its next best readings
    with theirs, best first, blanks left out.
    """

    text: str
    confidence: float
    position: float = 0.0
    alternatives: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class TextLine:
    """One recognised line."""

    characters: tuple[Character, ...] = ()

    @property
    def text(self) -> str:
        """The characters joined.

        >>> TextLine((Character("1", 0.9), Character("7", 0.8))).text
        '17'
        """
        return "".join(c.text for c in self.characters)


class TextReader(Protocol):
    """Something that finds and reads text. Implementations may be shared by threads."""

    @property
    def model_id(self) -> str:
        """Manifest id."""
        ...

    def detect(self, pixels: Pixels, long_side_px: int) -> tuple[Quad, ...]:
        """Find lines on BGR uint8 HxWx3, looked at with its longer side at ``long_side_px``.

        Returns quads, 4x2 float32 (x, y) in pixels of ``pixels``, from the top left corner clockwise.
        """
        ...

    def recognise(self, crops: Sequence[Pixels]) -> tuple[TextLine, ...]:
        """Read upright single-line crops, BGR uint8 HxWx3, any size; answers in their order."""
        ...


@dataclass(frozen=True, slots=True)
class NullTextReader:
    """Finds nothing and reads nothing, on any picture."""

    model_id: str = "null_text"

    def detect(self, pixels: Pixels, long_side_px: int) -> tuple[Quad, ...]:
        """No line."""
        del pixels, long_side_px
        return ()

    def recognise(self, crops: Sequence[Pixels]) -> tuple[TextLine, ...]:
        """An empty line per crop."""
        return tuple(TextLine() for _ in crops)


class OpenVinoTextReader:
    """PP-OCR detection and recognition on OpenVINO, compiled once, shared by threads.

    As many lines are recognised at the same time as ``threads`` allows inferences: the
    network is small, and lines side by side gain more than threads inside one line.
    ``warm`` builds the kernels of common line widths at once instead of at first use.
    """

    def __init__(
        self,
        detector: Path,
        recogniser: Path,
        threads: ThreadSettings,
        *,
        model_id: str = "pp_ocrv6",
        warm: bool = True,
    ) -> None:
        self.model_id = model_id
        self._detection = Session(detector, threads)
        self._recognition = Session(recogniser, threads)
        self._at_once = threads.parallel_inferences
        self._alphabet = read_alphabet(recogniser)
        if warm:
            self._warm_up()

    def detect(self, pixels: Pixels, long_side_px: int) -> tuple[Quad, ...]:
        """See :class:`TextReader`."""
        height, width = pixels.shape[:2]
        scale = long_side_px / max(height, width)
        size = (_to_step(width * scale), _to_step(height * scale))
        interpolation = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
        small = cv2.resize(pixels, size, interpolation=interpolation)
        (probability,) = self._detection.infer([_normalised(small)])
        enlarge = np.array([width / size[0], height / size[1]], np.float32)
        return tuple(quad * enlarge for quad in boxes_of(probability[0, 0]))

    def recognise(self, crops: Sequence[Pixels]) -> tuple[TextLine, ...]:
        """See :class:`TextReader`."""
        lines: dict[int, TextLine] = {}
        # Widest first: lines recognised at the same time are then of about the same length.
        order = sorted(range(len(crops)), key=lambda i: -crops[i].shape[1] / max(1, crops[i].shape[0]))
        for start in range(0, len(order), self._at_once):
            batch = order[start : start + self._at_once]
            tensors = [_line_tensor(crops[i]) for i in batch]
            outputs = self._recognition.infer([tensor for tensor, _ in tensors])
            for i, (_, share), output in zip(batch, tensors, outputs, strict=True):
                lines[i] = decode(output[0], self._alphabet, share)
        return tuple(lines[i] for i in range(len(crops)))

    def _warm_up(self) -> None:
        for width in _WARM_WIDTHS_PX:
            self.recognise([np.zeros((LINE_HEIGHT_PX, width, 3), np.uint8)] * self._at_once)


def read_alphabet(recogniser: Path) -> tuple[str, ...]:
    """The characters the network knows, by output index, the CTC blank first; they travel inside the model file."""
    model = ov.Core().read_model(recogniser)
    known = model.get_rt_info()["framework"]["character"].value.splitlines()
    return ("", *known, " ")


def decode(probabilities: NDArray[np.float32], alphabet: Sequence[str], share: float = 1.0) -> TextLine:
    """Collapse CTC output (steps x characters, index 0 the blank) into a line.

    ``share`` is how much of the steps the crop filled, the rest being padding. A
    character's confidence is its best step's.

    >>> p = np.float32([[0.1, 0.8, 0.1], [0.1, 0.9, 0.0], [0.9, 0.1, 0.0], [0.2, 0.1, 0.7]])
    >>> [(c.text, round(c.confidence, 1)) for c in decode(p, ["", "a", "b"]).characters]
    [('a', 0.9), ('b', 0.7)]
    """
    best = probabilities.argmax(axis=1)
    steps = len(best)
    characters = []
    start = 0
    while start < steps:
        end = start + 1
        while end < steps and best[end] == best[start]:
            end += 1
        if best[start] != 0:
            run = probabilities[start:end, best[start]]
            peak = start + int(run.argmax())
            position = (start + end) / 2 / steps / share
            characters.append(_character(probabilities[peak], int(best[start]), alphabet, position))
        start = end
    return TextLine(tuple(characters))


def boxes_of(probability: NDArray[np.float32]) -> list[Quad]:
    """Rectangles around the text of a DB probability map (HxW, 0..1), grown back to the text's size.

    The map marks shrunken text; for rectangles the growth by area x 1.6 / perimeter that
    DB asks for is exact, without polygon clipping.
    """
    mask = cv2.dilate((probability > _TEXT_PROBABILITY).astype(np.uint8), np.ones((2, 2), np.uint8))
    contours, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    height, width = probability.shape
    boxes = []
    for contour in contours[:_MAX_BOXES]:
        centre, (across, along), angle = cv2.minAreaRect(contour)
        if min(across, along) < _MIN_SIDE_PX:
            continue
        corners = cv2.boxPoints((centre, (across, along), angle))
        if _mean_inside(probability, corners) < _BOX_SCORE:
            continue
        growth = across * along * _UNCLIP / (across + along)
        grown = cv2.boxPoints((centre, (across + growth, along + growth), angle))
        quad = _clockwise(grown)
        boxes.append(np.clip(quad, 0, [width - 1, height - 1]).astype(np.float32))
    return boxes


def _mean_inside(probability: NDArray[np.float32], corners: cv2.typing.MatLike) -> float:
    height, width = probability.shape
    low = np.clip(np.floor(corners.min(axis=0)), 0, [width - 1, height - 1]).astype(int)
    high = np.clip(np.ceil(corners.max(axis=0)), 0, [width - 1, height - 1]).astype(int)
    window = probability[low[1] : high[1] + 1, low[0] : high[0] + 1]
    mask = np.zeros(window.shape, np.uint8)
    cv2.fillPoly(mask, [(corners - low).astype(np.int32)], 1)
    return float(cv2.mean(window, mask)[0])


def _clockwise(corners: cv2.typing.MatLike) -> Quad:
    """Corners from the top left, clockwise: the two leftmost first, as the detector was trained."""
    by_x = corners[np.argsort(corners[:, 0], kind="stable")]
    left = by_x[:2][np.argsort(by_x[:2, 1], kind="stable")]
    right = by_x[2:][np.argsort(by_x[2:, 1], kind="stable")]
    return np.array([left[0], right[0], right[1], left[1]], np.float32)


def _character(step: NDArray[np.float32], index: int, alphabet: Sequence[str], position: float) -> Character:
    ranked = (
        np.argpartition(step, -_RUNNERS_UP - 2)[-_RUNNERS_UP - 2 :] if len(step) > _RUNNERS_UP + 2 else range(len(step))
    )
    others = sorted((int(i) for i in ranked if i not in (0, index)), key=lambda i: -step[i])[:_RUNNERS_UP]
    alternatives = tuple((alphabet[i], float(step[i])) for i in others)
    return Character(alphabet[index], float(step[index]), position, alternatives)


def _to_step(length: float) -> int:
    return max(_SIDE_STEP_PX, round(length / _SIDE_STEP_PX) * _SIDE_STEP_PX)


def _normalised(pixels: cv2.typing.MatLike) -> NDArray[np.float32]:
    """BGR uint8 HxWx3 -> float32 1x3xHxW in -1..1."""
    return np.asarray(cv2.dnn.blobFromImage(pixels, 1 / 127.5, mean=(127.5, 127.5, 127.5)), np.float32)


def _line_tensor(crop: Pixels) -> tuple[NDArray[np.float32], float]:
    height, width = crop.shape[:2]
    wanted = min(MAX_LINE_WIDTH_PX, max(1, round(width * LINE_HEIGHT_PX / max(1, height))))
    padded = -(-wanted // WIDTH_STEP_PX) * WIDTH_STEP_PX
    tensor = np.zeros((1, 3, LINE_HEIGHT_PX, padded), np.float32)
    line = cv2.resize(
        crop, (wanted, LINE_HEIGHT_PX), interpolation=cv2.INTER_AREA if height > LINE_HEIGHT_PX else cv2.INTER_LINEAR
    )
    tensor[..., :wanted] = _normalised(line)
    return tensor, wanted / padded
