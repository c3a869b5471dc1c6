from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kyc_service.domain.challenge import Action, ActionStep, ChallengeKind
from kyc_service.domain.reasons import Reason
from kyc_service.liveness.challenge.actions import EARLY_MS, Signals, compare, dips, excursions
from kyc_service.liveness.challenge.draw import draw
from tests.liveness.challenge.signals import EXTENT, LASTS_MS, LIMITS, length_of, signals_for, steps_of

MOVED = [action for action in Action if action is not Action.BLINK_TWICE]
OPPOSITE = {
    Action.TURN_LEFT: Action.TURN_RIGHT,
    Action.TURN_RIGHT: Action.TURN_LEFT,
    Action.LOOK_UP: Action.LOOK_DOWN,
    Action.LOOK_DOWN: Action.LOOK_UP,
}
THREE = st.lists(st.sampled_from(list(Action)), min_size=3, max_size=3, unique=True)


def reasons_for(asked: list[Action], done: list[tuple[Action, int]], fps: float = 15) -> tuple[Reason, ...]:
    steps = steps_of(asked)
    return compare(signals_for(done, length_of(steps), fps), steps, LIMITS).reasons


@given(asked=THREE, delays=st.lists(st.integers(0, 1200), min_size=3, max_size=3), fps=st.sampled_from([10, 15, 30]))
def test_what_is_asked_and_done_in_its_time_passes(asked: list[Action], delays: list[int], fps: int) -> None:
    done = [(step.action, step.from_ms + delay) for step, delay in zip(steps_of(asked), delays, strict=True)]
    assert reasons_for(asked, done, fps) == ()


@given(asked=THREE, order=st.permutations([0, 1, 2]), delay=st.integers(100, 1000))
def test_every_other_order_fails(asked: list[Action], order: list[int], delay: int) -> None:
    assume(order != [0, 1, 2])
    steps = steps_of(asked)
    done = [(asked[place], step.from_ms + delay) for place, step in zip(order, steps, strict=True)]
    found = reasons_for(asked, done)
    assert (
        Reason.CHALLENGE_WRONG_ORDER in found
        or Reason.CHALLENGE_ACTION_MISSING in found
        or (Reason.CLIP_TOO_FEW_FRAMES in found)
    )


@given(asked=THREE, missing=st.integers(0, 2), fps=st.sampled_from([5, 10, 15, 30]))
def test_an_action_left_out_fails(asked: list[Action], missing: int, fps: int) -> None:
    done = [(step.action, step.from_ms + 400) for place, step in enumerate(steps_of(asked)) if place != missing]
    assert reasons_for(asked, done, fps) != ()


