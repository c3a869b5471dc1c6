"""What a family of documents must be able to do. Adding one is adding a module that does it.

A family is told by a line of its print (a number, a period of validity, a zone), by a
barcode, or, where no single line tells, by the whole print of a page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from kyc_service.documents.finding.face import Face
from kyc_service.documents.finding.locate import LocatedDocument
from kyc_service.documents.reading.lines import Line, Page
from kyc_service.domain.document import DocumentReading
from kyc_service.inference.barcode import Barcode
from kyc_service.inference.ocr import Quad


class Shows(StrEnum):
    """Which side of its document a family is read from."""

    FRONT = "front"
    BACK = "back"
    EITHER = "either"


@dataclass(frozen=True, slots=True, eq=False)
class Sign:
    """The line that told a family, on a page turned so that it stands upright.

    ``index`` is its place among the lines that were detected; ``None``: it was looked for
    where the family has it, without detection.
    """

    page: Page
    line: Line
    index: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class SideReading:
    """What one side of a document says.

    ``document`` is turned upright; ``corners`` are the card's or page's on it (4x2, clockwise
    from its own top left), worked out from the print that was read and not from an outline,
    which may belong to something else; ``portrait`` where its portrait must lie, likewise.
    ``number`` frames the printed number, one line of equally wide cells, ``portrait_print`` the
    portrait itself; both are where signs of forgery are looked for. ``is_whole``: everything that must stand on this side was read. ``lines`` is text that
    belongs to no field.
    """

    family: str
    shows: Shows
    document: LocatedDocument
    reading: DocumentReading
    is_whole: bool
    corners: Quad | None = None
    portrait: Quad | None = None
    number: Quad | None = None
    portrait_print: Quad | None = None
    lines: tuple[Line, ...] = ()


class Family(Protocol):
    """A family that one line tells."""

    @property
    def name(self) -> str:
        """Its name in reports and manifests."""
        ...

    def is_told_by(self, line: Line) -> bool:
        """Whether ``line``, upright, stands on documents of this family and on no others."""
        ...

    def corners(self, sign: Sign) -> Quad | None:
        """Where the document's corners must lie on the sign's page (4x2, clockwise from its own top left); ``None``: unknown."""
        ...

    def read(self, sign: Sign, today: date) -> SideReading | None:
        """What the side says; ``None``: the line told falsely."""
        ...


class PlacedFamily(Family, Protocol):
    """A family whose side has a look of its own, so that it is found and read by places, without finding lines."""

    @property
    def face(self) -> Face:
        """What the side looks like from afar."""
        ...

    def sign(self, page: Page) -> Sign | None:
        """The telling line, looked for where it must stand on a ``page`` that lies as the face does; ``None``: not there."""
        ...


class BarcodeFamily(Protocol):
    """A family that a barcode tells, and says."""

    @property
    def name(self) -> str:
        """Its name in reports and manifests."""
        ...

    def read_barcode(self, document: LocatedDocument, barcode: Barcode, today: date) -> SideReading | None:
        """What the ``barcode``, whose quad lies on ``document``, says; ``None``: it is of another family."""
        ...


class PrintFamily(Protocol):
    """A family that no single line tells, but its print as a whole."""

    @property
    def name(self) -> str:
        """Its name in reports and manifests."""
        ...

    def read(self, page: Page, lines: Sequence[Line], today: date) -> SideReading | None:
        """What the side says whose ``lines`` were read; ``None``: it is of another family."""
        ...
