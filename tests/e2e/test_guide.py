"""docs/guide.md, word by word: every block of it is run against a real server, in order."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest

from tests.e2e.conftest import KYC, ROOT, free_port, wait_until_ready

pytestmark = [pytest.mark.e2e, pytest.mark.models, pytest.mark.integration]

GUIDE = (ROOT / "docs" / "guide.md").read_text("utf-8")
LONGEST_S = 480


class Trying(NamedTuple):
    """A folder that looks like the project's, and what the shell of who tries the guide has set."""

    folder: Path
    environment: dict[str, str]
    port: int


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def trying(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trying]:
    folder = tmp_path_factory.mktemp("guide")
    (folder / "fixtures").symlink_to(ROOT / "fixtures")
    (folder / ".venv" / "bin").mkdir(parents=True)
    (folder / ".venv" / "bin" / "kyc").symlink_to(KYC)
    port = free_port()
    said = dict(re.findall(r"\b(KYC_\w+)=(\S+)", blocks("shell")[0]))
    environment = os.environ | said | {"KYC_DATA_DIR": str(folder / "data"), "KYC_WORKERS": "1"}
    log = folder / "server.log"
    with (
        log.open("wb") as written,
        subprocess.Popen(
            [str(KYC), "serve", "--port", str(port)], cwd=ROOT, env=environment, stdout=written, stderr=written
        ) as server,
        httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as http,
    ):
        try:
            wait_until_ready(http, server, log)
            yield Trying(folder, environment, port)
        finally:
            server.terminate()
            server.wait(timeout=60)


def test_every_block_does_what_it_says(trying: Trying) -> None:
    python = "\n".join(blocks("python"))
    (trying.folder / "guide.py").write_text(python, "utf-8")
    own_port = str(free_port())
    shell = "\n".join(["set -eu", *blocks("bash"), f"{sys.executable} guide.py"])
    shell = shell.replace("127.0.0.1:8000", f"127.0.0.1:{trying.port}").replace("8500", own_port)
    ran = subprocess.run(
        ["/bin/bash", "-c", shell],
        cwd=trying.folder,
        env=trying.environment | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
        text=True,
        timeout=LONGEST_S,
    )
    told = f"{ran.stdout}\n{ran.stderr}"
    assert ran.returncode == 0, told
    said = ran.stdout
    assert said.count("verified\napprove\n") == 1, told
    assert '"type": "verification.verified"' in said, told
    # In Python: the same applicant, a confirmed code, a passport in review, a picture to be taken again.
    for line in (
        "verified approve",
        "True",
        "in_review",
        "requires_input ('document_front',)",
        "applicant_not_allowed",
        "verification_not_found True",
    ):
        assert line in said, f"{line!r} is not in:\n{told}"
