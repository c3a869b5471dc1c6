from __future__ import annotations

import subprocess
import sys

# Runs in a fresh interpreter: what matters is what the very first import does. Any attempt
# to resolve a name or to connect ends the run with status 9, even from a thread of its own.
PROGRAM = """
import os, socket, sys, threading

def refuse(*arguments, **options):
    sys.stderr.write(f"network touched: {arguments}")
    sys.stderr.flush()
    os._exit(9)

for name in ("connect", "connect_ex", "sendto"):
    setattr(socket.socket, name, refuse)
socket.getaddrinfo = socket.create_connection = refuse

import kyc_service.inference.sessions
import openvino.tools.ovc
from openvino.tools.ovc import telemetry_utils
print(telemetry_utils.tm.__name__)
for thread in threading.enumerate():
    if thread is not threading.main_thread():
        thread.join(5)
"""

ALREADY_IMPORTED = """
import openvino_telemetry
import kyc_service.inference
"""


def run(program: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120, check=False)


def test_importing_openvino_touches_no_network_and_uses_its_stub() -> None:
    done = run(PROGRAM)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "openvino.tools.ovc.telemetry_stub"


def test_telemetry_that_came_first_is_refused() -> None:
    done = run(ALREADY_IMPORTED)
    assert done.returncode == 1
    assert "openvino_telemetry was imported before" in done.stderr
