"""The document branch: decode, locate, read."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from kyc_service.decision.report import CaptureRecord
from kyc_service.documents.authenticity.measure import measure
from kyc_service.documents.engines import DocumentEngines
from kyc_service.documents.finding.locate import LocatedDocument, locate
from kyc_service.documents.stage import DocumentStage, read_back, read_front
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.checks import CheckName
from kyc_service.domain.measurements import Measurement
from kyc_service.imaging.limits import DecodeLimits
from kyc_service.imaging.picture import Picture
from kyc_service.verification.decoding import decoded
from kyc_service.verification.kept_forms import located_form, stage_form
from kyc_service.verification.trail import Trail

DOCUMENT_LONG_SIDE_PX: Final = 1800
"""What a document's picture is reduced to at most: a card in half the frame keeps 900 px of width."""

_FRONT_CHECKS: Final = (CheckName.SUPPORTED_DOCUMENT, CheckName.CAPTURE_QUALITY)
_AUTHENTICITY_CHECKS: Final = (
    CheckName.ORIGINAL_DOCUMENT_PRESENT,
    CheckName.DIGITAL_TAMPERING,
    CheckName.PORTRAIT_INTEGRITY,
)
_BACK_CHECKS: Final = (CheckName.CAPTURE_QUALITY,)


@dataclass(frozen=True, slots=True)
class Side:
    """One side of the document: the file, what was read, or how the reading failed."""

    record: CaptureRecord
    stage: DocumentStage | None
    failures: tuple[Measurement, ...]


class DocumentBranch:
    """Reads the sides of one submission's document. ``today`` is the date of the verification."""

    def __init__(self, engines: DocumentEngines, limits: DecodeLimits, today: date, trail: Trail) -> None:
        self._engines = engines
        self._limits = limits
        self._today = today
        self._trail = trail
        self._located: Future[LocatedDocument | None] = Future()

    def wait_for_location(self, front: Future[Side]) -> LocatedDocument | None:
        """The located front, as soon as it is known; its portrait need not wait for its text.

        ``front`` is the work that runs :meth:`front`: should it fail, its exception is raised here.
        """
        awaited: list[Future[Any]] = [self._located, front]
        wait(awaited, return_when=FIRST_COMPLETED)
        if self._located.done():
            return self._located.result()
        front.result()
        return None

    def front(self, data: bytes) -> Side:
        """What the front says.

        Raises:
            ImageRefused: the bytes are no usable picture.
        """
        kind = CaptureKind.DOCUMENT_FRONT
        captures = frozenset({kind})
        record, picture = decoded(kind, data, DOCUMENT_LONG_SIDE_PX, self._limits, self._trail)
        located, failure = self._trail.kept(
            "front.locate", lambda: (locate(picture), ()), _FRONT_CHECKS, captures, located_form(picture)
        )
        self._located.set_result(located)
        if failure:
            return Side(record, None, failure)

        side = self._read(
            record, picture, "front.read", lambda: read_front(picture, located, self._engines, self._today)
        )
        return self._with_authenticity(side, picture)

    def _with_authenticity(self, side: Side, picture: Picture) -> Side:
        """``side``, also looked at for signs of forgery, where there is a document on it.

        The front of a card whose zone is on the back is one, though nothing is read on it.
        """
        stage = side.stage
        if stage is None or stage.front is None or not (stage.reading is not None or stage.front.has_outline):
            return side
        document, family = stage.front, "" if stage.reading is None else stage.reading.document_type.value

        def look() -> tuple[None, tuple[Measurement, ...]]:
            return None, measure(picture, document, stage.places, family, self._engines.authenticity)

        captures = frozenset({side.record.kind})
        _, seen = self._trail.kept("front.authenticity", look, _AUTHENTICITY_CHECKS, captures)
        return replace(side, stage=replace(stage, measurements=(*stage.measurements, *seen)))

    def back(self, data: bytes) -> Side:
        """What the back says.

        Raises:
            ImageRefused: the bytes are no usable picture.
        """
        kind = CaptureKind.DOCUMENT_BACK
        record, picture = decoded(kind, data, DOCUMENT_LONG_SIDE_PX, self._limits, self._trail)

        def read() -> DocumentStage:
            return read_back(picture, locate(picture, kind), self._engines, self._today)

        return self._read(record, picture, "back.read", read)

    def _read(self, record: CaptureRecord, picture: Picture, name: str, work: Callable[[], DocumentStage]) -> Side:
        checks = _FRONT_CHECKS if record.kind is CaptureKind.DOCUMENT_FRONT else _BACK_CHECKS
        stage, failures = self._trail.kept(
            name, lambda: (work(), ()), checks, frozenset({record.kind}), stage_form(picture)
        )
        if stage is not None:
            self._trail.timings_ms.update({f"{name}.{part}": ms for part, ms in stage.timings_ms.items()})
        return Side(record, stage, failures)
