from __future__ import annotations

import numpy as np

from kyc_service.evaluation.pad.fit import NAMES, fit, to_bytes
from kyc_service.evaluation.pad.looks import Seen
from kyc_service.evaluation.pad.observing import scores_of
from kyc_service.liveness.passive.classifier import read_pad_classifier
from kyc_service.liveness.passive.look import PadLook


def seen(rng: np.random.Generator, count: int, species: str, **shifts: float) -> list[Seen]:
    rows = ({name: float(rng.normal(shifts.get(name, 0.0))) for name in NAMES} for _ in range(count))
    return [Seen(species, str(i), (PadLook(0.5, cues),)) for i, cues in enumerate(rows)]


def test_a_cue_counts_in_one_direction_only() -> None:
    rng = np.random.default_rng(1)
    honest = [seen(rng, 60, ""), seen(rng, 60, "")]
    attacks = seen(rng, 60, "print", luma_peak_1=3.0, raised_black=-3.0)
    classifier = read_pad_classifier(to_bytes(fit(honest, attacks)))
    weights = {cue.name: cue.weight for cue in classifier.cues}
    assert weights["luma_peak_1"] > 0.3
    assert "raised_black" not in weights
    assert all(weight > 0 for weight in weights.values())


def test_a_cue_that_is_loud_in_one_kind_of_bona_fide_picture_counts_less() -> None:
    def weight(other: float) -> float:
        rng = np.random.default_rng(2)
        honest = [seen(rng, 80, ""), seen(rng, 80, "", luma_peak_1=other)]
        attacks = seen(rng, 80, "print", luma_peak_1=3.0)
        classifier = read_pad_classifier(to_bytes(fit(honest, attacks)))
        return next((cue.against(3.0) for cue in classifier.cues if cue.name == "luma_peak_1"), 0.0)

    assert weight(3.0) < weight(0.0) / 2


def test_the_same_input_gives_the_same_bytes_and_attacks_score_lower() -> None:
    def made() -> bytes:
        rng = np.random.default_rng(3)
        return to_bytes(fit([seen(rng, 40, "")], seen(rng, 40, "print", colour_mottle=2.5)))

    assert made() == made()
    rng = np.random.default_rng(4)
    classifier = read_pad_classifier(made())
    honest, attacks = (
        np.median([scores_of(one.looks, classifier)["pad_score"] for one in part])
        for part in (seen(rng, 30, ""), seen(rng, 30, "print", colour_mottle=2.5))
    )
    assert honest > attacks + 0.2
