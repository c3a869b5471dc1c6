from __future__ import annotations

import math

import pytest

from kyc_service.domain.checks import CheckName
from kyc_service.domain.measurements import NO_EVIDENCE, Finding, NotAssessed, Score
from kyc_service.domain.reasons import Reason


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_a_score_that_compares_falsely_is_refused(number: float) -> None:
    with pytest.raises(ValueError, match="not finite"):
        Score(CheckName.FACE_MATCH, "similarity", number, 50.0, "model")
    with pytest.raises(ValueError, match="not finite"):
        Score(CheckName.FACE_MATCH, "similarity", 0.5, number, "model")


def test_a_finite_score_is_kept_as_it_is() -> None:
    score = Score(CheckName.FACE_MATCH, "similarity", -0.25, 0.0, "model")
    assert (score.native, score.mapped, score.captures, score.evidence) == (-0.25, 0.0, frozenset(), NO_EVIDENCE)


def test_measurements_without_evidence_share_none_that_could_be_changed() -> None:
    finding = Finding(CheckName.MRZ)
    unanswered = NotAssessed(CheckName.MRZ, Reason.NOT_MEASURED)
    assert finding.reasons == ()
    assert unanswered.cause == ""
    for measurement in (finding, unanswered):
        with pytest.raises(TypeError):
            measurement.evidence.values["x"] = 1  # type: ignore[index]
