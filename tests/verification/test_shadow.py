"""A shadow policy: asked, counted, kept; whatever becomes of it, the verdict stands."""

from __future__ import annotations

from dataclasses import replace

from kyc_service.domain.outcome import Verdict
from kyc_service.verification.policies_in_use import ShadowPolicy, constantly
from kyc_service.verification.shadow import ask_shadow
from kyc_service.verification.trail import Trail
from tests.decision.policies import POLICY, line, match, question

MEASURED = [match(0.7), line("mobile")]


def said(shadow: ShadowPolicy | None) -> Verdict | str | None:
    found = ask_shadow(shadow, MEASURED, question(), Trail("ver_test"))
    return "nobody asked" if found is None else found.verdict


def test_a_shadow_decides_the_same_measurements() -> None:
    assert said(ShadowPolicy("bank", "2", POLICY)) is Verdict.APPROVE


def test_without_a_shadow_nobody_is_asked() -> None:
    assert said(None) == "nobody asked"
    assert constantly(POLICY)().shadow is None


def test_a_shadow_that_crashes_or_cannot_be_read_has_no_answer() -> None:
    assert said(ShadowPolicy("bank", "2", replace(POLICY, tiers={}))) is None
    assert said(ShadowPolicy("bank", "2", None)) is None
