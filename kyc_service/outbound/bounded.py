"""Running one bounded piece of asynchronous work from a thread without an event loop."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


def run_bounded(work: Coroutine[Any, Any, T]) -> T:
    """What ``asyncio.run`` does, without waiting for threads: one that still looks up a name would outlast the limit."""
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(work)
    finally:
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


def is_about_tls(error: BaseException | None) -> bool:
    """Whether ``error``, or what caused it, says that the other side is not trusted."""
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return True
        error = error.__cause__ or error.__context__
    return False
