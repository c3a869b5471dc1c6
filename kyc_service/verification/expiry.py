"""Expiry: verifications that nobody filled in time.

Each change looks for itself, so that none gets in late; this catches those that nobody touches.
"""

from __future__ import annotations

from kyc_service.verification.service import VerificationService
from kyc_service.verification.steps import expire


def expire_verifications(service: VerificationService, limit: int = 500) -> int:
    """Write down of up to ``limit`` verifications that their time is over; how many there were.

    By the database's clock. Several may do this at once: one that somebody has in hand is left to the next round.
    """
    with service.database.transaction() as tx:
        overdue = tx.verifications.lock_overdue(limit)
        for record in overdue:
            expire(tx, record)
    return len(overdue)
