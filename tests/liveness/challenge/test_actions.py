from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kyc_service.domain.challenge import Action
from kyc_service.domain.reasons import Reason
from kyc_service.liveness.challenge.actions import EARLY_MS, Signals, compare, dips, excursions
from tests.liveness.challenge.signals import LASTS_MS, LIMITS, length_of, signals_for, steps_of

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
