"""Back-off: how long to wait after a message was not taken, and when to give up.

Waits grow from seconds to hours, with some chance in them so that what failed together
does not come back together. After three days an endpoint is not down for a moment.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

WAITS: Final = tuple(
    timedelta(seconds=seconds) for seconds in (5, 30, 2 * 60, 10 * 60, 30 * 60, 3600, 2 * 3600, 4 * 3600)
)
"""After the first try, the second, and so on; the last one from then on."""

GIVE_UP_AFTER: Final = timedelta(days=3)
LONGEST_WAIT: Final = timedelta(hours=4)
"""The most that an endpoint can ask for."""

FEWEST_TRIES: Final = 8
"""Before these nothing is given up: a clock may have leapt over the three days."""

_SPREAD: Final = 0.2


def next_try(
    tries: int, begun: datetime, failed: datetime, chance: float, retry_after_s: float | None = None
) -> datetime | None:
    """When to try again after ``tries`` tries, the last of which ended at ``failed``; ``None`` for never.

    ``chance`` in [0, 1) lengthens the wait by up to a fifth. ``retry_after_s`` is what the endpoint asked for:
    it can make the wait longer, up to four hours, but not shorter.

    >>> from datetime import UTC
    >>> begun = datetime(2026, 11, 24, tzinfo=UTC)
    >>> str(next_try(1, begun, begun, 0.0)), str(next_try(3, begun, begun, 0.5))
    ('2026-11-24 00:00:05+00:00', '2026-11-24 00:02:12+00:00')
    >>> str(next_try(1, begun, begun, 0.0, retry_after_s=60))
    '2026-11-24 00:01:00+00:00'
    >>> next_try(30, begun, begun + GIVE_UP_AFTER, 0.0) is None
    True
    """
    wait = WAITS[min(tries, len(WAITS)) - 1] * (1 + _SPREAD * chance)
    if retry_after_s is not None:
        wait = max(wait, min(timedelta(seconds=retry_after_s), LONGEST_WAIT))
    at = failed + wait
    return at if at <= begun + GIVE_UP_AFTER or tries < FEWEST_TRIES else None
