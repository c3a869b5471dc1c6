"""Database: one engine, and transactions that hold the repositories."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import sqlalchemy
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from kyc_service.errors import Unavailable
from kyc_service.storage.captures import Captures
from kyc_service.storage.cases import Cases
from kyc_service.storage.challenges import Challenges
from kyc_service.storage.clients import Clients
from kyc_service.storage.events import Events
from kyc_service.storage.idempotency import IdempotencyKeys
from kyc_service.storage.listing import Listing
from kyc_service.storage.liveness import LivenessFailures
from kyc_service.storage.persons import Persons
from kyc_service.storage.phone_codes import PhoneCodes
from kyc_service.storage.policies import Policies
from kyc_service.storage.queue import Jobs
from kyc_service.storage.reports import Reports
from kyc_service.storage.search import Search
from kyc_service.storage.service_keys import ServiceKeys
from kyc_service.storage.sightings import Sightings
from kyc_service.storage.stages import Stages
from kyc_service.storage.submissions import Submissions
from kyc_service.storage.traces import Traces
from kyc_service.storage.verifications import Verifications
from kyc_service.storage.webhook_deliveries import WebhookDeliveries
from kyc_service.storage.webhooks import Webhooks

# PostgreSQL's two-number advisory locks are a space apart from the one-number migration lock.
_SUBMISSION_LOCKS: Final = 1
_DRIVER: Final = "postgresql+psycopg"


class DatabaseUnreachable(Unavailable):
    """The database cannot be reached."""

    code = "database_unreachable"


class Settling(Exception):
    """Mixed into an error that settles something: what its transaction wrote before it stands."""


@dataclass(frozen=True, slots=True)
class Transaction:
    """Everything one use case may read and write; all of it happens, or nothing does."""

    verifications: Verifications
    captures: Captures
    reports: Reports
    events: Events
    idempotency: IdempotencyKeys
    challenges: Challenges
    traces: Traces
    liveness_failures: LivenessFailures
    sightings: Sightings
    policies: Policies
    phone_codes: PhoneCodes
    jobs: Jobs
    submissions: Submissions
    stages: Stages
    clients: Clients
    service_keys: ServiceKeys
    cases: Cases
    persons: Persons
    listing: Listing
    search: Search
    webhooks: Webhooks
    webhook_deliveries: WebhookDeliveries


@dataclass(frozen=True, slots=True)
class Database:
    """A pool of connections. SQL errors never show the values that were sent."""

    engine: Engine

    @classmethod
    def connect(cls, url: str, *, pool_size: int = 10) -> Database:
        """Open a pool on ``url`` (any ``postgresql://`` form; the driver is always psycopg 3)."""
        address = sqlalchemy.make_url(url).set(drivername=_DRIVER)
        engine = sqlalchemy.create_engine(
            address,
            pool_size=pool_size,
            max_overflow=pool_size,
            pool_timeout=10,
            pool_pre_ping=True,
            hide_parameters=True,
            connect_args={"connect_timeout": 10, "options": "-c timezone=UTC -c lock_timeout=15s"},
        )
        return cls(engine)

    @property
    def url(self) -> str:
        """Where the server is, password and all, for those who need a connection of their own kind."""
        return self.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """One transaction: committed when the block ends, rolled back when it raises anything not :class:`Settling`.

        Raises:
            DatabaseUnreachable: the server is gone, or a lock was not freed in time.
        """
        settling: Settling | None = None
        try:
            with Session(self.engine, expire_on_commit=False) as session, session.begin():
                try:
                    yield Transaction(
                        Verifications(session),
                        Captures(session),
                        Reports(session),
                        Events(session),
                        IdempotencyKeys(session),
                        Challenges(session),
                        Traces(session),
                        LivenessFailures(session),
                        Sightings(session),
                        Policies(session),
                        PhoneCodes(session),
                        Jobs(session),
                        Submissions(session),
                        Stages(session),
                        Clients(session),
                        ServiceKeys(session),
                        Cases(session),
                        Persons(session),
                        Listing(session),
                        Search(session),
                        Webhooks(session),
                        WebhookDeliveries(session),
                    )
                except Settling as error:
                    settling = error
        except (OperationalError, sqlalchemy.exc.TimeoutError) as cause:
            raise DatabaseUnreachable from cause
        if settling is not None:
            raise settling

    @contextmanager
    def stages(self) -> Iterator[Stages]:
        """Stages outside any transaction, on a connection held meanwhile: a run waits for every round trip.

        Not safe for several threads at once.

        Raises:
            DatabaseUnreachable: the server is gone, or a lock was not freed in time.
        """
        try:
            with Session(self.engine.execution_options(isolation_level="AUTOCOMMIT")) as session:
                yield Stages(session)
        except (OperationalError, sqlalchemy.exc.TimeoutError) as cause:
            raise DatabaseUnreachable from cause

    @contextmanager
    def submission_lock(self, verification_id: str) -> Iterator[bool]:
        """Whether this caller alone works on the verification, for as long as the block lasts.

        The lock belongs to a connection, so a killed process frees it at once: no lease
        that could run out during work, none that outlives its holder.
        """
        numbers = {"space": _SUBMISSION_LOCKS, "id": verification_id}
        try:
            with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                taken = connection.execute(text("SELECT pg_try_advisory_lock(:space, hashtext(:id))"), numbers)
                is_ours = bool(taken.scalar_one())
                try:
                    yield is_ours
                finally:
                    if is_ours:
                        connection.execute(text("SELECT pg_advisory_unlock(:space, hashtext(:id))"), numbers)
        except (OperationalError, sqlalchemy.exc.TimeoutError) as cause:
            raise DatabaseUnreachable from cause

    def ping(self) -> None:
        """Ask the server for a sign of life.

        Raises:
            DatabaseUnreachable: there was none.
        """
        try:
            with self.engine.connect() as connection:
                connection.execute(text("SELECT 1"))
        except (OperationalError, sqlalchemy.exc.TimeoutError) as cause:
            raise DatabaseUnreachable from cause

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()
