from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from kyc_service.settings import Settings


def test_defaults_need_no_environment() -> None:
    settings = Settings(_env_file=None)
    assert settings.database_url is None
    assert settings.postgres_dir == Path("kyc-data/postgres")
    assert settings.master_key_path == Path("kyc-data/keys/master.key")


def test_the_environment_overrides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KYC_MASTER_KEY_FILE", "/elsewhere/key")
    monkeypatch.setenv("KYC_SUBMISSIONS_AT_WORK", "4")
    settings = Settings(_env_file=None)
    assert settings.master_key_path == Path("/elsewhere/key")
    assert settings.submissions_at_work == 4


def test_secrets_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KYC_DATABASE_URL", "postgresql://u:hunter2@h/d")
    assert "hunter2" not in repr(Settings(_env_file=None))
    monkeypatch.setenv("KYC_PORT", "hunter2")
    with pytest.raises(ValidationError) as refused:
        Settings(_env_file=None)
    assert "hunter2" not in str(refused.value)
