"""Faults: was the picture sent back, and for the reason that helps? And documents that are none, or hold a broken zone."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from kyc_service.domain.checks import CheckName
from kyc_service.domain.reasons import Reason
from kyc_service.evaluation.documents.comparing import Match, compare
from kyc_service.evaluation.documents.manifest import NONE
from kyc_service.evaluation.documents.seen import PictureSeen, State
from kyc_service.evaluation.intervals import share_of

NO_REASON: Final = "(none: kept)"
MRZ_ATTACK: Final = "mrz_check_digit"
ASKED_FOR: Final[Mapping[str, tuple[Reason, ...]]] = MappingProxyType(
    {
        "dark": (Reason.DOCUMENT_TOO_DARK,),
        "glare": (Reason.DOCUMENT_GLARE, Reason.DOCUMENT_OVEREXPOSED),
        "blur": (Reason.DOCUMENT_BLURRED,),
        "cut_off": (Reason.DOCUMENT_CUT_OFF,),
        "covered": (Reason.DOCUMENT_COVERED,),
        "too_small": (Reason.DOCUMENT_TOO_SMALL,),
        "wrong_side": (Reason.DOCUMENT_WRONG_SIDE,),
        "no_document": (Reason.DOCUMENT_NOT_FOUND,),
        "two_documents": (Reason.DOCUMENT_SEVERAL,),
        "screenshot": (Reason.DOCUMENT_SCREENSHOT,),
    }
)
"""The reasons whose sentence tells the applicant what to change."""


def fault_figures(pictures: Iterable[PictureSeen]) -> list[dict[str, Any]]:
    """One entry per fault, and one (``fault`` empty) for plain pictures: which reason was given how often."""
    by_fault: dict[str, list[PictureSeen]] = defaultdict(list)
    for seen in pictures:
        if seen.picture.attack == NONE and seen.picture.family != NONE:
            by_fault[seen.picture.fault].append(seen)
    return [_fault(fault, by_fault[fault]) for fault in sorted(by_fault)]


def _fault(fault: str, pictures: Sequence[PictureSeen]) -> dict[str, Any]:
    given = Counter(reason for seen in pictures for reason in (seen.retakes or (_without_reason(seen),)))
    asked_for = ASKED_FOR.get(fault, ())
    return {
        "fault": fault,
        "n": len(pictures),
        "sent_back": share_of(seen.state is State.SENT_BACK for seen in pictures),
        "asked_for": [reason.value for reason in asked_for],
        "asked_for_given": share_of(not set(seen.retakes).isdisjoint(asked_for) for seen in pictures)
        if fault
        else None,
        "reasons": dict(given.most_common()),
        "kept_with_all_fields_exact": sum(_is_read_exactly(seen) for seen in pictures),
    }


def _without_reason(seen: PictureSeen) -> str:
    return NO_REASON if seen.state is State.KEPT else f"({seen.state})"


def _is_read_exactly(seen: PictureSeen) -> bool:
    """Kept and read without a mistake: a fault that did no harm."""
    fields = compare(seen)
    return bool(fields) and all(c.match is Match.EXACT for c in fields)


def recognition_figures(pictures: Sequence[PictureSeen]) -> dict[str, Any]:
    """What is no supported document, and what carries a broken zone: recognised as such?"""
    none = [seen for seen in pictures if seen.picture.family == NONE]
    broken = [seen for seen in pictures if seen.picture.attack == MRZ_ATTACK]
    sound = [seen for seen in pictures if seen.picture.is_plain and "mrz" in seen.picture.truth]
    return {
        "unsupported": {
            "n": len(none),
            "rejected": share_of(_raises(seen, Reason.DOCUMENT_UNSUPPORTED) for seen in none),
            "sent_back": sum(seen.state is State.SENT_BACK for seen in none),
            "taken_for": dict(Counter(seen.family for seen in none if seen.family is not None)),
        },
        "mrz_check_digit": {
            "n": len(broken),
            "sent_back": sum(seen.state is State.SENT_BACK for seen in broken),
            "rejected": share_of(_raises(seen, Reason.MRZ_CHECK_DIGIT) for seen in broken),
            "mrz_check_clear": sum(_mrz_outcome(seen) == "clear" for seen in broken),
        },
        "sound_mrz": {
            "n": len(sound),
            "sent_back": sum(seen.state is State.SENT_BACK for seen in sound),
            "check_clear": share_of(_mrz_outcome(seen) == "clear" for seen in sound),
            "check_rejected": share_of(_mrz_outcome(seen) == "rejected" for seen in sound),
        },
    }


def _raises(seen: PictureSeen, reason: Reason) -> bool:
    return any(raised == reason for _, raised in seen.reasons)


def _mrz_outcome(seen: PictureSeen) -> str:
    return (seen.outcomes or {}).get(CheckName.MRZ.value, "")
