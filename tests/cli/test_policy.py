"""``kyc policy``: places of mistakes, exit codes."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from kyc_service.cli.main import app
from kyc_service.policies.load import DEFAULT_POLICY

pytestmark = pytest.mark.models


def test_a_policy_that_can_be_used_is_told_with_its_numbers() -> None:
    answer = CliRunner().invoke(app, ["policy", "check", str(DEFAULT_POLICY)])
    assert answer.exit_code == 0, answer.output
    assert "sha256: " in answer.output


def test_a_mistake_is_told_by_file_line_and_column_and_exits_2(tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text(DEFAULT_POLICY.read_text("utf-8").replace("max_attempts:", "max_atempts:"), encoding="utf-8")
    answer = CliRunner(env={"COLUMNS": "400"}).invoke(app, ["policy", "check", "--json", str(bad)])
    assert answer.exit_code == 2
    assert "did you mean max_attempts?" in answer.output
