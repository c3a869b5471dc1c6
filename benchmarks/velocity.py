"""How long a look back takes among many sightings: noting an attempt, counting the others, earlier positions.

Fills an embedded PostgreSQL with verifications that each were seen by person, document,
phone and device, all within 30 days, and times attempts of people who were never seen,
of one seen now and then, and of one device that was part of every single verification.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy
from rich.console import Console
from rich.table import Table

from kyc_service.domain.claims import Claims, Device
from kyc_service.storage.database import Database
from kyc_service.storage.embedded import EmbeddedPostgres
from kyc_service.storage.keys import MasterKey
from kyc_service.storage.schema import migrate
from kyc_service.verification.history import Attempt, note_and_look_back
from kyc_service.verification.subjects import Subjects, subjects_of_attempt

NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)
KEY = MasterKey(b"k" * 32)
ROUNDS = 30
FARM = "device-of-everybody"
_FILL = (
    (
        "INSERT INTO verifications (id, status, use_case, tier, attempt, created_at, updated_at)"
        " SELECT 'ver_' || n, 'verified', 'onboarding', 'standard', 1, CAST(:now AS timestamptz), CAST(:now AS timestamptz)"
        " FROM generate_series(1, :count) n"
    ),
    "INSERT INTO data_keys SELECT 'ver_' || n, '' FROM generate_series(1, :count) n",
    (
        "INSERT INTO sightings SELECT 'ver_' || n, 1, s, sha256(convert_to(s || n % (:count / 3), 'UTF8')),"
        " sha256(convert_to('person' || n % (:count / 3), 'UTF8')), CAST(:now AS timestamptz) - n * interval '25 seconds'"
        " FROM generate_series(1, :count) n, unnest(ARRAY['person', 'document', 'phone']) s"
    ),
    (
        "INSERT INTO sightings SELECT 'ver_' || n, 1, 'device', :farm, sha256(convert_to('person' || n, 'UTF8')),"
        " CAST(:now AS timestamptz) - n * interval '25 seconds' FROM generate_series(1, :count) n"
    ),
)


def main() -> None:
    """Fill, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--verifications", type=int, default=100_000)
    count = parser.parse_args().verifications
    with tempfile.TemporaryDirectory() as folder:
        server = EmbeddedPostgres(Path(folder))
        server.start()
        try:
            database = Database.connect(server.url)
            _fill(database, count)
            _print(database, count)
            database.close()
        finally:
            server.close()


def _fill(database: Database, count: int) -> None:
    migrate(database.engine)
    (farm,) = _subjects(0, FARM).digests["device"]
    with database.engine.begin() as connection:
        for statement in _FILL:
            connection.execute(sqlalchemy.text(statement), {"count": count, "now": NOW, "farm": farm})
        connection.execute(sqlalchemy.text("ANALYZE"))


def _print(database: Database, count: int) -> None:
    table = Table("attempt", "median ms", "slowest ms", title=f"{4 * count:,} sightings of {count:,} verifications")
    for name, device in (("never seen before", None), (f"a device seen {count:,} times in 30 days", FARM)):
        times = sorted(_timed(database, n, device) for n in range(1, ROUNDS + 1))
        table.add_row(name, f"{statistics.median(times):.1f}", f"{times[-1]:.1f}")
    Console().print(table)


def _timed(database: Database, n: int, device: str | None) -> float:
    subjects = _subjects(n, device or f"device {n}")
    started = time.perf_counter()
    with database.transaction() as tx:
        note_and_look_back(tx, Attempt(f"ver_{n}", 2, NOW), subjects, [f"ver_{n + m}" for m in range(20)], KEY)
    return 1000 * (time.perf_counter() - started)


def _subjects(n: int, device: str) -> Subjects:
    claims = Claims(id_number=f"{n:018d}", phone_number=f"+86139{n:08d}", device=Device(device))
    return subjects_of_attempt(None, claims, None, KEY)


if __name__ == "__main__":
    main()
