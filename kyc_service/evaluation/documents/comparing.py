"""Every true field of every picture beside what was read of it."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from kyc_service.domain.captures import CaptureKind
from kyc_service.evaluation.documents.manifest import NONE, SEVERITIES, Labelled
from kyc_service.evaluation.documents.seen import FieldSeen, PictureSeen, State
from kyc_service.evaluation.documents.values import comparable, edit_distance

UNSTATED: Final = "unstated"


class Match(StrEnum):
    """How a reading meets the truth. ``unavailable``: the picture was sent back, refused or crashed."""

    EXACT = "exact"
    WRONG_READ = "wrong_read"
    NOT_READ = "not_read"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True)
class Compared:
    """One field of one picture. ``distance`` is in characters, of ``length`` true ones."""

    seen: PictureSeen
    field: str
    truth: str
    reading: FieldSeen | None
    match: Match
    distance: int
    length: int

    @property
    def is_kept(self) -> bool:
        """Whether the picture was read and not sent back."""
        return self.match is not Match.UNAVAILABLE

    @property
    def is_wrong_but_certain(self) -> bool:
        """Whether something else than the truth was read, and passed for certain."""
        return self.match is Match.WRONG_READ and self.reading is not None and self.reading.is_certain

    @property
    def is_wrong_but_clear(self) -> bool:
        """Whether something else than the truth was read, and nothing that rests on it asks for a person."""
        return self.match is Match.WRONG_READ and self.reading is not None and self.reading.ends_clear


def compare(seen: PictureSeen) -> tuple[Compared, ...]:
    """Each field that the manifest knows of ``seen``."""
    return tuple(_compared(seen, name, truth) for name, truth in seen.picture.truth.items())


def _compared(seen: PictureSeen, name: str, truth: str) -> Compared:
    wanted = comparable(truth)
    reading = seen.fields.get(name) if seen.state is State.KEPT else None
    got = comparable(reading.value) if reading is not None else ""
    if seen.state is not State.KEPT:
        match = Match.UNAVAILABLE
    elif not got:
        match = Match.NOT_READ
    else:
        match = Match.EXACT if got == wanted else Match.WRONG_READ
    return Compared(seen, name, truth, reading, match, edit_distance(wanted, got), max(1, len(wanted)))


def document_of(picture: Labelled) -> Hashable:
    """What is independent of the others: the document, or the picture where none is named."""
    return picture.document or picture.row


@dataclass(frozen=True, slots=True)
class Group:
    """A part of the pictures. Empty: not told apart."""

    family: str = ""
    severity: str = ""
    side: str = ""

    @classmethod
    def of(cls, picture: Labelled) -> Group:
        """The finest group of ``picture``; a severity nobody named is :data:`UNSTATED`."""
        side = "front" if picture.side is CaptureKind.DOCUMENT_FRONT else "back"
        return cls(picture.family, picture.severity or UNSTATED, side)

    @property
    def order(self) -> tuple[str, int, str]:
        """What groups are sorted by: the whole first, severities from mild on."""
        severities = ("", *SEVERITIES, UNSTATED)
        return self.family, severities.index(self.severity), self.side

    def coarser(self) -> tuple[Group, ...]:
        """All pictures, its severity, its family, and itself."""
        return Group(), Group(severity=self.severity), Group(family=self.family), self


def plain(pictures: Iterable[PictureSeen]) -> list[PictureSeen]:
    """Bona fide pictures without a fault, of documents that should be read."""
    return [seen for seen in pictures if seen.picture.is_plain]


def population_of(picture: Labelled) -> str:
    """``plain``, ``fault`` or ``attack``; what carries no supported document is ``unsupported``."""
    if picture.attack != NONE:
        return "attack"
    if picture.family == NONE:
        return "unsupported"
    return "fault" if picture.fault else "plain"
