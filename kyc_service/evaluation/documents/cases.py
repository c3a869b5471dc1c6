"""Which pictures are judged together: the front and the back of one document."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import zip_longest

from kyc_service.domain.captures import CaptureKind
from kyc_service.evaluation.documents.manifest import Labelled

Case = tuple[Labelled, ...]
"""One front, one back, or a front and a back."""


def cases_of(rows: Sequence[Labelled]) -> list[Case]:
    """Pair fronts with backs of the same ``document``; a picture without one is a case of its own.

    Where a document was photographed several times, like goes with like (the same attack,
    the same severity, the same fault) in the order of the rows; what is left over is paired
    with nothing rather than with a picture of another kind, unless its document has but one
    picture of the other side.
    """
    by_document: dict[str, list[Labelled]] = defaultdict(list)
    alone: list[Case] = []
    for row in rows:
        if row.document:
            by_document[row.document].append(row)
        else:
            alone.append((row,))
    paired = [case for pictures in by_document.values() for case in _pairs(pictures)]
    return sorted([*alone, *paired], key=lambda case: case[0].row)


def _pairs(pictures: Sequence[Labelled]) -> list[Case]:
    fronts = [p for p in pictures if p.side is CaptureKind.DOCUMENT_FRONT]
    backs = [p for p in pictures if p.side is CaptureKind.DOCUMENT_BACK]
    if len(fronts) == 1 and len(backs) == 1:
        return [(fronts[0], backs[0])]
    kinds = dict.fromkeys(_kind(p) for p in pictures)
    return [case for kind in kinds for case in _in_order(_of(fronts, kind), _of(backs, kind))]


def _in_order(fronts: Sequence[Labelled], backs: Sequence[Labelled]) -> Iterable[Case]:
    for front, back in zip_longest(fronts, backs):
        yield tuple(picture for picture in (front, back) if picture is not None)


def _kind(picture: Labelled) -> tuple[str, str, str]:
    return picture.attack, picture.severity, picture.fault


def _of(pictures: Sequence[Labelled], kind: tuple[str, str, str]) -> list[Labelled]:
    return [p for p in pictures if _kind(p) == kind]
