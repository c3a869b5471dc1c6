from __future__ import annotations

import random
from datetime import UTC, datetime
from itertools import pairwise
from secrets import SystemRandom

from hypothesis import given
from hypothesis import strategies as st

from kyc_service.domain.challenge import ChallengeKind, FlashColour
from kyc_service.liveness.challenge.draw import ACTIONS_ASKED, EXPIRES_AFTER, TURNS, draw

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@given(seed=st.integers(0, 10**9))
def test_actions_differ_and_one_turns_the_head(seed: int) -> None:
    challenge = draw(ChallengeKind.ACTIONS, NOW, random.Random(seed))  # noqa: S311 - tests repeat
    asked = [step.action for step in challenge.actions]
    assert len(set(asked)) == ACTIONS_ASKED
    assert set(asked) & set(TURNS)
    assert challenge.flashes == ()


@given(seed=st.integers(0, 10**9))
def test_windows_leave_time_to_act_and_to_come_back(seed: int) -> None:
    challenge = draw(ChallengeKind.ACTIONS, NOW, random.Random(seed))  # noqa: S311 - tests repeat
    assert challenge.actions[0].from_ms >= 500
    assert all(2500 <= step.until_ms - step.from_ms <= 4000 for step in challenge.actions)
    assert all(later.from_ms - one.until_ms >= 400 for one, later in pairwise(challenge.actions))
    assert challenge.length_ms <= 12_000


@given(seed=st.integers(0, 10**9))
def test_colours_change_at_every_step(seed: int) -> None:
    drawn = draw(ChallengeKind.FLASH, NOW, random.Random(seed))  # noqa: S311 - tests repeat
    flashes = drawn.flashes
    assert len(flashes) in {4, 5}
    assert all(400 <= step.until_ms - step.from_ms <= 700 for step in flashes)
    assert all(one.colour is not later.colour and one.until_ms == later.from_ms for one, later in pairwise(flashes))
    assert len({step.colour for step in flashes} & {FlashColour.RED, FlashColour.GREEN, FlashColour.BLUE}) >= 2


def test_no_two_challenges_are_alike() -> None:
    drawn = [draw(ChallengeKind.ACTIONS, NOW, SystemRandom()) for _ in range(300)]
    assert len({one.id for one in drawn}) == 300
    assert len({one.actions for one in drawn}) == 300
    assert len({tuple(step.action for step in one.actions) for one in drawn}) > 100


def test_it_expires() -> None:
    challenge = draw(ChallengeKind.ACTIONS, NOW, SystemRandom())
    assert (challenge.issued_at, challenge.expires_at) == (NOW, NOW + EXPIRES_AFTER)
