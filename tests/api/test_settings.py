from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from kyc_service.settings import HOME, Settings


def test_defaults_need_no_environment() -> None:
    settings = Settings(_env_file=None)
    assert settings.database_url is None
    assert settings.postgres_dir == HOME / "kyc-data" / "postgres"
    assert settings.master_key_path == HOME / "kyc-data" / "keys" / "master.key"


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


@pytest.mark.parametrize(
    ("host", "allowed", "answered"),
    [
        ("127.0.0.1", None, {"localhost", "127.0.0.1", "[::1]"}),
        ("::1", None, {"localhost", "127.0.0.1", "[::1]"}),
        ("localhost", None, {"localhost", "127.0.0.1", "[::1]"}),
        ("127.0.0.2", None, {"localhost", "127.0.0.1", "[::1]", "127.0.0.2"}),
        ("0.0.0.0", None, None),  # noqa: S104
        ("192.0.2.1", None, None),
        ("bank.example", None, None),
        ("127.0.0.1", "KYC.example, localhost,", {"kyc.example", "localhost"}),
        ("0.0.0.0", "kyc.example", {"kyc.example"}),  # noqa: S104
    ],
)
def test_on_the_loopback_only_its_own_names_are_answered(
    monkeypatch: pytest.MonkeyPatch, host: str, allowed: str | None, answered: set[str] | None
) -> None:
    monkeypatch.setenv("KYC_HOST", host)
    if allowed:
        monkeypatch.setenv("KYC_ALLOWED_HOSTS", allowed)
    assert Settings(_env_file=None).answered_hosts == answered
