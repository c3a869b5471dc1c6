"""Which policy decides a submission, and which one only says beside it what it would have said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from kyc_service.decision.policy import Policy
from kyc_service.errors import Unavailable


class PolicyUnavailable(Unavailable):
    """The policy in use cannot be read on this installation; nothing is decided until it can, or another is in use."""

    code = "policy_unavailable"


@dataclass(frozen=True, slots=True)
class ShadowPolicy:
    """A version that is tried out; without ``policy`` it cannot be read on this installation."""

    name: str
    version: str
    policy: Policy | None


@dataclass(frozen=True, slots=True)
class PoliciesInUse:
    """``active`` decides. ``shadow`` is asked afterwards, and nothing comes of its answer."""

    active: Policy
    shadow: ShadowPolicy | None = None


class PolicyProvider(Protocol):
    """Says which policies are in use now. Safe to call from several threads."""

    def __call__(self) -> PoliciesInUse:
        """The policies of the next submission.

        Raises:
            PolicyUnavailable: the active one cannot be read; none other decides in its place.
        """
        ...


def constantly(policy: Policy) -> PolicyProvider:
    """Always ``policy``, without a shadow."""
    in_use = PoliciesInUse(policy)
    return lambda: in_use
