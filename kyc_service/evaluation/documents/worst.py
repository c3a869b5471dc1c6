"""The pictures worth looking at, small, with the field regions drawn: wrong but clear first."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kyc_service.evaluation.documents.comparing import Compared, Group, Match, compare, population_of
from kyc_service.evaluation.documents.seen import FieldSeen, PictureSeen, Points, State
from kyc_service.imaging.decode import decode
from kyc_service.imaging.encode import thumbnail_jpeg

MOST: Final = 18
_LONG_SIDE_PX: Final = 640
_QUALITY: Final = 72
_UNRECOGNISED: Final = "not recognised"
_GRAVE: Final = (
    *("wrong but clear", "wrong but certain", "attack: altered value clear"),
    *("wrong", "not read", _UNRECOGNISED, "sent back"),
)


@dataclass(frozen=True, slots=True)
class Framed:
    """A field's place on the picture, in pixels of the full-size picture."""

    points: str
    label: str
    is_wrong: bool


@dataclass(frozen=True, slots=True)
class WrongField:
    """What should have been read, and what was."""

    name: str
    truth: str
    reading: str
    min_confidence: float | None
    is_certain: bool
    is_clear: bool


@dataclass(frozen=True, slots=True)
class WorstCase:
    """One picture as the page shows it."""

    row: int
    grade: str
    title: str
    data_uri: str
    width: int
    height: int
    frames: tuple[Framed, ...]
    fields: tuple[WrongField, ...]
    retakes: tuple[str, ...]


def worst_cases(pictures: Sequence[PictureSeen], most: int = MOST) -> list[WorstCase]:
    """At most ``most`` pictures, the gravest first; read again from disk, reduced."""
    graded = [(grade, seen) for seen in pictures if (grade := _grade(seen)) is not None]
    graded.sort(key=lambda pair: (_GRAVE.index(pair[0]), -_distance(pair[1]), pair[1].picture.row))
    return [_shown(grade, seen) for grade, seen in graded[:most]]


def _grade(seen: PictureSeen) -> str | None:
    """The worst that can be said of ``seen``; ``None``: nothing is wrong with it, or nothing can be shown."""
    population = population_of(seen.picture)
    found = compare(seen)
    if population == "attack":
        return "attack: altered value clear" if any(c.is_wrong_but_clear for c in found) else None
    if any(c.is_wrong_but_clear for c in found):
        return "wrong but clear"
    if any(c.is_wrong_but_certain for c in found):
        return "wrong but certain"
    if any(c.match is Match.WRONG_READ for c in found):
        return "wrong"
    if any(c.match is Match.NOT_READ for c in found):
        return "not read" if seen.family is not None else _UNRECOGNISED
    return "sent back" if seen.state is State.SENT_BACK and population == "plain" else None


def _distance(seen: PictureSeen) -> int:
    return sum(c.distance for c in compare(seen) if c.is_kept)


def _shown(grade: str, seen: PictureSeen) -> WorstCase:
    picture = decode(seen.picture.path.read_bytes(), target_long_side_px=_LONG_SIDE_PX)
    group = Group.of(seen.picture)
    parts = [group.family, group.side, group.severity, seen.picture.fault, seen.picture.attack]
    wrong = [c for c in compare(seen) if c.is_kept and c.match is not Match.EXACT]
    names = {c.field for c in wrong}
    encoded = base64.b64encode(thumbnail_jpeg(picture.pixels, _LONG_SIDE_PX, _QUALITY)).decode()
    return WorstCase(
        row=seen.picture.row,
        grade=grade,
        title=", ".join(part.replace("_", " ") for part in parts if part not in ("", "none", "unstated")),
        data_uri=f"data:image/jpeg;base64,{encoded}",
        width=picture.width,
        height=picture.height,
        frames=tuple(_frame(name, field, names) for name, field in seen.fields.items() if field.points),
        fields=() if seen.family is None else tuple(map(_wrong, wrong)),
        retakes=seen.retakes,
    )


def _frame(name: str, field: FieldSeen, wrong: set[str]) -> Framed:
    return Framed(_svg_points(field.points), name, name in wrong)


def _svg_points(points: Points) -> str:
    return " ".join(f"{x:.0f},{y:.0f}" for x, y in points)


def _wrong(compared: Compared) -> WrongField:
    reading = compared.reading
    return WrongField(
        name=compared.field,
        truth=compared.truth,
        reading="" if reading is None else reading.value,
        min_confidence=None if reading is None else reading.min_confidence,
        is_certain=compared.is_wrong_but_certain,
        is_clear=compared.is_wrong_but_clear,
    )
