"""The only place that builds things: from settings to a running service, and back down."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from kyc_service.api.state import ApiState, UploadLimits
from kyc_service.domain.verification import UseCase
from kyc_service.imaging.decode import decode
from kyc_service.imaging.limits import DecodeLimits
from kyc_service.imaging.picture import Picture
from kyc_service.observability.metrics import Metrics
from kyc_service.settings import Settings
from kyc_service.storage.blobs import FileBlobStore
from kyc_service.storage.database import Database
from kyc_service.storage.embedded import EmbeddedPostgres
from kyc_service.storage.keys import load_master_key
from kyc_service.storage.schema import migrate
from kyc_service.verification.capacity import Capacity
from kyc_service.verification.service import CheckPicture, VerificationPipeline, VerificationService

# To know that a picture can be decoded, a reduced one will do: it takes a fraction of time and memory.
_CHECKED_LONG_SIDE_PX: Final = 512


@dataclass(frozen=True, slots=True)
class Decider:
    """What decides: the pipeline, and the tiers its policy knows."""

    pipeline: VerificationPipeline
    tiers: frozenset[tuple[UseCase, str]]


@contextmanager
def open_api(settings: Settings, load_decider: Callable[[Settings], Decider]) -> Iterator[ApiState]:
    """Everything the HTTP API works with, closed in reverse order when the block ends."""
    with ExitStack() as closing:
        decider = load_decider(settings)
        database = closing.enter_context(open_database(settings))
        service = _service(settings, decider, database)
        yield ApiState(
            service=service,
            uploads=UploadLimits(
                max_capture_bytes=settings.max_capture_bytes,
                max_at_once=settings.uploads_in_memory,
                timeout_s=settings.upload_timeout_s,
                retry_after_s=settings.retry_after_s,
            ),
            # Models are loaded before the first request is taken, or the service does not start.
            readiness={"models": lambda: None, "database": database.ping},
        )


@contextmanager
def open_database(settings: Settings) -> Iterator[Database]:
    """The configured database, or the embedded one, with its schema up to date."""
    with ExitStack() as closing:
        if settings.database_url is not None:
            url = settings.database_url.get_secret_value()
        else:
            server = EmbeddedPostgres(settings.postgres_dir)
            server.start()
            closing.callback(server.close)
            url = server.url
        database = Database.connect(url, pool_size=settings.database_pool_size)
        closing.callback(database.close)
        migrate(database.engine)
        yield database


def _service(settings: Settings, decider: Decider, database: Database) -> VerificationService:
    metrics = Metrics()
    submissions = Capacity(
        at_work=settings.submissions_at_work,
        waiting=settings.submissions_waiting,
        retry_after_s=settings.retry_after_s,
    )
    metrics.watch("kyc_submissions_at_work", "Submissions being decided.", lambda: submissions.at_work)
    metrics.watch("kyc_submissions_waiting", "Submissions waiting for a place.", lambda: submissions.waiting)
    return VerificationService(
        database=database,
        blobs=FileBlobStore(settings.blobs_dir),
        master_key=load_master_key(settings.master_key_path),
        pipeline=decider.pipeline,
        check_picture=_picture_check(DecodeLimits(max_bytes=settings.max_capture_bytes)),
        tiers=decider.tiers,
        submissions=submissions,
        uploads=Capacity(
            at_work=settings.uploads_at_work,
            waiting=settings.uploads_waiting,
            retry_after_s=settings.retry_after_s,
        ),
        metrics=metrics,
        now=lambda: datetime.now(UTC),
    )


def _picture_check(limits: DecodeLimits) -> CheckPicture:
    def check(data: bytes) -> Picture:
        return decode(data, limits, target_long_side_px=_CHECKED_LONG_SIDE_PX)

    return check
