"""Prefer: wait=N (RFC 7240): an answer that holds the verdict, if it comes in time, else one that says it will."""

from __future__ import annotations

import asyncio
import re
import time
from typing import Annotated, Final

from fastapi import Header
from starlette.concurrency import run_in_threadpool

from kyc_service.domain.clients import Caller
from kyc_service.domain.verification import VerificationStatus
from kyc_service.storage.signals import DecidedSignals
from kyc_service.verification.service import VerificationService
from kyc_service.verification.use_cases import VerificationView, read_verification

LONGEST_WAIT_S: Final = 60
_LOOK_S: Final = 2.0
"""How often one who waits looks by itself: a signal may be lost with the connection that carries it."""
_WAIT: Final = re.compile(r"(?:^|[,;\s])wait\s*=\s*\"?(\d{1,4})\"?\s*(?:$|[,;])", re.IGNORECASE)

Prefer = Annotated[
    str | None,
    Header(
        alias="Prefer",
        max_length=255,
        description=f"`wait=N`: hold the answer for up to N seconds (at most {LONGEST_WAIT_S}) until there is a verdict.",
        examples=["wait=20"],
    ),
]


def wait_s_of(prefer: str | None) -> int:
    """For how many seconds the client prefers to wait; 0 where it does not.

    >>> wait_s_of("respond-async, wait=20"), wait_s_of("wait=9999"), wait_s_of(None), wait_s_of("await=3")
    (20, 60, 0, 0)
    """
    found = _WAIT.search(prefer or "")
    return min(int(found[1]), LONGEST_WAIT_S) if found else 0


async def decided(
    service: VerificationService,
    signals: DecidedSignals,
    verification_id: str,
    caller: Caller,
    wait_s: float,
) -> VerificationView:
    """The verification once it is no longer processing, or as it stands when ``wait_s`` are over."""
    until = time.monotonic() + wait_s
    with signals.expected(verification_id) as finished:
        while True:
            finished.clear()
            view = await run_in_threadpool(read_verification, service, verification_id, caller)
            left = until - time.monotonic()
            if view.record.status is not VerificationStatus.PROCESSING or left <= 0 or signals.is_stopping:
                return view
            try:
                await asyncio.wait_for(finished.wait(), min(left, _LOOK_S))
            except TimeoutError:
                continue
