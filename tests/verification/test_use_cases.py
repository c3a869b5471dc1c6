from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy

from kyc_service.decision.verdict import UnknownTier
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.claims import Claims, Device, DeviceLocation, DocumentType
from kyc_service.domain.outcome import Verdict
from kyc_service.domain.verification import UseCase, VerificationStatus, next_status
from kyc_service.imaging.refusals import ImageRefused
from kyc_service.storage.idempotency import IdempotencyKeyInUse
from kyc_service.storage.listing import Wanted
from kyc_service.storage.records import EventType
from kyc_service.storage.reports import ReportAlreadyWritten
from kyc_service.storage.verifications import VerificationNotFound
from kyc_service.verification.deciding import Decider, decide_submission
from kyc_service.verification.idempotency import IdempotencyKeyReused, Once, find_earlier
from kyc_service.verification.searching import search_verifications
from kyc_service.verification.service import VerificationService
from kyc_service.verification.steps import InputNotExpected, NewVerification
from kyc_service.verification.submissions import CapturesMissing, submit, verify_at_once
from kyc_service.verification.use_cases import (
    VerificationView,
    create_verification,
    list_events,
    put_capture,
    put_claims,
    read_capture,
    read_report,
    read_verification,
)
from tests.conftest import CALLER
from tests.deciding import decided

pytestmark = pytest.mark.integration

