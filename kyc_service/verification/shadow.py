"""A shadow policy is asked what it would have said. Whatever comes of it, the verdict stands."""

from __future__ import annotations

from collections.abc import Sequence

from kyc_service.decision.report import ShadowVerdict
from kyc_service.decision.verdict import Question, decide
from kyc_service.domain.measurements import Measurement
from kyc_service.verification.policies_in_use import ShadowPolicy
from kyc_service.verification.trail import Trail


def ask_shadow(
    shadow: ShadowPolicy | None, measurements: Sequence[Measurement], question: Question, trail: Trail
) -> ShadowVerdict | None:
    """What ``shadow`` says of ``measurements``; its crash is logged, and an answer without a verdict."""
    if shadow is None:
        return None
    policy = shadow.policy
    verdict = None
    if policy is not None:
        verdict, _ = trail.attempt(
            "shadow_policy", lambda: (decide(measurements, policy, question).verdict, ()), (), frozenset()
        )
    return ShadowVerdict(shadow.name, shadow.version, verdict)
