"""The crash test in small: real processes killed while an app submits; nothing is lost and nothing happens twice.

``make bench-crash`` is the same with 200 submissions and real models.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from benchmarks.service.crash import run
from benchmarks.service.receiver import Receiver
from benchmarks.service.site import Plan

pytestmark = [pytest.mark.e2e, pytest.mark.integration]

SUBMISSIONS = 20


def test_whatever_is_killed_every_submission_is_decided_once_and_announced(tmp_path: Path) -> None:
    given = argparse.Namespace(submissions=SUBMISSIONS, seed=2, kill_every=(1.0, 3.0), trouble=None)
    with Receiver(failing=0.05, seed=1) as receiver:
        result = run(tmp_path, Plan(apis=2, workers=2, stand_in_s=0.5), receiver, given)
    assert result["faults"] == {}
    assert result["account"]["decided"] == SUBMISSIONS
    assert result["account"]["received"] > 2 * SUBMISSIONS
    assert sum(result["kills"].values()) > 0
