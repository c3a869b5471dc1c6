"""Error rates of attack detection from scores: ISO/IEC 30107-3, clause 13.

A presentation is classified as bona fide where its score reaches the threshold. APCER: the share of one species'
attack presentations with a response that are classified as bona fide; BPCER: the share of bona fide presentations
with a response that are not. Presentations without a response are in neither; their shares are APNRR and BPNRR.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from kyc_service.evaluation.intervals import Share, draws, rounded, share
from kyc_service.evaluation.rates import Scores


def apcer(attacks: Scores, threshold: float) -> Share:
    """Attacks of one species taken for bona fide.

    >>> apcer(np.array([0.1, 0.5, 0.9, 0.2]), 0.5)["rate"]
    0.5
    """
    return share(int((attacks >= threshold).sum()), len(attacks))


def bpcer(bona_fide: Scores, threshold: float) -> Share:
    """Bona fide presentations taken for attacks.

    >>> bpcer(np.array([0.1, 0.5, 0.9, 0.2]), 0.5)["rate"]
    0.5
    """
    return share(int((bona_fide < threshold).sum()), len(bona_fide))


def threshold_at_apcer(species: Mapping[str, Scores], wanted: float) -> float:
    """The mildest threshold at which no species' APCER is above ``wanted``; just above all scores where need be.

    >>> threshold_at_apcer({"print": np.array([0.1, 0.2, 0.3, 0.4])}, 0.25) > 0.3
    True
    """
    return max((_least_refusing(scores, wanted) for scores in species.values() if len(scores)), default=0.0)


def auc(bona_fide: Scores, attacks: Scores) -> float:
    """The probability that a bona fide presentation outscores an attack; ties count half.

    >>> auc(np.array([0.5, 0.9]), np.array([0.1, 0.5]))
    0.875
    """
    ordered = np.sort(attacks)
    below = np.searchsorted(ordered, bona_fide, side="left")
    upto = np.searchsorted(ordered, bona_fide, side="right")
    return float((below + upto).mean() / 2 / len(attacks))


def auc_with_interval(
    bona_fide: Scores, bona_fide_subjects: Sequence[str], attacks: Scores, attack_subjects: Sequence[str]
) -> dict[str, float | int | None]:
    """The area under the curve; subjects are redrawn with replacement for its 95 % interval."""
    if not len(bona_fide) or not len(attacks):
        return {"auc": None, "ci_low": None, "ci_high": None, "n": len(attacks)}
    people = sorted({*bona_fide_subjects, *attack_subjects})
    number = {name: i for i, name in enumerate(people)}
    own = np.array([number[name] for name in bona_fide_subjects])
    other = np.array([number[name] for name in attack_subjects])
    wins = (bona_fide[:, None] > attacks[None]) + 0.5 * (bona_fide[:, None] == attacks[None])
    found = []
    for counts in draws(len(people), replicates=400):
        weights, against = counts[own], counts[other]
        total = weights.sum() * against.sum()
        if total > 0:
            found.append(float(weights @ wins @ against / total))
    low, high = np.percentile(found, (2.5, 97.5)) if found else (0.0, 1.0)
    return {
        "auc": rounded(auc(bona_fide, attacks)), "ci_low": rounded(low), "ci_high": rounded(high), "n": len(attacks),
    }  # fmt: skip


def _least_refusing(attacks: Scores, wanted: float) -> float:
    """The least threshold that at most ``wanted`` of ``attacks`` reach."""
    allowed = int(np.floor(wanted * len(attacks) + 1e-9))
    ordered = np.sort(attacks)[::-1]
    return float(np.nextafter(ordered[allowed], np.inf)) if allowed < len(ordered) else 0.0
