"""How people do what they are asked: when each action begins, how far it goes, and what else moves."""

from dataclasses import dataclass, replace

import numpy as np

from kyc_service.domain.challenge import Action, Challenge
from specimens.heads.head import Pose


@dataclass(frozen=True, slots=True)
class Deed:
    """One action as done: from ``at_ms`` it rises, holds and falls; ``amount`` in the action's own unit."""

    action: Action
    at_ms: float
    rise_ms: float
    hold_ms: float
    fall_ms: float
    amount: float
    aside: float = 0.0
    """Degrees of pitch or yaw that come along."""


@dataclass(frozen=True, slots=True)
class Motion:
    """What a person does in a clip: deeds, idle blinks (beginnings in ms), and slow unrest (seed)."""

    deeds: tuple[Deed, ...]
    blinks: tuple[float, ...]
    unrest: int

    def at(self, ms: float) -> Pose:
        """The pose at one time."""
        pose = _unrest(self.unrest, ms)
        for start in self.blinks:
            pose = replace(pose, blink=max(pose.blink, _bump(ms - start, 60, 40, 90)))
        for deed in self.deeds:
            pose = _added(pose, deed, ms)
        return pose


AMOUNTS = {
    Action.TURN_LEFT: (20, 45),
    Action.TURN_RIGHT: (20, 45),
    Action.LOOK_UP: (12, 30),
    Action.LOOK_DOWN: (12, 30),
    Action.BLINK_TWICE: (100, 300),
    Action.OPEN_MOUTH: (0.4, 1.0),
    Action.COME_CLOSER: (1.3, 1.8),
}


def answer(challenge: Challenge, rng: np.random.Generator) -> Motion:
    """An honest answer: each action some time after it is asked, within its window."""
    deeds = tuple(deed_of(step.action, step.from_ms + rng.uniform(250, 800), rng) for step in challenge.actions)
    return Motion(deeds, _idle_blinks(challenge.length_ms, rng), int(rng.integers(1 << 30)))


def deed_of(action: Action, at_ms: float, rng: np.random.Generator) -> Deed:
    """One action of a natural size and speed."""
    rise, hold, fall = rng.uniform(350, 650), rng.uniform(150, 450), rng.uniform(350, 650)
    return Deed(action, at_ms, rise, hold, fall, float(rng.uniform(*AMOUNTS[action])), float(rng.uniform(-4, 4)))


def _idle_blinks(length_ms: int, rng: np.random.Generator) -> tuple[float, ...]:
    times, at = [], float(rng.uniform(200, 3000))
    while at < length_ms:
        times.append(at)
        at += rng.uniform(2000, 5500)
    return tuple(times)


def _bump(since: float, rise: float, hold: float, fall: float) -> float:
    """0 to 1 and back, eased."""
    if since <= 0 or since >= rise + hold + fall:
        return 0.0
    share = since / rise if since < rise else 1.0 if since < rise + hold else (rise + hold + fall - since) / fall
    return share * share * (3 - 2 * share)


def _added(pose: Pose, deed: Deed, ms: float) -> Pose:
    since = ms - deed.at_ms
    done = _bump(since, deed.rise_ms, deed.hold_ms, deed.fall_ms)
    match deed.action:
        case Action.TURN_LEFT:
            return replace(pose, yaw=pose.yaw + deed.amount * done, pitch=pose.pitch + deed.aside * done)
        case Action.TURN_RIGHT:
            return replace(pose, yaw=pose.yaw - deed.amount * done, pitch=pose.pitch + deed.aside * done)
        case Action.LOOK_UP:
            return replace(pose, pitch=pose.pitch + deed.amount * done, yaw=pose.yaw + deed.aside * done)
        case Action.LOOK_DOWN:
            return replace(pose, pitch=pose.pitch - deed.amount * done, yaw=pose.yaw + deed.aside * done)
        case Action.OPEN_MOUTH:
            return replace(pose, mouth=max(pose.mouth, deed.amount * done))
        case Action.COME_CLOSER:
            return replace(
                pose, nearer=pose.nearer * (1 + (deed.amount - 1) * done), pitch=pose.pitch + deed.aside * done
            )
        case Action.BLINK_TWICE:
            each, pause = deed.amount, 250 + 40 * abs(deed.aside)
            closed = max(_blink(since, each), _blink(since - each - pause, each))
            return replace(pose, blink=max(pose.blink, closed))


def _blink(since: float, length: float) -> float:
    return _bump(since, 0.35 * length, 0.3 * length, 0.35 * length)


def _unrest(seed: int, ms: float) -> Pose:
    """Nobody is still: a sum of slow waves with this person's own phases."""
    phase = np.random.default_rng(seed).uniform(0, 2 * np.pi, (8, 3))
    waves = np.sin(phase + ms / 1000 * 2 * np.pi * np.array([0.11, 0.27, 0.53])).sum(axis=1) / 3
    return Pose(
        yaw=2.0 * waves[0], pitch=1.5 * waves[1], roll=1.5 * waves[2], mouth=max(0.0, 0.03 * waves[3]),
        smile=max(0.0, 0.25 * waves[4]), nearer=1 + 0.015 * waves[5], x=0.06 * waves[6], y=0.04 * waves[7],
    )  # fmt: skip
