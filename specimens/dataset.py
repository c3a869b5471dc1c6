"""Samples by request: pictures with a row of the manifest each, in an order and with seeds that the request fixes."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from zlib import crc32

import cv2
import numpy as np

from specimens.attack_protocol import Attack, AttackContext, Split
from specimens.attacks import ATTACKS
from specimens.camera.photograph import Photograph, empty_table, photograph
from specimens.camera.sensor import as_jpeg, as_png, through_jpeg
from specimens.camera.shot import Shot, shot
from specimens.families import FAMILIES
from specimens.families.protocol import NO_ATTACK, TRUTH_COLUMNS, DrawnSide, Family
from specimens.faults import NO_FAULT, spoiled
from specimens.flat import FlatDocument, Homography, Picture
from specimens.screenshots import screenshot
from specimens.severity import SEVERITIES, SeverityName

COLUMNS = ("path", "family", "side", "attack", "severity", "fault", "document", *TRUTH_COLUMNS)
RESAVED_PROBABILITY = 0.15
"""Of an honest picture having been compressed twice, as messengers do."""


@dataclass(frozen=True, slots=True)
class Request:
    """What to draw: `count` documents for each family, severity, attack and fault, all of their sides (or those named)."""

    families: tuple[str, ...]
    severities: tuple[SeverityName, ...] = tuple(SeverityName)
    count: int = 1
    seed: int = 0
    split: Split = Split.TRAIN
    attacks: tuple[str, ...] = (NO_ATTACK,)
    faults: tuple[str, ...] = (NO_FAULT,)
    sides: tuple[str, ...] = ("front", "back")


@dataclass(frozen=True, slots=True)
class Sample:
    """One file and its row.

    Attributes:
        content: the bytes of a JPEG or PNG file.
        row: every column of the manifest; `path` is the file's name.
        flat: the flat document that lies in the picture (after the attack), or None where none does.
        flat_to_picture: its pixels' way into the upright picture, or None where no camera was used.
    """

    content: bytes
    row: Mapping[str, str]
    flat: FlatDocument | None = None
    flat_to_picture: Homography | None = None


@dataclass(frozen=True, slots=True)
class _Task:
    """One document under one severity, attack and fault."""

    family: Family
    severity: SeverityName
    attack: str
    fault: str
    index: int
    request: Request = field(repr=False)

    @property
    def document(self) -> str:
        attack = "" if self.attack == NO_ATTACK else self.attack
        parts = (self.family.name, self.severity, attack, self.fault, str(self.request.seed), str(self.index))
        return "-".join(part for part in parts if part)

    def generator(self, purpose: str) -> np.random.Generator:
        words = (self.request.split, self.family.name, self.severity, self.attack, self.fault, purpose)
        key = [crc32(word.encode()) for word in words]
        return np.random.default_rng(np.random.SeedSequence([*key, self.request.seed, self.index]))


def samples(request: Request, *, part: int = 0, parts: int = 1) -> Iterator[Sample]:
    """Draw the request one after another; `part` of `parts` draws every n-th document, for several processes.

    Attacks and faults that a family or side cannot have are left out. A sample depends on its own place alone: the same
    seed, split and index give the same bytes, whatever else is asked for.
    """
    for i, task in enumerate(_tasks(request)):
        if i % parts == part:
            yield from _drawn(task)


def documents(request: Request) -> int:
    """How many documents the request draws."""
    return sum(1 for _ in _tasks(request))


def known_attacks() -> tuple[str, ...]:
    """Names of all attacks: of the registry and of the families."""
    own = {name for family in FAMILIES.values() for name in family.own_attacks}
    return (*ATTACKS, *sorted(own - set(ATTACKS)))


def _tasks(request: Request) -> Iterator[_Task]:
    for name in request.families:
        family = FAMILIES[name]
        for severity in request.severities:
            for attack in request.attacks:
                if attack != NO_ATTACK and attack not in ATTACKS and attack not in family.own_attacks:
                    continue
                for fault in request.faults:
                    for index in range(request.count):
                        yield _Task(family, severity, attack, fault, index, request)


def _drawn(task: _Task) -> Iterator[Sample]:
    issued = task.family.issue(task.generator("document"), task.request.split, task.attack)
    for side in task.family.sides:
        if side not in task.request.sides or (task.fault == "wrong_side" and len(task.family.sides) == 1):
            continue
        drawn = issued.draw(side)
        attack = None if task.attack in task.family.own_attacks else ATTACKS.get(task.attack)
        if attack is not None and not attack.applies(task.family.name, side, drawn.flat.boxes):
            continue
        if task.fault == "wrong_side":
            wrong = next(other for other in task.family.sides if other != side)
            drawn = DrawnSide(issued.draw(wrong).flat, {})
        yield _pictured(task, side, drawn, attack, task.generator(side))


def _pictured(task: _Task, side: str, drawn: DrawnSide, attack: Attack | None, rng: np.random.Generator) -> Sample:
    split = task.request.split
    taken = shot(SEVERITIES[task.severity], rng)
    other = _other(task, side)
    flat = drawn.flat
    edit: Callable[[Photograph], Picture] | None = None
    if attack is not None:
        context = AttackContext(split, task.family.name, side, drawn.truth, drawn.flat, other, task.severity)
        attack_rng = task.generator(f"{side} attack")
        faked = attack.instead_of_camera(flat, attack_rng, context)
        if faked is not None:
            return _sample(task, side, drawn.truth, faked, taken, None, None, bare=True)
        flat = attack.on_flat(flat, attack_rng, context)
        if type(attack).on_picture is not Attack.on_picture:
            edit = _editor(attack, taken, attack_rng, context)
    if task.fault == "screenshot":
        return _sample(task, side, drawn.truth, screenshot(flat, rng), taken, None, None, bare=True)
    if task.fault == "no_document":
        return _sample(task, side, {}, empty_table(taken, flat.size, split, rng).picture, taken, None, None)
    spoil = spoiled(task.fault, taken, flat, other, rng)
    shown = photograph(flat, spoil.shot, split, rng, spoil.mishap)
    picture = shown.picture if edit is None else edit(shown)
    if edit is None and rng.random() < RESAVED_PROBABILITY:
        picture = through_jpeg(picture, int(rng.integers(taken.jpeg_quality, 97)))
    return _sample(task, side, drawn.truth, picture, spoil.shot, flat, shown.flat_to_picture)


def _editor(
    attack: Attack, taken: Shot, rng: np.random.Generator, context: AttackContext
) -> Callable[[Photograph], Picture]:
    """Edits a picture that the camera has compressed already."""

    def edit(shown: Photograph) -> Picture:
        if shown.flat_to_picture is None:
            return shown.picture
        stored = through_jpeg(shown.picture, int(rng.integers(taken.jpeg_quality, 97)))
        return attack.on_picture(stored, shown.flat_to_picture, rng, context)

    return edit


def _other(task: _Task, side: str) -> Callable[[], FlatDocument]:
    @cache
    def draw() -> FlatDocument:
        return task.family.issue(task.generator("other document"), task.request.split).draw(side).flat

    return draw


def _sample(
    task: _Task, side: str, truth: Mapping[str, str], picture: Picture, taken: Shot, flat: FlatDocument | None,
    flat_to_picture: Homography | None, *, bare: bool = False,
) -> Sample:  # fmt: skip
    """The file; a picture that no camera took (`bare`) is a PNG or a clean JPEG, by chance, and upright."""
    lossless = bare and task.generator(f"{side} file").random() < 0.5
    if lossless:
        content = as_png(picture)
    else:
        content = as_jpeg(picture, 92 if bare else taken.jpeg_quality, 1 if bare else taken.exif_orientation)
    row = dict.fromkeys(COLUMNS, "")
    row.update(path=f"{task.document}-{side}.{'png' if lossless else 'jpg'}", family=task.family.name, side=side,
               attack=task.attack, severity=task.severity.value, fault=task.fault, document=task.document)  # fmt: skip
    row.update(truth)
    return Sample(content, row, flat, flat_to_picture)


def warm_up() -> None:
    """One thread for OpenCV: samples are drawn side by side in processes, not in threads."""
    cv2.setNumThreads(1)
