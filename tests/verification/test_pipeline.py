"""The order of the stages: what one cannot say is said as such, and nothing is left behind."""

from __future__ import annotations

import io
import json
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from structlog.testing import capture_logs

from kyc_service.decision.report import Report, report_to_json
from kyc_service.documents.engines import DocumentEngines
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.checks import CheckName
from kyc_service.domain.claims import Claims
from kyc_service.domain.outcome import Outcome, Verdict
from kyc_service.domain.reasons import Reason
from kyc_service.domain.verification import UseCase
from kyc_service.imaging.refusals import ImageRefused
from kyc_service.inference.engines import FaceEngines
from kyc_service.inference.null_engines import null_face_engines
from kyc_service.inference.ocr import NullTextReader, Pixels, Quad, TextLine
from kyc_service.liveness.engines import load_liveness_engines
from kyc_service.places import PlaceBook
from kyc_service.policies.calibration import read_calibrations
from kyc_service.policies.load import DEFAULT_POLICY, load_policy
from kyc_service.verification.models_in_use import models_in_use
from kyc_service.verification.pipeline import Engines, Pipeline
from kyc_service.verification.policies_in_use import constantly
from kyc_service.verification.submission import Submission

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)
SECRET = "Zhang San 330106198503129989"


class Crashing:
    """An engine whose every method crashes with what it read in its message."""

    model_id = "crashing"

    def __getattr__(self, _: str) -> object:
        def crash(*_args: object, **_named: object) -> object:
            raise RuntimeError(SECRET)

        return crash


class SlowTextReader:
    """Takes its time to find nothing, and says when it is done."""

    model_id = "slow"

    def __init__(self) -> None:
        self.is_done = threading.Event()

    def detect(self, pixels: Pixels, long_side_px: int) -> tuple[Quad, ...]:
        time.sleep(0.5)
        self.is_done.set()
        return NullTextReader().detect(pixels, long_side_px)

    def recognise(self, crops: Sequence[Pixels]) -> tuple[TextLine, ...]:
        return NullTextReader().recognise(crops)


@pytest.fixture(scope="module")
def places() -> PlaceBook:
    return PlaceBook()


@pytest.fixture(scope="module")
def branches() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as executor:
        yield executor


def engines(places: PlaceBook) -> Engines:
    faces = null_face_engines()
    liveness = load_liveness_engines(ROOT / "models")
    return Engines(DocumentEngines(NullTextReader()), faces, liveness, places, {"null": "0" * 64})


def pipeline(engines: Engines, branches: ThreadPoolExecutor) -> Pipeline:
    hashes = models_in_use(ROOT / "models").values()
    policy = load_policy(DEFAULT_POLICY, read_calibrations(ROOT / "models" / "calibration", hashes))
    return Pipeline(engines, constantly(policy), branches)


def jpeg(seed: int) -> bytes:
    noise = np.random.default_rng(seed).integers(0, 255, (480, 640, 3), np.uint8)
    out = io.BytesIO()
    Image.fromarray(noise).save(out, "JPEG")
    return out.getvalue()


def submission(*kinds: CaptureKind) -> Submission:
    captures = {kind: jpeg(i) for i, kind in enumerate(kinds or (CaptureKind.DOCUMENT_FRONT, CaptureKind.SELFIE))}
    return Submission("ver_1", captures, Claims(), UseCase.ONBOARDING, "standard", 1, NOW)


def outcome(report: Report, name: CheckName) -> tuple[Outcome, list[Reason]]:
    check = next(c for c in report.decision.checks if c.name is name)
    return check.outcome, [reason.code for reason in check.reasons]


def test_pictures_of_nothing_are_to_be_taken_again(places: PlaceBook, branches: ThreadPoolExecutor) -> None:
    report = pipeline(engines(places), branches).run(submission())
    assert report.verdict is Verdict.RETAKE
    assert set(report.decision.reasons) == {Reason.DOCUMENT_NOT_FOUND, Reason.FACE_NOT_FOUND}
    assert outcome(report, CheckName.LIVENESS_CHALLENGE)[0] is Outcome.NOT_ASSESSED


def test_a_stage_that_crashes_is_not_assessed_and_says_nothing_it_read(
    places: PlaceBook, branches: ThreadPoolExecutor
) -> None:
    crashing = Crashing()
    broken = replace(
        engines(places),
        documents=DocumentEngines(crashing),  # type: ignore[arg-type]
        faces=FaceEngines(*[crashing] * len(fields(FaceEngines))),  # type: ignore[arg-type]
        places=crashing,  # type: ignore[arg-type]
    )
    with capture_logs() as logs:
        report = pipeline(broken, branches).run(submission())
    assert report.verdict is Verdict.REVIEW
    for name in (CheckName.CAPTURE_QUALITY, CheckName.FACE_QUALITY, CheckName.PHONE_VALID, CheckName.AGE):
        assert outcome(report, name) == (Outcome.NOT_ASSESSED, [Reason.STAGE_FAILED])
    assert {entry["error"] for entry in logs} == {"RuntimeError"}
    written = json.dumps([report_to_json(report), logs], default=str)
    assert SECRET not in written
    assert "Zhang" not in written


@pytest.mark.parametrize("kind", [CaptureKind.DOCUMENT_FRONT, CaptureKind.DOCUMENT_BACK, CaptureKind.SELFIE])
def test_a_file_that_is_no_picture_is_refused(
    places: PlaceBook, branches: ThreadPoolExecutor, kind: CaptureKind
) -> None:
    given = submission(CaptureKind.DOCUMENT_FRONT, CaptureKind.DOCUMENT_BACK, CaptureKind.SELFIE)
    broken = replace(given, captures={**given.captures, kind: b"no picture"})
    with pytest.raises(ImageRefused):
        pipeline(engines(places), branches).run(broken)


def test_a_refusal_in_one_branch_waits_for_the_other(places: PlaceBook, branches: ThreadPoolExecutor) -> None:
    slow = SlowTextReader()
    given = submission()
    broken = replace(given, captures={**given.captures, CaptureKind.SELFIE: b"no picture"})
    with pytest.raises(ImageRefused):
        pipeline(replace(engines(places), documents=DocumentEngines(slow)), branches).run(broken)
    assert slow.is_done.is_set()


def test_the_report_names_what_was_sent(places: PlaceBook, branches: ThreadPoolExecutor) -> None:
    given = submission(CaptureKind.DOCUMENT_FRONT, CaptureKind.DOCUMENT_BACK, CaptureKind.SELFIE)
    report = pipeline(engines(places), branches).run(given)
    assert [record.kind for record in report.captures] == [
        CaptureKind.DOCUMENT_FRONT,
        CaptureKind.DOCUMENT_BACK,
        CaptureKind.SELFIE,
    ]
    assert all(record.byte_size == len(given.captures[record.kind]) for record in report.captures)
    assert {"total", "document_front.decode", "selfie.decode", "front.locate"} <= report.timings_ms.keys()
