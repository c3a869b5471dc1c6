"""What is done once in a while is done that often: the queue's schedules have seconds as their last column."""

from __future__ import annotations

from itertools import pairwise

import pytest

from kyc_service.verification.jobs import add_upkeep, queue_app
from kyc_service.verification.service import VerificationService
from tests.working import IDLE

HOUR_S = 3600


@pytest.mark.integration
@pytest.mark.parametrize(("task", "every_s"), [("rescue_jobs", 5), ("sweep", 15), ("forget_jobs", HOUR_S)])
def test_upkeep_comes_round(service: VerificationService, task: str, every_s: int) -> None:
    app = queue_app(service.database.url)
    add_upkeep(app, service, IDLE)
    (scheduled,) = [one for (name, _), one in app.periodic_registry.periodic_tasks.items() if name == task]
    schedule = scheduled.croniter
    schedule.set_current(start_time=0)
    times = [schedule.get_next(float) for _ in range(50)]
    assert {later - earlier for earlier, later in pairwise(times)} == {every_s}
