"""Admission: how many submissions may be on their way to a verdict before others are sent away.

Whoever waits on the line for a verdict is only let in where one will come soon; whoever
leaves the submission with the service and comes back may stand in a far longer queue.
Both are bounded: a full service says so at once instead of promising what it cannot keep.
"""

from __future__ import annotations

from dataclasses import dataclass

from kyc_service.storage.database import Transaction
from kyc_service.verification.capacity import AtCapacity


@dataclass(frozen=True, slots=True)
class Admission:
    """``awaited`` and ``queued``: the most unfinished submissions before one that waits, or does not, is refused."""

    awaited: int
    queued: int
    retry_after_s: int

    def admit(self, tx: Transaction, *, is_awaited: bool) -> None:
        """Let one more in, or raise; counts hold until the transaction ends.

        Raises:
            AtCapacity: as many as may wait do.
        """
        tx.submissions.one_at_a_time()
        if tx.submissions.unfinished() >= (self.awaited if is_awaited else self.queued):
            raise AtCapacity(self.retry_after_s)
