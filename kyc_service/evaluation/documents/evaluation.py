"""One run over one manifest, as one JSON document: the form that the table and the page are made from.

The schema is documented in ``docs/evaluate-documents.md``. Rows are named by their number in
the manifest; paths and pictures are not in it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from kyc_service import __version__
from kyc_service.decision.policy import Policy
from kyc_service.evaluation.calibration import DataSet
from kyc_service.evaluation.documents.attack_figures import reason_figures, score_figures
from kyc_service.evaluation.documents.comparing import Compared, Group, document_of, population_of
from kyc_service.evaluation.documents.confidence_figures import confidence_figures
from kyc_service.evaluation.documents.fault_figures import fault_figures, recognition_figures
from kyc_service.evaluation.documents.manifest import PictureList
from kyc_service.evaluation.documents.reading_figures import field_figures, side_figures
from kyc_service.evaluation.documents.seen import PictureSeen, State
from kyc_service.evaluation.documents.timing_figures import timing_figures
from kyc_service.evaluation.documents.wrong_figures import wrong_cases, wrong_figures
from kyc_service.evaluation.intervals import rounded

SCHEMA: Final = 1
KIND: Final = "document_evaluation"


@dataclass(frozen=True, slots=True)
class Run:
    """What was measured, with what. ``models`` are SHA-256 by manifest id; ``measured_on`` is an ISO date."""

    title: str
    listed: PictureList
    policy: Policy
    models: Mapping[str, str]
    measured_on: str
    jobs: int

    def data_set(self, pictures: Sequence[PictureSeen]) -> DataSet:
        """What a calibration says of the pictures."""
        documents = {document_of(seen.picture) for seen in pictures}
        return DataSet(self.title, self.listed.sha256, len(pictures), len(documents))


def evaluation_to_json(run: Run, pictures: Sequence[PictureSeen], *, is_public: bool) -> dict[str, Any]:
    """Everything measured on ``pictures``; ``is_public`` leaves out what stands on any document."""
    data_set = run.data_set(pictures)
    return {
        "schema": SCHEMA,
        "kind": KIND,
        "data_set": {
            "title": data_set.title,
            "manifest_sha256": data_set.list_sha256,
            "rows": len(run.listed.rows),
            "pictures": data_set.pictures,
            "documents": data_set.identities,
            "populations": dict(Counter(population_of(seen.picture) for seen in pictures)),
            "assumed": dict(run.listed.assumed),
        },
        "made_with": {
            "service_version": __version__,
            "policy": {"name": run.policy.name, "version": run.policy.version, "sha256": run.policy.sha256},
            "models": dict(run.models),
            "measured_on": run.measured_on,
            "jobs": run.jobs,
        },
        "is_public": is_public,
        "states": {state.value: sum(seen.state is state for seen in pictures) for state in State},
        "failures": [_failure(seen) for seen in pictures if seen.state in (State.CRASHED, State.REFUSED)],
        "fields": field_figures(pictures),
        "sides": side_figures(pictures),
        "wrong": wrong_figures(pictures),
        "wrong_cases": [_case(compared, is_public=is_public) for compared in wrong_cases(pictures)],
        "recognition": recognition_figures(pictures),
        "faults": fault_figures(pictures),
        "attack_reasons": reason_figures(pictures),
        "authenticity_scores": score_figures(pictures, run.policy),
        "confidence": confidence_figures(pictures),
        "timings": timing_figures(pictures),
    }


def _failure(seen: PictureSeen) -> dict[str, Any]:
    return {"row": seen.picture.row, "state": seen.state.value, "cause": seen.cause}


def _case(compared: Compared, *, is_public: bool) -> dict[str, Any]:
    picture, reading = compared.seen.picture, compared.reading
    group = Group.of(picture)
    case: dict[str, Any] = {
        "row": picture.row,
        "family": group.family,
        "severity": group.severity,
        "side": group.side,
        "population": population_of(picture),
        "fault": picture.fault,
        "attack": picture.attack,
        "field": compared.field,
        "wrong_characters": compared.distance,
        "is_certain": compared.is_wrong_but_certain,
        "is_clear": compared.is_wrong_but_clear,
        "min_confidence": None,
    }
    if reading is not None and reading.min_confidence is not None:
        case["min_confidence"] = rounded(reading.min_confidence)
    if not is_public:
        case |= {"truth": compared.truth, "reading": "" if reading is None else reading.value}
    return case
