"""Takes by number: drawn from seeds, rendered once, kept under ``out/heads/clips``."""

import random
from datetime import UTC, datetime
from pathlib import Path

import cv2
import numpy as np

from kyc_service.domain.challenge import ChallengeKind
from kyc_service.imaging.clip import Clip, TimedFrame
from kyc_service.liveness.challenge.draw import draw
from specimens.heads.attacks import FILMED, Brief, Take, genuine
from specimens.heads.head import Person
from specimens.heads.setting import setting_of

GENUINE = "genuine"
_FOLDER = Path(__file__).parents[2] / "out" / "heads" / "clips"
_AT = datetime(2026, 11, 23, tzinfo=UTC)
_FIRST_SEED = {"train": 0, "test": 100_000}
_OTHERS_FROM = 1000
_QUALITY = 97


def brief_of(split: str, number: int, fps: float, width: int = 400) -> Brief:
    """Who, what is asked, where: everything of one take but the attack."""
    seed = _FIRST_SEED[split] + number
    challenge = draw(ChallengeKind.ACTIONS, _AT, random.Random(seed))  # noqa: S311 - specimens repeat
    people = Person(number, split), Person(number + _OTHERS_FROM, split)
    return Brief(*people, challenge, setting_of(number, split, fps, width), np.random.default_rng(seed))


def take_of(split: str, species: str, number: int, fps: float, width: int = 400) -> Take:
    """The take of ``number``, rendered at the first time of asking (half a minute)."""
    file = _FOLDER / f"{split}-{species}-{number}-{fps:g}-{width}.npz"
    brief = brief_of(split, number, fps, width)
    if not file.exists():
        take = (genuine if species == GENUINE else FILMED[species])(brief)
        save(take, file)
    with np.load(file) as stored:
        times, ends, joined = stored["times"], stored["ends"], stored["frames"]
        pictures = [_decoded(part) for part in np.split(joined, ends[:-1])]
        frames = (TimedFrame(pixels, int(at)) for pixels, at in zip(pictures, times, strict=True))
        return Take(brief.challenge, Clip(tuple(frames)), stored["selfie"])


def save(take: Take, file: Path) -> None:
    """Keep ``take``, its frames as JPEG."""
    encoded = [
        cv2.imencode(".jpg", frame.pixels, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])[1].ravel()
        for frame in take.clip.frames
    ]
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_suffix(".part.npz")
    np.savez(
        part,
        times=[frame.at_ms for frame in take.clip.frames],
        ends=np.cumsum([len(one) for one in encoded]),
        frames=np.concatenate(encoded),
        selfie=take.selfie,
    )
    part.replace(file)


def _decoded(
    encoded: np.ndarray[tuple[int, ...], np.dtype[np.uint8]],
) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.asarray(cv2.imdecode(encoded, cv2.IMREAD_COLOR), np.uint8)
