"""A real server in a thread, on a port of this machine: what asks it does so over sockets, at the same moment."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI

from kyc_service.cli.listening import bound_sockets


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """The address at which ``app`` answers while the block lasts."""
    (listening,) = bound_sockets("127.0.0.1", 0)
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, ws="none", server_header=False))
    thread = threading.Thread(target=lambda: server.run([listening]), name="server of a test")
    thread.start()
    try:
        while thread.is_alive() and not server.started:
            time.sleep(0.05)
        assert server.started
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
