"""Check the answer to a challenge: one clip, everything that must hold, every reason why it does not.

Measurements, all of ``liveness.challenge``: Findings on the clip itself, the faces in it,
the actions or colours, depth, continuity, and the person.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Final

import numpy as np

from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.challenge import Challenge, ChallengeKind
from kyc_service.domain.checks import CheckName
from kyc_service.domain.measurements import Evidence, EvidenceValue, Finding, Measurement, NotAssessed, Region
from kyc_service.domain.reasons import Reason
from kyc_service.faces.align import AlignedFace, align, corners
from kyc_service.imaging.clip import Clip
from kyc_service.inference.engines import FaceEngines, Pixels
from kyc_service.liveness.challenge import actions, continuity, flash, identity
from kyc_service.liveness.challenge.depth import TURNING, TurnRelief, flat_turn, turn_relief
from kyc_service.liveness.challenge.limits import ChallengeLimits
from kyc_service.liveness.challenge.observe import Seen, Track, follow
from kyc_service.liveness.challenge.sampling import sampled

_CLIP: Final = frozenset({CaptureKind.LIVENESS})
_BOTH: Final = frozenset({CaptureKind.LIVENESS, CaptureKind.SELFIE})
_LEAST_FRAMES: Final = 8
_LONGEST_STEP_MS: Final = 260
"""Of the median frame: below 4 frames a second a turn is one or two pictures."""
_LONGEST_GAP_MS: Final = 600
_EARLY_END_MS: Final = 350
_LONGEST_LOSS_MS: Final = 700
_LOST_SHARE: Final = 0.15
_MANY_LOOKS: Final = 2
_PLAINLY: Final = 0.4
"""A second face this large beside the first is seen at one look."""
_REPEATS: Final = 3
SAMPLED_FACES: Final = 6
_COMPARED: Final = 2
"""Frontal frames held against the selfie."""


@dataclass(frozen=True, slots=True, eq=False)
class SampledFace:
    """One frame to look at further: ``pixels`` (HxWx3 BGR), the face in it as detected, its time, its place in the clip."""

    pixels: Pixels
    face: AlignedFace
    at_ms: int
    frame: int


@dataclass(frozen=True, slots=True)
class ChallengeLook:
    """What was seen of an answer, and a handful of its frames for passive liveness and an averaged template."""

    measurements: tuple[Measurement, ...]
    faces: tuple[SampledFace, ...]


def assess(
    challenge: Challenge,
    clip: Clip,
    selfie: AlignedFace | None,
    engines: FaceEngines,
    limits: ChallengeLimits,
    min_similarity: float,
) -> ChallengeLook:
    """Check ``clip`` as the answer to ``challenge`` by the person of ``selfie``.

    ``min_similarity`` is the threshold of the face comparison's operating point that two
    pictures of one person must reach. Whether the challenge has expired or was answered
    before is the caller's to know.
    """
    framing = _framing(challenge, clip)
    indices = sampled([frame.at_ms for frame in clip.frames], challenge.actions)
    track = follow(clip, indices, engines)
    present = _presence(track, limits)
    if len(track.seen) < _LEAST_FRAMES:
        return ChallengeLook((framing, present), ())
    faces = _sampled_faces(clip, track)
    answered, seen_actions = _answered(challenge, clip, track.seen, limits)
    return ChallengeLook(
        (
            framing,
            present,
            answered,
            *_depth(challenge, clip, track.seen, seen_actions, limits),
            _one_go(challenge, clip, indices, track.seen, limits),
            *_person(clip, track.seen, seen_actions, selfie, faces, engines, limits, min_similarity),
        ),
        faces,
    )


def _finding(
    reasons: Sequence[Reason], values: dict[str, EvidenceValue], captures: frozenset[CaptureKind] = _CLIP
) -> Finding:
    return Finding(CheckName.LIVENESS_CHALLENGE, tuple(dict.fromkeys(reasons)), captures, Evidence(values=values))


def _framing(challenge: Challenge, clip: Clip) -> Finding:
    """Enough frames, often enough, until the end."""
    apart = [later.at_ms - one.at_ms for one, later in pairwise(clip.frames)]
    reasons: list[Reason] = []
    is_jerky = not apart or median(apart) > _LONGEST_STEP_MS or max(apart) > _LONGEST_GAP_MS or min(apart) < 0
    if len(clip.frames) < _LEAST_FRAMES or is_jerky:
        reasons.append(Reason.CLIP_TOO_FEW_FRAMES)
    if clip.length_ms < challenge.length_ms - _EARLY_END_MS:
        reasons.append(Reason.CLIP_TOO_SHORT)
    values: dict[str, EvidenceValue] = {
        "frames": len(clip.frames),
        "length_ms": clip.length_ms,
        "challenge_length_ms": challenge.length_ms,
        "median_apart_ms": median(apart) if apart else 0,
        "longest_apart_ms": max(apart, default=0),
    }
    return _finding(reasons, values)


def _presence(track: Track, limits: ChallengeLimits) -> Finding:
    """One face, all the time."""
    gaps = [later.at_ms - one.at_ms for one, later in pairwise(track.seen)]
    total = len(track.seen) + len(track.lost_ms)
    reasons: list[Reason] = []
    is_lost = len(track.seen) < _LEAST_FRAMES or len(track.lost_ms) > _LOST_SHARE * total
    if is_lost or (track.lost_ms and max(gaps, default=0) > _LONGEST_LOSS_MS):
        reasons.append(Reason.CLIP_FACE_LOST)
    ratios = [look.second_face_ratio for look in track.looks]
    beside = [ratio for ratio in ratios if ratio >= limits.second_face_ratio]
    if len(beside) >= _MANY_LOOKS or max(beside, default=0.0) >= _PLAINLY:
        reasons.append(Reason.CHALLENGE_SEVERAL_FACES)
    values: dict[str, EvidenceValue] = {
        "frames_looked_at": total,
        "frames_without_face": len(track.lost_ms),
        "searches": len(ratios),
        "second_face_ratio": round(max(ratios, default=0.0), 3),
    }
    return _finding(reasons, values)


def _answered(
    challenge: Challenge, clip: Clip, seen: Sequence[Seen], limits: ChallengeLimits
) -> tuple[Finding, actions.ActionsSeen | None]:
    if challenge.kind is ChallengeKind.FLASH:
        return _flashed(challenge, clip, seen, limits), None
    signals = signals_of(seen)
    compared = actions.compare(signals, challenge.actions, limits)
    values: dict[str, EvidenceValue] = {}
    for one in compared.steps:
        name = one.step.action.value
        values[f"{name}_window_ms"] = [one.step.from_ms, one.step.until_ms]
        if one.excursion:
            values[f"{name}_seen_ms"] = [signals.at_ms[one.excursion.start], signals.at_ms[one.excursion.end]]
            values[f"{name}_extent"] = round(one.excursion.extent, 3)
    values["unasked"] = [f"{one.action.value} at {signals.at_ms[one.reach]} ms" for one, _ in compared.unasked]
    return _finding(compared.reasons, values), compared


def _flashed(challenge: Challenge, clip: Clip, seen: Sequence[Seen], limits: ChallengeLimits) -> Finding:
    found = flash.respond(clip, seen, challenge.flashes)
    if found is None:
        return _finding([Reason.CLIP_TOO_FEW_FRAMES], {"steps": len(challenge.flashes)})
    follows = found.correlation >= limits.flash_correlation and found.gain >= limits.flash_gain
    values: dict[str, EvidenceValue] = {
        "correlation": round(found.correlation, 3),
        "gain": round(found.gain, 4),
        "lag_ms": found.lag_ms,
        "steps": found.steps,
    }
    return _finding([] if follows else [Reason.CHALLENGE_FLASH_NOT_SEEN], values)


def signals_of(seen: Sequence[Seen]) -> actions.Signals:
    """What the followed face does, frame by frame."""
    return actions.Signals(
        at_ms=tuple(one.at_ms for one in seen),
        yaw_deg=tuple(one.pose.yaw_deg for one in seen),
        pitch_deg=tuple(one.pose.pitch_deg for one in seen),
        eyes=tuple(one.eyes for one in seen),
        mouth=tuple(one.mouth for one in seen),
        size=tuple(one.size_px for one in seen),
    )


def _depth(
    challenge: Challenge,
    clip: Clip,
    seen: Sequence[Seen],
    compared: actions.ActionsSeen | None,
    limits: ChallengeLimits,
) -> tuple[Measurement, ...]:
    """Relief of the turns that were done. Turns that were not done are missing already.

    Colours show no depth: paper takes them on as skin does, so an answer to them alone never passes.
    """
    if compared is None:
        cause = "colours show no depth"
        return (NotAssessed(CheckName.LIVENESS_CHALLENGE, Reason.NOT_MEASURED, cause, _CLIP),)
    if not any(step.action in TURNING for step in challenge.actions):
        cause = "no action of the challenge turns the head"
        return (NotAssessed(CheckName.LIVENESS_CHALLENGE, Reason.NOT_MEASURED, cause, _CLIP),)
    turns = [one.excursion for one in compared.steps if one.excursion and one.excursion.action in TURNING]
    shown = [turn_relief(clip, seen, turn) for turn in turns]
    undone = [one.step for one in compared.steps if one.excursion is None and one.step.action in TURNING]
    flat = [found for step in undone if (found := flat_turn(clip, seen, step, limits))]
    reasons = [Reason.CHALLENGE_FLAT_FACE] if flat else _against_depth(shown, limits)
    return (_finding(reasons, _relief_values([*shown, *flat])),)


def _against_depth(shown: Sequence[TurnRelief], limits: ChallengeLimits) -> list[Reason]:
    if not shown:
        return []
    is_head = any(turn.shows_depth(limits) for turn in shown) and not any(turn.is_flat(limits) for turn in shown)
    if is_head:
        return []
    return [Reason.CLIP_FACE_LOST if all(turn.is_unclear(limits) for turn in shown) else Reason.CHALLENGE_FLAT_FACE]


def _relief_values(shown: Sequence[TurnRelief]) -> dict[str, EvidenceValue]:
    values: dict[str, EvidenceValue] = {}
    for turn in shown:
        name = turn.action.value
        values[f"{name}_sine"] = round(turn.sine, 3)
        if turn.best is not None:
            values[f"{name}_parallax"] = round(turn.best.parallax, 3)
            values[f"{name}_parallax_errors"] = round(turn.best.certainty, 1)
            values[f"{name}_features"] = turn.best.features
            values[f"{name}_homography_misfit"] = round(turn.best.misfit, 4)
            values[f"{name}_narrowing"] = round(turn.best.narrowing, 3)
    return values


def _one_go(
    challenge: Challenge, clip: Clip, indices: Sequence[int], seen: Sequence[Seen], limits: ChallengeLimits
) -> Finding:
    """No jumps, no repeats, and a face of its own life where it was asked to move."""
    farthest, growth = continuity.jumps(seen)
    repeats = continuity.repeats(clip, indices, limits.repeat_levels)
    life = continuity.liveliness(seen)
    reasons: list[Reason] = []
    if farthest > limits.jump_widths or growth > limits.jump_size:
        reasons.append(Reason.CHALLENGE_CUT)
    if repeats >= _REPEATS:
        reasons.append(Reason.CHALLENGE_REPEATED_FRAMES)
    if challenge.kind is ChallengeKind.ACTIONS and life < limits.liveliness:
        reasons.append(Reason.CHALLENGE_STILL_MOVED)
    values: dict[str, EvidenceValue] = {
        "longest_jump_widths": round(farthest, 3),
        "largest_growth": round(growth, 3),
        "repeated_frames": repeats,
        "liveliness": round(life, 4),
    }
    return _finding(reasons, values)


def _person(
    clip: Clip,
    seen: Sequence[Seen],
    compared: actions.ActionsSeen | None,
    selfie: AlignedFace | None,
    faces: Sequence[SampledFace],
    engines: FaceEngines,
    limits: ChallengeLimits,
    min_similarity: float,
) -> tuple[Measurement, ...]:
    changes = continuity.changes(clip, seen)
    same = identity.sameness(clip, seen, changes.tolist(), compared, [one.face for one in faces], engines)
    reasons: list[Reason] = []
    is_other = same.turned < limits.same_turned or same.sampled < limits.same_next
    if same.at_rest < limits.same_at_rest or is_other:
        reasons.append(Reason.CHALLENGE_FACE_CHANGED)
    if same.in_a_row < limits.same_next:
        reasons.append(Reason.CHALLENGE_CUT)
    values: dict[str, EvidenceValue] = {
        "similarity_at_rest": round(same.at_rest, 3),
        "similarity_turned": round(same.turned, 3),
        "similarity_in_a_row": round(same.in_a_row, 3),
        "similarity_sampled": round(same.sampled, 3),
        "largest_change": round(float(changes.max(initial=0.0)), 3),
    }
    return _finding(reasons, values), _to_selfie(selfie, faces, engines, limits, min_similarity)


def _to_selfie(
    selfie: AlignedFace | None,
    faces: Sequence[SampledFace],
    engines: FaceEngines,
    limits: ChallengeLimits,
    min_similarity: float,
) -> Measurement:
    if selfie is None or not faces:
        cause = "no face in the selfie" if selfie is None else "no face of the clip to compare"
        return NotAssessed(CheckName.LIVENESS_CHALLENGE, Reason.CAPTURE_UNUSABLE, cause, _BOTH)
    found = identity.likeness(selfie, [one.face for one in faces[:_COMPARED]], engines, limits)
    reasons = [] if found.is_one_person(limits, min_similarity) else [Reason.CHALLENGE_NOT_THE_SELFIE]
    values: dict[str, EvidenceValue] = {
        "similarity": round(found.similarity, 4),
        "threshold": max(min_similarity, limits.same_selfie),
    }
    if found.distance is not None:
        values["second_opinion_distance"] = round(found.distance, 4)
    return _finding(reasons, values, _BOTH)


def _sampled_faces(clip: Clip, track: Track) -> tuple[SampledFace, ...]:
    """Frames in which the detector looked and found, the most frontal first."""
    by_index = {one.index: one for one in track.seen}
    rest = median(one.pose.yaw_deg for one in track.seen), median(one.pose.pitch_deg for one in track.seen)
    looked = [look for look in track.looks if look.faces and look.index in by_index]

    def turned(index: int) -> float:
        pose = by_index[index].pose
        return float(np.hypot(pose.yaw_deg - rest[0], pose.pitch_deg - rest[1]))

    frontal = sorted(looked, key=lambda look: turned(look.index))[:SAMPLED_FACES]
    faces = []
    for look in frontal:
        pixels = clip.frames[look.index].pixels
        found = look.faces[0]
        outline = tuple((float(x), float(y)) for x, y in corners(found.box))
        region = Region(CaptureKind.LIVENESS, outline, f"face at {look.at_ms} ms")
        faces.append(SampledFace(pixels, align(pixels, found, region), look.at_ms, look.index))
    return tuple(faces)
