"""Which actions were done, when, and whether that is what was asked: logic on signals over time.

A signal is what one movable thing of the face does, as its deviation from the person's
own rest. An excursion is a stretch in which it leaves rest, goes as far as an action must
and comes back or the clip ends. An action counts where its excursion begins after it was
asked and reaches its extent before its time is over; every other full excursion is an
action nobody asked for at that time. A head that turns also rises or sinks a little: such
companions are forgiven where they stay clearly behind the action itself, so that of all
that is done in a window (blinks aside) one thing at most can be the answer.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from kyc_service.domain.challenge import Action, ActionStep
from kyc_service.domain.reasons import Reason
from kyc_service.liveness.challenge.limits import ChallengeLimits

EARLY_MS: Final = 120
"""The page's clock and the camera's may differ by a frame or two."""
_AT_REST: Final = 0.4
"""Share of an action's extent up to which the face is still at rest."""
_ALONG_MS: Final = 250
"""What else moves within this of an action comes along with it."""
_BEHIND: Final = 0.85
"""How far a companion may go, each by its own limit, against the action itself (0.76 at most in honest train clips).

Below 1, so that of two movements each cannot be the other's companion."""
_TILTS: Final = frozenset({Action.LOOK_UP, Action.LOOK_DOWN})
_COMPANIONS: Final[Mapping[Action, frozenset[Action]]] = {
    Action.TURN_LEFT: _TILTS | {Action.OPEN_MOUTH, Action.COME_CLOSER},
    Action.TURN_RIGHT: _TILTS | {Action.OPEN_MOUTH, Action.COME_CLOSER},
    Action.LOOK_UP: frozenset({Action.TURN_LEFT, Action.TURN_RIGHT, Action.OPEN_MOUTH, Action.COME_CLOSER}),
    Action.LOOK_DOWN: frozenset({Action.TURN_LEFT, Action.TURN_RIGHT, Action.OPEN_MOUTH, Action.COME_CLOSER}),
    Action.OPEN_MOUTH: _TILTS,
    Action.COME_CLOSER: _TILTS | {Action.OPEN_MOUTH},
    Action.BLINK_TWICE: frozenset(),
}
"""What naturally moves, or seems to, with an action: never its opposite."""
_SMOOTH_BLINKS_MS: Final = 45
"""Frames must be this close for every blink to be in one of them."""
_SLOW_FRAMES_MS: Final = 140
"""Between frames this far apart two blinks are often one stretch of closed eyes, and an idle blink is one frame."""
_BLINKS: Final = 2
_LONGEST_BLINK_MS: Final = 700
_LONGEST_PAUSE_MS: Final = 1500
"""Between the two blinks; farther apart they are two idle ones."""


@dataclass(frozen=True, slots=True)
class Signals:
    """One value per frame. Degrees; ``eyes`` and ``mouth``: openness; ``size``: of the face, any unit."""

    at_ms: tuple[int, ...]
    yaw_deg: tuple[float, ...]
    pitch_deg: tuple[float, ...]
    eyes: tuple[float, ...]
    mouth: tuple[float, ...]
    size: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Excursion:
    """An action as done: indices of its last frame at rest, of the one that goes far enough, its farthest and its last."""

    action: Action
    start: int
    reach: int
    peak: int
    end: int
    extent: float


@dataclass(frozen=True, slots=True)
class StepSeen:
    """What was seen of one step: the excursion that answers it, or why none does."""

    step: ActionStep
    excursion: Excursion | None
    reason: Reason | None


@dataclass(frozen=True, slots=True)
class ActionsSeen:
    """The steps, and full excursions that answer none of them, each with the reason against it."""

    steps: tuple[StepSeen, ...]
    unasked: tuple[tuple[Excursion, Reason], ...]

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """All reasons, in order, once each."""
        found = [seen.reason for seen in self.steps if seen.reason] + [reason for _, reason in self.unasked]
        return tuple(dict.fromkeys(found))


def compare(signals: Signals, steps: Sequence[ActionStep], limits: ChallengeLimits) -> ActionsSeen:
    """Hold the ``signals`` against the ``steps``."""
    done = excursions(signals, limits)
    seen = tuple(_answer(step, steps, done, signals) for step in steps)
    answers = [one.excursion for one in seen if one.excursion]
    strange = [one for one in done if not any(_comes_along(one, answer, signals, limits) for answer in answers)]
    # People blink when they like.
    unasked = [one for one in strange if one.action is not Action.BLINK_TWICE]
    return ActionsSeen(seen, tuple((one, _against(one, steps, signals)) for one in unasked))


def excursions(signals: Signals, limits: ChallengeLimits) -> tuple[Excursion, ...]:
    """Every full excursion of every signal, in order of time."""
    if not signals.at_ms:
        return ()
    rest = {name: median(getattr(signals, name)) for name in ("yaw_deg", "pitch_deg", "mouth", "size")}
    yaw = [value - rest["yaw_deg"] for value in signals.yaw_deg]
    pitch = [value - rest["pitch_deg"] for value in signals.pitch_deg]
    mouth = [value - rest["mouth"] for value in signals.mouth]
    growth = [value / rest["size"] - 1 if rest["size"] > 0 else 0.0 for value in signals.size]
    found = [
        *_stretches(Action.TURN_LEFT, yaw, limits.turn_deg),
        *_stretches(Action.TURN_RIGHT, [-value for value in yaw], limits.turn_deg),
        *_stretches(Action.LOOK_UP, pitch, limits.tilt_deg),
        *_stretches(Action.LOOK_DOWN, [-value for value in pitch], limits.tilt_deg),
        *_stretches(Action.OPEN_MOUTH, mouth, limits.mouth_gap),
        *_stretches(Action.COME_CLOSER, growth, limits.closer - 1),
        *_double_blinks(signals, limits),
    ]
    return tuple(sorted(found, key=lambda one: one.reach))


