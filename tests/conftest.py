from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from secrets import SystemRandom

import pytest
import sqlalchemy
from PIL import Image

from kyc_service.bootstrap import loaded_pipeline
from kyc_service.decision.policy import Policy
from kyc_service.decision.report import NO_TRACES, CaptureRecord, Report, Traces
from kyc_service.decision.verdict import Check, Decision, Question
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.clients import FIRST_CLIENT, Caller, ClientMode
from kyc_service.domain.document import DocumentReading
from kyc_service.domain.facts import Facts
from kyc_service.domain.outcome import Verdict
from kyc_service.domain.reasons import Reason
from kyc_service.domain.verification import UseCase
from kyc_service.imaging.clip import decode_clip
from kyc_service.imaging.decode import decode
from kyc_service.liveness.challenge.draw import draw
from kyc_service.observability.metrics import Metrics
from kyc_service.settings import Settings
from kyc_service.storage.blobs import FileBlobStore
from kyc_service.storage.database import Database
from kyc_service.storage.embedded import EmbeddedPostgres
from kyc_service.storage.ids import new_id
from kyc_service.storage.master_key import create_master_key
from kyc_service.storage.schema import migrate
from kyc_service.storage.tables import Base
from kyc_service.verification.admission import Admission
from kyc_service.verification.capacity import Capacity
from kyc_service.verification.deciding import Decider
from kyc_service.verification.known_traces import KnownTraces
from kyc_service.verification.pipeline import Pipeline
from kyc_service.verification.service import VerificationService
from kyc_service.verification.submission import Submission

OTHER_CLIENT = "cli_" + "1" * 32
SANDBOX_CLIENT = "cli_" + "2" * 32
CLIENTS = {FIRST_CLIENT: ClientMode.LIVE, OTHER_CLIENT: ClientMode.LIVE, SANDBOX_CLIENT: ClientMode.SANDBOX}
CALLER = Caller(FIRST_CLIENT, ClientMode.LIVE, "key:test")


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    server = EmbeddedPostgres(tmp_path_factory.mktemp("postgres"))
    server.start()
    try:
        yield server.url
    finally:
        server.close()


@pytest.fixture(scope="session")
def _migrated(postgres_url: str) -> Iterator[Database]:
    database = Database.connect(postgres_url)
    migrate(database.engine)
    yield database
    database.close()


@pytest.fixture
def database(_migrated: Database) -> Database:
    tables = ", ".join(Base.metadata.tables)
    with _migrated.engine.begin() as connection:
        connection.execute(sqlalchemy.text(f"TRUNCATE {tables}, procrastinate_jobs, procrastinate_workers CASCADE"))
        for client_id, mode in CLIENTS.items():
            connection.execute(
                sqlalchemy.text("INSERT INTO clients (id, name, mode, created_at) VALUES (:id, :id, :mode, now())"),
                {"id": client_id, "mode": mode.value},
            )
    return _migrated


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "kyc-data"


@dataclass(slots=True)
class NullPipeline:
    """Answers every submission with ``verdict``, remembers it, or raises ``failure``."""

    verdict: Verdict = Verdict.REVIEW
    failure: BaseException | None = None
    checks: tuple[Check, ...] = ()
    traces: Traces = NO_TRACES
    document: DocumentReading | None = None
    facts: Facts = field(default_factory=Facts)
    seen: list[Submission] = field(default_factory=list)
    work: Callable[[Submission], None] = lambda _: None

    def run(self, submission: Submission) -> Report:
        self.seen.append(submission)
        self.work(submission)
        if self.failure is not None:
            raise self.failure
        is_retake = self.verdict is Verdict.RETAKE
        return Report(
            id=new_id("rep"),
            verification_id=submission.verification_id,
            created_at=submission.now,
            service_version="0",
            question=Question(submission.use_case, submission.tier, None, submission.attempt),
            decision=Decision(
                verdict=self.verdict,
                checks=self.checks,
                unusable=frozenset({CaptureKind.SELFIE}) if is_retake else frozenset(),
                reasons=(Reason.FACE_BLURRED, Reason.NAME_MISMATCH) if is_retake else (Reason.NAME_MISMATCH,),
            ),
            policy=Policy("null", "2026-01", "0" * 64, "UTC", 9, {}, (), (), (), {}),
            captures=tuple(_record(kind, data) for kind, data in submission.captures.items()),
            claims=submission.claims,
            document=self.document,
            facts=self.facts,
            models={},
            timings_ms={"total": 12.5},
            traces=self.traces,
        )


def _record(kind: CaptureKind, data: bytes) -> CaptureRecord:
    return CaptureRecord(kind, hashlib.sha256(data).hexdigest(), "image/jpeg", 96, 64, len(data), {})


def picture_bytes(colour: tuple[int, int, int] = (90, 120, 150), form: str = "JPEG") -> bytes:
    """A plain picture of 96 x 64 pixels in ``colour`` (RGB)."""
    out = io.BytesIO()
    Image.new("RGB", (96, 64), colour).save(out, form)
    return out.getvalue()


@pytest.fixture
def pipeline() -> NullPipeline:
    return NullPipeline()


@pytest.fixture
def service(database: Database, data_dir: Path) -> VerificationService:
    return VerificationService(
        database=database,
        blobs=FileBlobStore(data_dir / "blobs"),
        master_key=create_master_key(data_dir / "keys" / "master.key"),
        check_picture=decode,
        check_clip=decode_clip,
        draw_challenge=lambda kind, at: draw(kind, at, SystemRandom()),
        known=KnownTraces.of("null_embedder"),
        tiers=lambda: frozenset((use_case, "standard") for use_case in UseCase),
        admission=Admission(awaited=4, queued=8, retry_after_s=7),
        uploads=Capacity(at_work=2, waiting=2, retry_after_s=7),
        metrics=Metrics(),
        now=lambda: datetime.now(UTC),
        consent_required=False,
    )


@pytest.fixture
def decider(service: VerificationService, pipeline: NullPipeline) -> Decider:
    return Decider(service, pipeline)


@pytest.fixture
def picture() -> Callable[..., bytes]:
    return picture_bytes


@pytest.fixture(scope="session")
def real_pipeline() -> Iterator[Pipeline]:
    """The pipeline with its real models, loaded once for all tests."""
    with loaded_pipeline(Settings(_env_file=None, models_dir=Path(__file__).parents[1] / "models")) as loaded:
        yield loaded
