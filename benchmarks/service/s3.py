"""An S3 server of one's own (moto), which keeps everything in memory."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Self

import httpx

from benchmarks.service.listening import free_port

BUCKET: Final = "kyc"
_START_S: Final = 30.0
_SERVE: Final = "import sys; from moto.server import main; main(sys.argv[1:])"


class S3:
    """Runs until closed; ``environment`` tells the service of it."""

    def __init__(self, folder: Path) -> None:
        self._url = f"http://127.0.0.1:{(port := free_port())}"
        with (folder / "s3.log").open("ab") as log:
            self.server = subprocess.Popen(
                (sys.executable, "-c", _SERVE, "-H", "127.0.0.1", "-p", str(port)),
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip
        self._make_bucket()

    @property
    def environment(self) -> Mapping[str, str]:
        """The service's settings."""
        return {
            "KYC_BLOB_STORE": "s3",
            "KYC_S3_BUCKET": BUCKET,
            "KYC_S3_ENDPOINT_URL": self._url,
            "KYC_S3_REGION": "us-east-1",
            "KYC_S3_ACCESS_KEY_ID": "benchmark",
            "KYC_S3_SECRET_ACCESS_KEY": "benchmark",
        }

    def close(self) -> None:
        """End it, frozen or not."""
        self.server.kill()
        self.server.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _make_bucket(self) -> None:
        until = time.monotonic() + _START_S
        while True:
            try:
                httpx.put(f"{self._url}/{BUCKET}", trust_env=False).raise_for_status()
            except httpx.TransportError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.2)
            else:
                return
