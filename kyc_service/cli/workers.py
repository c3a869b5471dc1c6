"""The workers that ``kyc serve`` starts beside itself, and starts anew when one dies."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from kyc_service.observability.logs import get_logger

_SHORTEST_LIFE_S: Final = 30.0
"""Who lives for less is started anew ever more slowly."""
_LONGEST_PAUSE_S: Final = 30.0
_LOOK_S: Final = 0.5
_GRACE_S: Final = 60.0
"""How long a worker may take to finish what it has in hand."""
_LOG: Final = get_logger(__name__)


@contextmanager
def workers_beside(count: int) -> Iterator[None]:
    """Keep ``count`` workers alive while the block lasts; then let each finish what it has in hand."""
    stopping = threading.Event()
    keepers = [threading.Thread(target=_keep, args=(stopping,), name=f"worker {n}") for n in range(count)]
    for keeper in keepers:
        keeper.start()
    try:
        yield
    finally:
        stopping.set()
        for keeper in keepers:
            keeper.join()


def _keep(stopping: threading.Event) -> None:
    """Keep one worker alive."""
    pause_s = 1.0
    while not stopping.is_set():
        started = time.monotonic()
        command = [sys.executable, "-m", "kyc_service.cli.main", "worker", "--parent", str(os.getpid())]
        # The worker takes its settings from the same environment. It has no terminal: Ctrl-C is passed on by us.
        with subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True) as worker:  # noqa: S603 - ourselves
            while worker.poll() is None and not stopping.wait(_LOOK_S):
                pass
            _end(worker)
        if not stopping.is_set():
            pause_s = 1.0 if time.monotonic() - started > _SHORTEST_LIFE_S else min(2 * pause_s, _LONGEST_PAUSE_S)
            _LOG.warning("worker_ended", code=worker.returncode, restarted_in_s=pause_s)
            stopping.wait(pause_s)


def _end(worker: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        worker.terminate()
    try:
        worker.wait(_GRACE_S)
    except subprocess.TimeoutExpired:
        worker.kill()