def dips(signals: Signals, limits: ChallengeLimits) -> tuple[tuple[int, int], ...]:
    """First and last frame of each time the lids close and open again, against their openness around it."""
    rest = median(signals.eyes) if signals.eyes else 0.0
    found: list[tuple[int, int]] = []
    first: int | None = None
    for index, openness in enumerate(signals.eyes):
        if first is None and openness < limits.lids_closed * rest:
            first = index
        elif first is not None and openness > limits.lids_open * rest:
            if signals.at_ms[index - 1] - signals.at_ms[first] <= _LONGEST_BLINK_MS:
                found.append((first, index - 1))
            first = None
    return tuple(found)


def _stretches(action: Action, deviation: Sequence[float], extent: float) -> list[Excursion]:
    """Stretches in which ``deviation`` reaches ``extent``, from leaving rest to coming back."""
    found: list[Excursion] = []
    index = 0
    while index < len(deviation):
        if deviation[index] < extent:
            index += 1
            continue
        start = end = index
        while start > 0 and deviation[start] > _AT_REST * extent:
            start -= 1
        while end + 1 < len(deviation) and deviation[end] > _AT_REST * extent:
            end += 1
        peak = max(range(index, end + 1), key=lambda at: deviation[at])
        found.append(Excursion(action, start, index, peak, end, deviation[peak]))
        index = end + 1
    return found


def _double_blinks(signals: Signals, limits: ChallengeLimits) -> list[Excursion]:
    """Every two blinks in a row."""
    blinks = _frames_closed(signals, limits) if _apart(signals) > _SLOW_FRAMES_MS else dips(signals, limits)
    return [
        Excursion(Action.BLINK_TWICE, max(0, one[0] - 1), other[0], other[0], other[1], float(_BLINKS))
        for one, other in itertools.pairwise(blinks)
        if signals.at_ms[other[0]] - signals.at_ms[one[1]] <= _LONGEST_PAUSE_MS
    ]


def _frames_closed(signals: Signals, limits: ChallengeLimits) -> tuple[tuple[int, int], ...]:
    """Single frames with closed eyes, at most one blink of a slow blinker apart."""
    rest = median(signals.eyes)
    closed = [index for index, openness in enumerate(signals.eyes) if openness < limits.lids_closed * rest]
    return tuple((index, index) for index in closed)


def _apart(signals: Signals) -> float:
    times = signals.at_ms
    return float(median([later - at for at, later in itertools.pairwise(times)] or [0]))


def _answer(step: ActionStep, steps: Sequence[ActionStep], done: Sequence[Excursion], signals: Signals) -> StepSeen:
    same = [one for one in done if one.action is step.action]
    for one in same:
        if signals.at_ms[one.start] >= step.from_ms - EARLY_MS and signals.at_ms[one.reach] <= step.until_ms:
            return StepSeen(step, one, None)
    if step.action is Action.BLINK_TWICE:
        return StepSeen(step, None, _why_no_blinks(step, signals))
    if not same:
        return StepSeen(step, None, Reason.CHALLENGE_ACTION_MISSING)
    others = [other for other in steps if other is not step]
    is_swapped = any(_is_within(one, other, signals) for one in same for other in others)
    return StepSeen(step, None, Reason.CHALLENGE_WRONG_ORDER if is_swapped else Reason.CHALLENGE_OUT_OF_TIME)


def _why_no_blinks(step: ActionStep, signals: Signals) -> Reason:
    """A blink lasts 100 to 300 ms: between frames that are far apart none can be said to be missing."""
    times = [at for at in signals.at_ms if step.from_ms <= at <= step.until_ms]
    apart = [later - at for at, later in itertools.pairwise(times)]
    is_smooth = bool(apart) and median(apart) <= _SMOOTH_BLINKS_MS
    return Reason.CHALLENGE_ACTION_MISSING if is_smooth else Reason.CLIP_TOO_FEW_FRAMES


def _comes_along(one: Excursion, answer: Excursion, signals: Signals, limits: ChallengeLimits) -> bool:
    """Whether ``one`` is the answer or more of the same, or a companion clearly behind it, while it is given."""
    if one is answer:
        return True
    at = signals.at_ms[one.peak]
    if not signals.at_ms[answer.start] - _ALONG_MS <= at <= signals.at_ms[answer.end] + _ALONG_MS:
        return False
    if one.action is answer.action:
        return True
    is_behind = _relative(one, limits) <= _BEHIND * _relative(answer, limits)
    return one.action in _COMPANIONS[answer.action] and is_behind


def _relative(one: Excursion, limits: ChallengeLimits) -> float:
    """How far it went, in what counts as that action."""
    match one.action:
        case Action.TURN_LEFT | Action.TURN_RIGHT:
            return one.extent / limits.turn_deg
        case Action.LOOK_UP | Action.LOOK_DOWN:
            return one.extent / limits.tilt_deg
        case Action.OPEN_MOUTH:
            return one.extent / limits.mouth_gap
        case Action.COME_CLOSER:
            return one.extent / (limits.closer - 1)
        case Action.BLINK_TWICE:
            return one.extent / _BLINKS


def _against(one: Excursion, steps: Sequence[ActionStep], signals: Signals) -> Reason:
    in_another = any(_is_within(one, step, signals) for step in steps if step.action is not one.action)
    return Reason.CHALLENGE_WRONG_ORDER if in_another else Reason.CHALLENGE_OUT_OF_TIME


def _is_within(one: Excursion, step: ActionStep, signals: Signals) -> bool:
    return step.from_ms - EARLY_MS <= signals.at_ms[one.reach] <= step.until_ms
