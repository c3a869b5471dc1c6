"""Outcomes of checks, actions of policies, verdicts of verifications: three ordered scales.

Each scale runs from mild to grave, and each zero value is a cautious one: an outcome
nobody set is ``NOT_ASSESSED``, a verdict nobody reached is ``REVIEW``.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Outcome(StrEnum):
    """The answer to one check: ``clear`` < ``consider`` < ``not_assessed`` < ``rejected``.

    ``not_applicable`` stands outside the scale: the question was not asked.
    """

    NOT_APPLICABLE = "not_applicable"
    CLEAR = "clear"
    CONSIDER = "consider"
    NOT_ASSESSED = "not_assessed"
    REJECTED = "rejected"

    @property
    def rank(self) -> int:
        """Position on the scale, 0 is mildest.

        >>> Outcome.CLEAR.rank < Outcome.CONSIDER.rank < Outcome.REJECTED.rank
        True
        """
        return _OUTCOMES[self]


class Action(StrEnum):
    """What a reason or a check asks of the verdict: ``none`` < ``review`` < ``decline``."""

    NONE = "none"
    REVIEW = "review"
    DECLINE = "decline"

    @property
    def rank(self) -> int:
        """Position on the scale, 0 is mildest."""
        return _ACTIONS[self]


class Verdict(StrEnum):
    """What the machine says of a verification."""

    APPROVE = "approve"
    RETAKE = "retake"
    REVIEW = "review"
    DECLINE = "decline"

    @property
    def rank(self) -> int:
        """Position on the scale, 0 is mildest."""
        return _VERDICTS[self]


_OUTCOMES: Final = {outcome: rank for rank, outcome in enumerate(Outcome)}
_ACTIONS: Final = {action: rank for rank, action in enumerate(Action)}
_VERDICTS: Final = {verdict: rank for rank, verdict in enumerate(Verdict)}


def worst_outcome(outcomes: list[Outcome]) -> Outcome:
    """The gravest of ``outcomes``; of none, ``NOT_ASSESSED``.

    >>> worst_outcome([Outcome.CLEAR, Outcome.CONSIDER])
    <Outcome.CONSIDER: 'consider'>
    >>> worst_outcome([])
    <Outcome.NOT_ASSESSED: 'not_assessed'>
    """
    return max(outcomes, key=lambda o: o.rank, default=Outcome.NOT_ASSESSED)


def worst_action(actions: list[Action]) -> Action:
    """The gravest of ``actions``; of none, ``NONE`` (a check without reasons asks nothing)."""
    return max(actions, key=lambda a: a.rank, default=Action.NONE)
