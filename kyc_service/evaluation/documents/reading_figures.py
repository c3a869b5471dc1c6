"""How well documents are read: fields, whole sides, retakes; by family, severity and side."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any, Final

from kyc_service.evaluation.documents.comparing import Compared, Group, Match, compare, document_of, plain
from kyc_service.evaluation.documents.manifest import TRUTHS
from kyc_service.evaluation.documents.seen import PictureSeen, State
from kyc_service.evaluation.intervals import error_rate, share_of

NUMBERS: Final = ("id_number", "document_number")


def field_figures(pictures: Iterable[PictureSeen]) -> list[dict[str, Any]]:
    """One entry per field and group of plain pictures, the whole first."""
    by_field: dict[tuple[Group, str], list[Compared]] = defaultdict(list)
    for seen in plain(pictures):
        for compared in compare(seen):
            for group in Group.of(seen.picture).coarser():
                by_field[group, compared.field].append(compared)
    ordered = sorted(by_field, key=lambda key: (key[0].order, TRUTHS.index(key[1])))
    return [{**asdict(group), "field": field, **_field(by_field[group, field])} for group, field in ordered]


def _field(found: Sequence[Compared]) -> dict[str, Any]:
    kept = [c for c in found if c.is_kept]
    matches = Counter(c.match for c in found)
    return {
        "n": len(found),
        "exact_of_all": share_of(c.match is Match.EXACT for c in found),
        "exact_of_kept": share_of(c.match is Match.EXACT for c in kept),
        "character_error_rate_of_kept": error_rate((document_of(c.seen.picture), c.distance, c.length) for c in kept),
        "wrong_read": matches[Match.WRONG_READ],
        "wrong_not_read": matches[Match.NOT_READ],
        "wrong_but_certain": sum(c.is_wrong_but_certain for c in found),
        "unavailable": matches[Match.UNAVAILABLE],
        "uncertain_of_kept": share_of(not _is_certain(c) for c in kept),
    }


def side_figures(pictures: Iterable[PictureSeen]) -> list[dict[str, Any]]:
    """One entry per group of plain pictures: what was sent back, and what the kept ones hold."""
    by_group: dict[Group, list[PictureSeen]] = defaultdict(list)
    for seen in plain(pictures):
        for group in Group.of(seen.picture).coarser():
            by_group[group].append(seen)
    return [{**asdict(group), **_side(by_group[group])} for group in sorted(by_group, key=lambda group: group.order)]


def _side(pictures: Sequence[PictureSeen]) -> dict[str, Any]:
    kept = [compare(seen) for seen in pictures if seen.state is State.KEPT]
    told = [fields for fields in kept if fields]
    numbers = [c for fields in told for c in fields if c.field in NUMBERS]
    return {
        "n": len(pictures),
        "retake": share_of(seen.state is State.SENT_BACK for seen in pictures),
        "retake_reasons": dict(Counter(r for seen in pictures for r in seen.retakes).most_common()),
        "refused": sum(seen.state is State.REFUSED for seen in pictures),
        "crashed": sum(seen.state is State.CRASHED for seen in pictures),
        "unrecognised_of_kept": share_of(seen.family is None for seen in pictures if seen.state is State.KEPT),
        "number_exact_of_kept": share_of(c.match is Match.EXACT for c in numbers),
        "all_fields_exact_of_kept": share_of(all(c.match is Match.EXACT for c in fields) for fields in told),
        "uncertain_of_kept": share_of(not all(map(_is_certain, fields)) for fields in told),
        "fates": dict(Counter(_fate(seen) for seen in pictures)),
    }


def _fate(seen: PictureSeen) -> str:
    """What became of a picture as a whole, as the page draws it."""
    fields = compare(seen)
    if seen.state is not State.KEPT:
        return "sent_back" if seen.state is State.SENT_BACK else "failed"
    if seen.family is None:
        return "unrecognised"
    if not all(c.match is Match.EXACT for c in fields):
        doubted = all(c.match is Match.EXACT or not _is_certain(c) for c in fields)
        return "wrong_and_doubted" if doubted else "wrong"
    return "exact" if all(map(_is_certain, fields)) else "exact_but_doubted"


def _is_certain(compared: Compared) -> bool:
    """Whether the field may clear or reject something; a value that was not read as characters is as sure as the rest."""
    reading = compared.reading
    return reading is not None and (reading.is_certain or reading.min_confidence is None)
