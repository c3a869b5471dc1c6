"""A calibration from one run over a list: its bona fide presentations set the thresholds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kyc_service.errors import InvalidInput
from kyc_service.evaluation.calibration import Calibration, DataSet
from kyc_service.evaluation.pad.calibrate import pad_calibration
from kyc_service.evaluation.pad.figures import PadRun
from kyc_service.evaluation.pad.observing import PAD, Trial
from kyc_service.evaluation.rates import Scores
from kyc_service.liveness.passive import PadClassifier


class NoBonaFide(InvalidInput):
    """The list has no bona fide presentation with a response to calibrate on."""

    code = "no_bona_fide"


def calibration_of(run: PadRun, trials: Sequence[Trial], classifier: PadClassifier) -> Calibration:
    """Thresholds from the bona fide presentations, attacks beside.

    Raises:
        NoBonaFide: there are none.
    """
    answered = [trial for trial in trials if PAD in trial.scores]
    honest = [trial for trial in answered if trial.presentation.is_bona_fide]
    if not honest:
        raise NoBonaFide
    species = sorted({trial.presentation.species for trial in answered if not trial.presentation.is_bona_fide})
    attacks = {name: _scores([t for t in answered if t.presentation.species == name]) for name in species}
    people = len({trial.presentation.subject for trial in honest})
    data_set = DataSet(run.title, run.list_sha256, len(honest), people)
    return pad_calibration(classifier, [(data_set, _scores(honest))], attacks, run.measured_on)


def _scores(trials: Sequence[Trial]) -> Scores:
    return np.array([trial.scores[PAD] for trial in trials], np.float64)
