from __future__ import annotations

from datetime import UTC, datetime

import pytest

from kyc_service.domain.challenge import Action, ActionStep, Challenge, ChallengeKind

ISSUED = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize(("ends_ms", "length_ms"), [((), 0), ((1500,), 1500), ((3000, 1500), 3000)])
def test_a_challenge_lasts_until_its_last_step_ends(ends_ms: tuple[int, ...], length_ms: int) -> None:
    steps = tuple(ActionStep(next(iter(Action)), 0, end) for end in ends_ms)
    challenge = Challenge("chl_1", next(iter(ChallengeKind)), steps, (), ISSUED, ISSUED)
    assert challenge.length_ms == length_ms
