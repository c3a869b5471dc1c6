"""One entry of the catalogue, and the four shapes that entries have."""

from __future__ import annotations

from dataclasses import dataclass

from kyc_service.domain.outcome import Action, Outcome


@dataclass(frozen=True, slots=True)
class ReasonEntry:
    """What the catalogue says of one reason.

    ``staff`` is the sentence for staff. ``applicant`` and ``applicant_zh`` are what may be
    shown to the applicant, in English and in Chinese: both, or neither where saying why
    would teach an attacker. ``outcome`` is what it makes of the check it is raised under.
    ``retake``: the capture it was seen on is unusable. ``default_action`` is what it asks of
    the verdict where a policy does not say; retake reasons ask nothing, they open the gate.
    """

    staff: str
    applicant: str | None
    outcome: Outcome
    retake: bool = False
    applicant_zh: str | None = None
    default_action: Action = Action.REVIEW


@dataclass(frozen=True, slots=True)
class Told:
    """What the applicant is told, in both languages."""

    en: str
    zh: str


def retake(staff: str, en: str, zh: str) -> ReasonEntry:
    """An unusable capture; who must take it again is told how."""
    return ReasonEntry(staff, en, Outcome.REJECTED, retake=True, applicant_zh=zh, default_action=Action.NONE)


def rejected(staff: str, told: Told | None = None, action: Action = Action.REVIEW) -> ReasonEntry:
    """A reason that rejects its check."""
    return _entry(staff, told, Outcome.REJECTED, action)


def consider(staff: str, told: Told | None = None, action: Action = Action.REVIEW) -> ReasonEntry:
    """A doubt."""
    return _entry(staff, told, Outcome.CONSIDER, action)


def weak(staff: str, told: Told | None = None) -> ReasonEntry:
    """A doubt that asks nothing of the verdict by itself: honest lives are full of it."""
    return _entry(staff, told, Outcome.CONSIDER, Action.NONE)


def unassessed(staff: str, told: Told | None = None) -> ReasonEntry:
    """Why a check has no answer."""
    return _entry(staff, told, Outcome.NOT_ASSESSED, Action.REVIEW)


def _entry(staff: str, told: Told | None, outcome: Outcome, action: Action) -> ReasonEntry:
    en, zh = (told.en, told.zh) if told else (None, None)
    return ReasonEntry(staff, en, outcome, applicant_zh=zh, default_action=action)