@given(asked=THREE, late=st.integers(0, 2), by=st.integers(1300, 2500), sign=st.sampled_from([-1, 1]))
def test_an_action_out_of_its_time_fails(asked: list[Action], late: int, by: int, sign: int) -> None:
    steps = steps_of(asked)
    done = [(step.action, step.from_ms + 900) for step in steps]
    moved = steps[late].from_ms + (900 + by if sign > 0 else 400 - by)
    assume(moved >= -LASTS_MS // 2)
    done[late] = (steps[late].action, moved)
    reached_in_time = steps[late].from_ms - EARLY_MS <= moved and moved + LASTS_MS <= steps[late].until_ms
    assume(not reached_in_time)
    # At the edge of the window the extent may be reached in time though the action is not over.
    assume(sign < 0 or moved + 150 > steps[late].until_ms)
    assert reasons_for(asked, done) != ()


@given(asked=THREE, extra=st.sampled_from([a for a in Action if a is not Action.BLINK_TWICE]), place=st.integers(0, 2))
def test_an_action_nobody_asked_for_fails(asked: list[Action], extra: Action, place: int) -> None:
    assume(extra not in asked)
    steps = steps_of(asked)
    done = [(step.action, step.from_ms + 100) for step in steps]
    done.append((extra, steps[place].from_ms + 1700))
    assert reasons_for(asked, done) != ()


def test_doing_everything_all_the_time_is_no_answer() -> None:
    asked = [Action.TURN_LEFT, Action.LOOK_UP, Action.OPEN_MOUTH]
    everything = [(action, 200 + 1300 * turn) for turn in range(7) for action in asked]
    assert Reason.CHALLENGE_OUT_OF_TIME in reasons_for(asked, everything) or (
        Reason.CHALLENGE_WRONG_ORDER in reasons_for(asked, everything)
    )


def drawn(seed: int) -> tuple[ActionStep, ...]:
    return draw(ChallengeKind.ACTIONS, datetime(2026, 11, 23, tzinfo=UTC), Random(seed)).actions  # noqa: S311 - tests repeat


def in_every_window(steps: Sequence[ActionStep], kinds: Mapping[Action, int]) -> Signals:
    """``kinds``: what is done in each window, and how long after the window opened."""
    done = [(kind, step.from_ms + after) for step in steps for kind, after in kinds.items()]
    return signals_for(done, length_of(steps))


@given(
    seed=st.integers(0, 10**9),
    kinds=st.sets(st.sampled_from(MOVED), min_size=2),
    data=st.data(),
)
def test_two_full_kinds_in_every_window_fail(seed: int, kinds: set[Action], data: st.DataObject) -> None:
    steps = drawn(seed)
    after = {kind: data.draw(st.integers(0, 1200), label=kind) for kind in sorted(kinds)}
    assert compare(in_every_window(steps, after), steps, LIMITS).reasons != ()


@given(
    pair=st.lists(st.sampled_from(MOVED), min_size=2, max_size=2, unique=True),
    after=st.tuples(st.integers(0, 1200), st.integers(0, 1200)),
    fps=st.sampled_from([5, 10, 30]),
)
def test_one_movement_never_answers_two_questions(pair: list[Action], after: tuple[int, int], fps: int) -> None:
    steps = steps_of(pair[:1])
    done = [(action, steps[0].from_ms + at) for action, at in zip(pair, after, strict=True)]
    signals = signals_for(done, length_of(steps), fps)
    passed = [not compare(signals, steps_of([action]), LIMITS).reasons for action in pair]
    assert sum(passed) < len(pair)


def test_doing_everything_in_every_window_answers_none_of_200_challenges() -> None:
    """Left and right, up and down one after the other, all else with them."""
    after = {
        Action.TURN_LEFT: 100,
        Action.TURN_RIGHT: 700,
        Action.LOOK_UP: 100,
        Action.LOOK_DOWN: 700,
        Action.OPEN_MOUTH: 400,
        Action.COME_CLOSER: 400,
        Action.BLINK_TWICE: 400,
    }
    passed = 0
    for seed in range(200):
        steps = drawn(seed)
        passed += not compare(in_every_window(steps, after), steps, LIMITS).reasons
    assert passed == 0


@given(action=st.sampled_from(list(OPPOSITE)), between=st.integers(LASTS_MS // 2 + 1, 1200))
def test_the_opposite_is_never_a_companion(action: Action, between: int) -> None:
    steps = steps_of([action])
    done = [(action, steps[0].from_ms + 100), (OPPOSITE[action], steps[0].from_ms + 100 + between)]
    found = compare(signals_for(done, length_of(steps), 30), steps, LIMITS).reasons
    assert Reason.CHALLENGE_WRONG_ORDER in found


@pytest.mark.parametrize("turn", [Action.TURN_LEFT, Action.TURN_RIGHT])
@given(share=st.floats(0.1, 3.0), sign=st.sampled_from([-1, 1]), extent=st.floats(20, 45))
def test_a_tilt_comes_along_with_a_turn_while_clearly_behind_it(
    turn: Action, share: float, sign: int, extent: float
) -> None:
    assume(not 0.8 < share < 0.9)
    steps = steps_of([turn])
    turned = signals_for([(turn, 1000)], length_of(steps), 30)
    swing = [abs(yaw - 2) / EXTENT[turn] for yaw in turned.yaw_deg]
    tilt = share * extent / LIMITS.turn_deg * LIMITS.tilt_deg
    yaw = tuple((value - 2) / EXTENT[turn] * extent for value in turned.yaw_deg)
    signals = replace(turned, yaw_deg=yaw, pitch_deg=tuple(sign * tilt * part for part in swing))
    is_behind = share < 0.85 or tilt < LIMITS.tilt_deg
    expected = () if is_behind else (Reason.CHALLENGE_WRONG_ORDER,)
    assert compare(signals, steps, LIMITS).reasons == expected


@given(action=st.sampled_from(MOVED), seed=st.integers(0, 1000))
def test_a_blink_asked_for_excuses_no_other_movement(action: Action, seed: int) -> None:
    steps = steps_of([Action.BLINK_TWICE])
    done = [(Action.BLINK_TWICE, 1000), (action, 1000 + seed)]
    assert compare(signals_for(done, length_of(steps), 30), steps, LIMITS).reasons == (Reason.CHALLENGE_WRONG_ORDER,)


def test_a_missing_blink_is_told_from_one_that_frames_are_too_rare_for() -> None:
    asked = [Action.TURN_LEFT, Action.BLINK_TWICE, Action.LOOK_UP]
    done = [(Action.TURN_LEFT, 1000), (Action.LOOK_UP, 7200)]
    assert reasons_for(asked, done, 30) == (Reason.CHALLENGE_ACTION_MISSING,)
    assert reasons_for(asked, done, 5) == (Reason.CLIP_TOO_FEW_FRAMES,)


def test_idle_blinks_disturb_nothing() -> None:
    asked = [Action.TURN_LEFT, Action.OPEN_MOUTH, Action.LOOK_UP]
    done = [(step.action, step.from_ms + 400) for step in steps_of(asked)]
    assert reasons_for(asked, [*done, (Action.BLINK_TWICE, 2300)]) == ()


def test_a_blink_is_a_dip_that_ends() -> None:
    signals = signals_for([(Action.BLINK_TWICE, 1000)], 4000, 30)
    assert len(dips(signals, LIMITS)) == 2
    asleep = replace(signals, eyes=tuple(0.3 if at < 2500 else 0.05 for at in signals.at_ms))
    assert dips(asleep, LIMITS) == ()


@pytest.mark.parametrize("action", [a for a in Action if a is not Action.BLINK_TWICE])
def test_an_excursion_runs_from_rest_to_rest(action: Action) -> None:
    signals = signals_for([(action, 1000)], 4000, 30)
    (one,) = excursions(signals, LIMITS)
    assert one.action is action
    assert 950 <= signals.at_ms[one.start] < signals.at_ms[one.reach] <= signals.at_ms[one.peak] <= 1650
    assert signals.at_ms[one.end] >= 1850


def test_nothing_seen_is_nothing_done() -> None:
    nothing = Signals((), (), (), (), (), ())
    assert excursions(nothing, LIMITS) == ()
    assert compare(nothing, steps_of([Action.TURN_LEFT]), LIMITS).reasons == (Reason.CHALLENGE_ACTION_MISSING,)
