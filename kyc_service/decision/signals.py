"""Combinations: signals that mean little alone and something together.

There is no negation on purpose. A signal is there or not, and worse evidence only ever adds
signals, so a combination that matched keeps matching: verdicts stay monotone.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from kyc_service.domain.checks import CheckName
from kyc_service.domain.outcome import Action
from kyc_service.domain.reasons import Reason


@dataclass(frozen=True, slots=True)
class AtLeast:
    """At least ``count`` of the signals in ``of``: all of them, or any one, are its two ends.

    >>> AtLeast(3, (Reason.PHONE_REGION_DIFFERS,))
    Traceback (most recent call last):
        ...
    ValueError: at least 3 of 1 signals can never be
    """

    count: int
    of: tuple[Signal, ...]

    def __post_init__(self) -> None:
        """Refuse what would match nothing, or everything."""
        if not 1 <= self.count <= len(self.of):
            message = f"at least {self.count} of {len(self.of)} signals can never be"
            raise ValueError(message)


Signal = Reason | CheckName | AtLeast
"""A reason that was raised; a check that was asked and is not clear; or several of both."""


@dataclass(frozen=True, slots=True)
class Combination:
    """Signals together: what they are called, why they matter (a sentence for staff), what follows."""

    name: str
    because: str
    action: Action
    when: Signal


@dataclass(frozen=True, slots=True)
class Raised:
    """Everything seen past the capture gate that can be a signal.

    ``reasons`` holds the reasons that were raised and those that a graver one stands for,
    ``checks`` the checks that were asked and are not clear.
    """

    reasons: AbstractSet[Reason]
    checks: AbstractSet[CheckName]


def matched(signal: Signal, raised: Raised) -> tuple[str, ...] | None:
    """The reasons and checks by which ``signal`` matches, in the order they are written; ``None`` if it does not.

    >>> both = AtLeast(2, (Reason.PHONE_REGION_DIFFERS, Reason.FAR_FROM_IP))
    >>> matched(both, Raised({Reason.FAR_FROM_IP, Reason.PHONE_REGION_DIFFERS}, set()))
    ('phone_region_differs', 'far_from_ip')
    >>> matched(both, Raised({Reason.FAR_FROM_IP}, set())) is None
    True
    """
    match signal:
        case Reason():
            return (signal.value,) if signal in raised.reasons else None
        case CheckName():
            return (signal.value,) if signal in raised.checks else None
        case _:
            found = [names for part in signal.of if (names := matched(part, raised)) is not None]
            if len(found) < signal.count:
                return None
            return tuple(dict.fromkeys(name for names in found for name in names))
