"""Attacks: what each of them raises, and what each score of authenticity tells apart.

A threshold is taken from the bona fide pictures of the same list: the strictest that turns
away at most the wanted share of them. So the figures say what the score can do on these
pictures, not what a threshold set elsewhere does.

Source: ISO/IEC 30107-3 (apcer, bpcer per attack species), ISO/IEC 19795-1 (DET curve).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kyc_service.decision.policy import Direction, Policy
from kyc_service.evaluation.det import det_points, thinned
from kyc_service.evaluation.documents.comparing import population_of
from kyc_service.evaluation.documents.manifest import NONE
from kyc_service.evaluation.documents.seen import PictureSeen, State
from kyc_service.evaluation.intervals import draws, rounded, share, share_of
from kyc_service.evaluation.rates import Scores, rejecting_threshold

FALSE_ALARMS: Final = (0.01, 0.05)
_AUTHENTICITY: Final = "document.visual_authenticity."
_REPLICATES: Final = 400
_INTERVAL: Final = (2.5, 97.5)

ScoreKey = tuple[str, str]


def reason_figures(pictures: Sequence[PictureSeen]) -> dict[str, Any]:
    """How often each attack raises each reason, of the pictures that could be read or sent back; ``none`` is bona fide.

    A reason that asks for a retake stops an attack too, and is listed with the others.
    """
    by_attack: dict[str, list[PictureSeen]] = defaultdict(list)
    for seen in pictures:
        if seen.state in (State.KEPT, State.SENT_BACK) and population_of(seen.picture) in ("plain", "attack"):
            by_attack[seen.picture.attack].append(seen)
    return {attack: _raised(found) for attack, found in sorted(by_attack.items(), key=lambda i: (i[0] != NONE, i[0]))}


def _raised(pictures: Sequence[PictureSeen]) -> dict[str, Any]:
    counts = Counter(raised for seen in pictures for raised in set(seen.reasons))
    return {
        "n": len(pictures),
        "sent_back": sum(seen.state is State.SENT_BACK for seen in pictures),
        "raised": [
            {"check": check, "reason": reason, **share(count, len(pictures))}
            for (check, reason), count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        ],
    }


def score_figures(pictures: Sequence[PictureSeen], policy: Policy) -> list[dict[str, Any]]:
    """Each score of authenticity: its DET curve and what it detects, by attack."""
    scores, pictures_of = _scores(pictures)
    return [
        _score_figure(key, scores[key], direction_of(key, policy), pictures_of)
        for key in sorted(scores)
        if NONE in scores[key]
    ]


def direction_of(key: ScoreKey, policy: Policy) -> Direction:
    """Which way a score is good: as the policy holds it; a score without a rule is better when higher."""
    for rule in policy.scores:
        limit = rule.consider or rule.reject
        if (rule.check.value, rule.score) == key and limit is not None:
            return limit.direction
    return Direction.HIGHER_IS_BETTER


def detection_at(bona_fide: Scores, attacks: Scores, false_alarms: float) -> tuple[float, float, float]:
    """The threshold for ``false_alarms``, the share of ``bona_fide`` it turns away, the share of ``attacks`` it detects.

    Scores are better when higher. Ties with the threshold are accepted, so what is turned
    away is never more than ``false_alarms``.

    >>> detection_at(np.array([1.0, 2.0, 2.0, 3.0]), np.array([0.5, 1.0, 1.5, 2.0]), 0.25)
    (2.0, 0.25, 0.75)
    """
    threshold = rejecting_threshold(bona_fide, false_alarms)
    return threshold, float(np.mean(bona_fide < threshold)), float(np.mean(attacks < threshold))


def _scores(pictures: Sequence[PictureSeen]) -> tuple[dict[ScoreKey, dict[str, Scores]], dict[str, int]]:
    """Native scores by score and attack, and how many pictures of each attack were kept or sent back."""
    found: dict[ScoreKey, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    counted: Counter[str] = Counter()
    for seen in pictures:
        if population_of(seen.picture) not in ("plain", "attack"):
            continue
        counted[seen.picture.attack] += 1
        for score in seen.scores:
            if score.check.startswith(_AUTHENTICITY):
                found[score.check, score.name][seen.picture.attack].append(score.native)
    arrays = {key: {name: np.array(v, np.float64) for name, v in by.items()} for key, by in found.items()}
    return arrays, dict(counted)


def _score_figure(
    key: ScoreKey, scores: Mapping[str, Scores], direction: Direction, pictures_of: Mapping[str, int]
) -> dict[str, Any]:
    sign = 1 if direction is Direction.HIGHER_IS_BETTER else -1
    bona_fide = sign * scores[NONE]
    attacks = {name: sign * values for name, values in sorted(scores.items()) if name != NONE}
    return {
        "check": key[0],
        "score": key[1],
        "direction": direction.value,
        "bona_fide": {"pictures": pictures_of[NONE], "scored": len(bona_fide)},
        "thresholds": [_threshold(bona_fide, rate, sign) for rate in FALSE_ALARMS],
        "attacks": [
            {
                "attack": name,
                "pictures": pictures_of[name],
                "scored": len(values),
                "detected": [_detected(bona_fide, values, rate) for rate in FALSE_ALARMS],
                "det": thinned(det_points(bona_fide, values)),
            }
            for name, values in attacks.items()
        ],
    }


def _threshold(bona_fide: Scores, rate: float, sign: int) -> dict[str, Any]:
    threshold = rejecting_threshold(bona_fide, rate)
    return {"false_alarms": rate, "threshold": sign * threshold, "measured": share_of((bona_fide < threshold).tolist())}


def _detected(bona_fide: Scores, attacks: Scores, rate: float) -> dict[str, Any]:
    """Wilson's interval, widened by what redrawing the bona fide pictures does to the threshold."""
    threshold = rejecting_threshold(bona_fide, rate)
    plain = share(int(np.sum(attacks < threshold)), len(attacks))
    low, high = np.percentile(_redrawn(bona_fide, attacks, rate), _INTERVAL)
    plain["ci_low"] = rounded(min(plain["ci_low"] or 0.0, low))
    plain["ci_high"] = rounded(max(plain["ci_high"] or 0.0, high))
    return {"false_alarms": rate, **plain}


def _redrawn(bona_fide: Scores, attacks: Scores, rate: float) -> NDArray[np.float64]:
    ours, theirs = np.sort(bona_fide), np.sort(attacks)
    rates = []
    for mine, other in zip(draws(len(ours), _REPLICATES), draws(len(theirs), _REPLICATES, seed=1), strict=True):
        threshold = rejecting_threshold(np.repeat(ours, mine.astype(np.int64)), rate)
        rates.append(float(other[theirs < threshold].sum()) / len(theirs))
    return np.array(rates, np.float64)
