"""Policies told apart by name and version, out of a text of one line: what versions are about needs no thresholds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from kyc_service.decision.policy import Policy
from kyc_service.policies.load import PolicyInvalid
from kyc_service.policies.versions import Change
from tests.decision.policies import POLICY

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def resolve(text: str) -> Policy:
    """The policy of a text such as ``bank@1 whatever``; one that holds ``broken`` cannot be used."""
    if "broken" in text:
        raise PolicyInvalid("policy text cannot be used: it is broken")
    name, _, version = text.split(maxsplit=1)[0].partition("@")
    return replace(POLICY, name=name, version=version)


def change(reason: str = "a test", actor: str = "tester") -> Change:
    """Somebody's change."""
    return Change(actor, reason, NOW)
