"""Pictures as the service might have seen them, and a reader that needs no models."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from kyc_service.decision.policy import Policy
from kyc_service.domain.captures import CaptureKind
from kyc_service.evaluation.documents.manifest import Labelled
from kyc_service.evaluation.documents.reading import CaseReader
from kyc_service.evaluation.documents.seen import FieldSeen, PictureSeen, ScoreSeen, State
from kyc_service.policies.calibration import Calibrations, read_calibrations
from kyc_service.policies.load import DEFAULT_POLICY, load_policy

NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)
ROOT = Path(__file__).parents[3]


def labelled(
    row: int = 2,
    truth: Mapping[str, str] | None = None,
    *,
    family: str = "cn_resident_identity_card",
    side: str = "front",
    attack: str = "none",
    severity: str = "mild",
    fault: str = "",
    document: str = "",
    path: Path = Path("picture.jpg"),
) -> Labelled:
    return Labelled(row, path, family, CaptureKind(f"document_{side}"), attack, severity, fault, document, truth or {})


def read(value: str, confidence: float = 0.99, *, is_certain: bool = True, ends_clear: bool = False) -> FieldSeen:
    return FieldSeen(value, confidence, is_certain, ((0, 0), (9, 0), (9, 9), (0, 9)), ends_clear)


def seen(
    picture: Labelled,
    fields: Mapping[str, FieldSeen] | None = None,
    *,
    state: State = State.KEPT,
    retakes: tuple[str, ...] = (),
    reasons: tuple[tuple[str, str], ...] = (),
    outcomes: Mapping[str, str] | None = None,
    scores: tuple[ScoreSeen, ...] = (),
    timings_ms: Mapping[str, float] | None = None,
    family: str | None = "cn_resident_identity_card",
) -> PictureSeen:
    return PictureSeen(picture, state, fields or {}, retakes, reasons, outcomes or {}, scores, timings_ms, family, "")


def policy() -> Policy:
    folder = ROOT / "models" / "calibration"
    return load_policy(DEFAULT_POLICY, _calibrations(folder))


def _calibrations(folder: Path) -> Calibrations:
    from kyc_service.verification.models_in_use import models_in_use  # noqa: PLC0415 - a test's helper, read once

    return read_calibrations(folder, models_in_use(folder.parent).values())


class NullReader:
    """How the null engines are opened in another process."""

    def __call__(self) -> CaseReader:
        from kyc_service.documents.engines import DocumentEngines  # noqa: PLC0415 - as above
        from kyc_service.inference.ocr import NullTextReader  # noqa: PLC0415

        return CaseReader(DocumentEngines(NullTextReader()), policy(), NOW)