CLAIMS = Claims(
    full_name="欧阳示例",
    date_of_birth=date(1990, 3, 7),
    id_number="110101199003071234",
    document_type=DocumentType.CN_RESIDENT_IDENTITY_CARD,
    issuing_country="CHN",
    phone_number="+8613912345678",
    address="虚构路 17 号",
    device_location=DeviceLocation(39.9123, 116.3977, 12.5, datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
    ip_address="203.0.113.77",
    device=Device("device-4711", "Asia/Shanghai", "zh-CN"),
)
NEW = NewVerification(UseCase.ONBOARDING, "standard", CLAIMS, CALLER)
FRONT, SELFIE = CaptureKind.DOCUMENT_FRONT, CaptureKind.SELFIE
S = VerificationStatus


@pytest.fixture
def ready(service: VerificationService, picture: Callable[..., bytes]) -> str:
    view = create_verification(service, NEW)
    for kind in (FRONT, SELFIE):
        put_capture(service, view.record.id, kind, picture(), CALLER)
    return view.record.id


def _once(service: VerificationService, key: bytes = b"k", request: bytes = b"r") -> Once[VerificationView]:
    digest = service.master_key.digest
    return Once(digest(key), digest(request), lambda view: view.record.id.encode())


def _ids(service: VerificationService) -> list[str]:
    found, _ = search_verifications(service, CALLER, Wanted(), limit=100)
    return [record.id for record in found]


def _event_types(service: VerificationService, verification_id: str) -> list[EventType]:
    return [event.type for event in list_events(service, verification_id, CALLER)]


@pytest.mark.parametrize("verdict", Verdict)
def test_a_submission_ends_in_the_status_of_its_verdict(
    service: VerificationService, pipeline: Any, ready: str, verdict: Verdict
) -> None:
    pipeline.verdict = verdict
    view = decided(service, pipeline, ready)
    assert view.record.status is next_status(verdict)
    assert view.record.attempt == 1
    assert view.record.policy_version == "2026-01"
    assert view.report is not None
    assert json.loads(view.report)["verdict"] == verdict
    assert read_report(service, ready, CALLER) == view.report
    assert _event_types(service, ready) == [
        EventType.VERIFICATION_CREATED,
        EventType.CHALLENGE_ISSUED,
        EventType.CAPTURE_UPLOADED,
        EventType.CAPTURE_UPLOADED,
        EventType.VERIFICATION_SUBMITTED,
        EventType.VERIFICATION_COMPLETED,
        *([EventType.CASE_OPENED] if verdict is Verdict.REVIEW else []),
    ]


def test_the_pipeline_gets_what_was_sent(
    service: VerificationService, pipeline: Any, ready: str, picture: Callable[..., bytes]
) -> None:
    decided(service, pipeline, ready)
    (seen,) = pipeline.seen
    assert seen.claims == replace(CLAIMS, received_at=seen.claims.received_at)
    assert seen.claims.received_at is not None
    assert seen.captures == {FRONT: picture(), SELFIE: picture()}
    assert (seen.verification_id, seen.attempt, seen.use_case, seen.tier) == (ready, 1, UseCase.ONBOARDING, "standard")


def test_a_retake_says_what_to_take_again_and_counts_attempts(
    service: VerificationService, pipeline: Any, ready: str, picture: Callable[..., bytes]
) -> None:
    pipeline.verdict = Verdict.RETAKE
    view = decided(service, pipeline, ready)
    assert view.record.last_error == {"code": "retake_required", "captures": ["selfie"], "reasons": ["face_blurred"]}
    again = picture(colour=(1, 2, 3))
    assert put_capture(service, ready, SELFIE, again, CALLER).attempt == 2
    pipeline.verdict = Verdict.REVIEW
    view = decided(service, pipeline, ready)
    assert (view.record.status, view.record.attempt, view.record.last_error) == (S.IN_REVIEW, 2, None)
    assert pipeline.seen[-1].captures == {FRONT: picture(), SELFIE: again}
    with service.database.engine.connect() as connection:
        assert connection.execute(sqlalchemy.text("SELECT count(*) FROM reports")).scalar_one() == 2
        assert connection.execute(sqlalchemy.text("SELECT count(*) FROM captures")).scalar_one() == 3


def test_a_second_upload_takes_the_place_of_the_first(
    service: VerificationService, ready: str, picture: Callable[..., bytes], data_dir: Path
) -> None:
    put_capture(service, ready, FRONT, picture(colour=(9, 9, 9)), CALLER)
    assert read_capture(service, ready, FRONT, CALLER) == picture(colour=(9, 9, 9))
    assert len([path for path in (data_dir / "blobs").rglob("*") if path.is_file()]) == 2


def test_a_capture_that_was_not_sent_is_none(service: VerificationService, ready: str) -> None:
    assert read_capture(service, ready, CaptureKind.DOCUMENT_BACK, CALLER) is None


def test_verdict_report_status_and_event_are_written_together_or_not_at_all(
    service: VerificationService, pipeline: Any, ready: str
) -> None:
    with service.database.engine.begin() as connection:
        connection.execute(
            sqlalchemy.text("ALTER TABLE events ADD CONSTRAINT no CHECK (type <> 'verification_completed')")
        )
    try:
        with pytest.raises(sqlalchemy.exc.IntegrityError):
            decided(service, pipeline, ready)
    finally:
        with service.database.engine.begin() as connection:
            connection.execute(sqlalchemy.text("ALTER TABLE events DROP CONSTRAINT no"))
    view = read_verification(service, ready, CALLER)
    assert (view.record.status, view.report) == (S.PROCESSING, None)
    decide_submission(Decider(service, pipeline), ready, 1)
    assert read_verification(service, ready, CALLER).record.status is S.IN_REVIEW


def test_a_submission_has_one_report(service: VerificationService, pipeline: Any, ready: str) -> None:
    decided(service, pipeline, ready)
    with service.database.transaction() as tx:
        report = tx.reports.latest(ready)
    with pytest.raises(ReportAlreadyWritten), service.database.transaction() as tx:
        tx.reports.add(replace(report, id="rep_other"))


@pytest.mark.parametrize("kind", [FRONT, SELFIE])
def test_both_required_captures_are_required(
    service: VerificationService, picture: Callable[..., bytes], kind: CaptureKind
) -> None:
    view = create_verification(service, NEW)
    put_capture(service, view.record.id, kind, picture(), CALLER)
    with pytest.raises(CapturesMissing):
        submit(service, view.record.id, CALLER)
    assert read_verification(service, view.record.id, CALLER).record.status is S.REQUIRES_INPUT


def test_a_hostile_upload_is_refused_and_leaves_nothing(service: VerificationService, data_dir: Path) -> None:
    view = create_verification(service, NEW)
    with pytest.raises(ImageRefused):
        put_capture(service, view.record.id, FRONT, b"not a picture", CALLER)
    assert read_verification(service, view.record.id, CALLER).captures == {}
    assert list((data_dir / "blobs").rglob("*")) == []


def test_a_failed_write_leaves_no_blob(
    service: VerificationService, picture: Callable[..., bytes], data_dir: Path
) -> None:
    view = create_verification(service, NEW)
    broken = replace(service, now=lambda: "no time")
    with pytest.raises(sqlalchemy.exc.SQLAlchemyError):
        put_capture(broken, view.record.id, FRONT, picture(), CALLER)
    assert [path for path in (data_dir / "blobs").rglob("*") if path.is_file()] == []


def test_what_is_decided_takes_no_more_input(
    service: VerificationService, pipeline: Any, ready: str, picture: Callable[..., bytes]
) -> None:
    decided(service, pipeline, ready)
    with pytest.raises(InputNotExpected):
        put_capture(service, ready, FRONT, picture(), CALLER)
    with pytest.raises(InputNotExpected):
        put_claims(service, ready, Claims(), CALLER)


def test_claims_can_be_replaced_until_then(service: VerificationService, pipeline: Any, ready: str) -> None:
    said = Claims(full_name="Another", received_at=datetime(2020, 1, 1, tzinfo=UTC))
    replaced = put_claims(service, ready, said, CALLER)
    decided(replace(service, now=lambda: datetime.now(UTC) + timedelta(hours=1)), pipeline, ready)
    claims = pipeline.seen[0].claims
    assert claims == Claims(full_name="Another", received_at=claims.received_at)
    # When they came is the service's own word, and stays what it was however late they are submitted.
    assert abs(claims.received_at - replaced.record.updated_at) < timedelta(seconds=5)
    assert EventType.CLAIMS_CHANGED in _event_types(service, ready)


def test_an_unknown_tier_is_refused_at_once(service: VerificationService) -> None:
    with pytest.raises(UnknownTier, match="it has: standard") as refused:
        create_verification(service, replace(NEW, tier="platinum"))
    assert "platinum" not in refused.value.message


def test_unknown_verifications_are_not_found(service: VerificationService) -> None:
    nobody = "ver_" + "0" * 32
    for use_case in (read_verification, read_report, list_events):
        with pytest.raises(VerificationNotFound):
            use_case(service, nobody, CALLER)
    with pytest.raises(VerificationNotFound):
        submit(service, nobody, CALLER)


def test_nothing_personal_lies_on_disk_or_in_the_database_in_the_clear(
    service: VerificationService, pipeline: Any, ready: str, picture: Callable[..., bytes], data_dir: Path
) -> None:
    decided(service, pipeline, ready, _once(service))
    secrets = [text.encode() for text in ("欧阳示例", "1990-03-07", "110101199003071234", "13912345678", "虚构路", "39.9123",
                                          "203.0.113.77", "device-4711", "Shanghai")]  # fmt: skip
    with service.database.engine.connect() as connection:
        kept = [
            repr(tuple(bytes(v) if isinstance(v, memoryview) else v for v in row)).encode()
            + b"".join(bytes(v) for v in row if isinstance(v, bytes | memoryview))
            for table in ("verifications", "captures", "reports", "events", "data_keys", "idempotency_keys")
            for row in connection.execute(sqlalchemy.text(f"SELECT * FROM {table}"))  # noqa: S608 - names from above
        ]
    kept += [path.read_bytes() for path in (data_dir / "blobs").rglob("*") if path.is_file()]
    everything = b"\n".join(kept)
    assert len(kept) > 8
    assert [secret for secret in secrets if secret in everything] == []
    assert picture()[:64] not in everything
    assert b"JFIF" not in everything


def test_destroying_the_key_destroys_the_report(service: VerificationService, pipeline: Any, ready: str) -> None:
    decided(service, pipeline, ready)
    with service.database.engine.begin() as connection:
        connection.execute(sqlalchemy.text("DELETE FROM data_keys"))
    with pytest.raises(Exception, match="key is gone"):
        read_report(service, ready, CALLER)


class TestVerifyAtOnce:
    def test_everything_in_one_call(
        self, service: VerificationService, pipeline: Any, picture: Callable[..., bytes]
    ) -> None:
        begun = verify_at_once(service, NEW, {FRONT: picture(), SELFIE: picture()})
        assert begun.record.status is S.PROCESSING
        decide_submission(Decider(service, pipeline), begun.record.id, 1)
        view = read_verification(service, begun.record.id, CALLER)
        assert (view.record.status, view.record.attempt) == (S.IN_REVIEW, 1)
        claims = pipeline.seen[0].claims
        assert claims == replace(CLAIMS, received_at=claims.received_at)
        assert claims.received_at <= view.record.created_at

    @pytest.mark.parametrize("bad", [b"", b"text"])
    def test_nothing_is_kept_of_what_cannot_be_used(
        self, service: VerificationService, picture: Callable[..., bytes], data_dir: Path, bad: bytes
    ) -> None:
        with pytest.raises(ImageRefused):
            verify_at_once(service, NEW, {FRONT: picture(), SELFIE: bad})
        with pytest.raises(CapturesMissing):
            verify_at_once(service, NEW, {FRONT: picture()})
        assert _ids(service) == []
        assert list((data_dir / "blobs").rglob("*")) == []


class TestIdempotency:
    def test_the_answer_is_kept_with_the_effect(self, service: VerificationService) -> None:
        once = _once(service)
        assert find_earlier(service, once) is None
        view = create_verification(service, NEW, once)
        earlier = find_earlier(service, once)
        assert earlier is not None
        assert (earlier.verification_id, earlier.answer) == (view.record.id, view.record.id.encode())

    def test_one_key_names_one_request(self, service: VerificationService) -> None:
        create_verification(service, NEW, _once(service))
        with pytest.raises(IdempotencyKeyReused):
            find_earlier(service, _once(service, request=b"other"))

    def test_of_two_at_the_same_time_one_goes_through(self, service: VerificationService) -> None:
        create_verification(service, NEW, _once(service))
        with pytest.raises(IdempotencyKeyInUse):
            create_verification(service, NEW, _once(service))
        assert len(_ids(service)) == 1
