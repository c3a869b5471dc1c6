"""Limits and countries as an operator writes them, and how codes are switched on."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from kyc_service.bootstrap import code_sender
from kyc_service.notifications.code_limits import Window, countries_of, windows_of
from kyc_service.notifications.code_senders import ConsoleSender, FileSender, GatewaySender
from kyc_service.outbound.failures import SigningSecretUnusable, UrlNotAllowed
from kyc_service.settings import Settings


def _settings(**given: object) -> Settings:
    return Settings(_env_file=None, **given)  # type: ignore[arg-type]


def test_the_defaults_are_those_of_the_docs() -> None:
    limits = _settings().phone_code_limits
    assert limits.per_number == (
        Window(1, timedelta(minutes=1)),
        Window(5, timedelta(hours=1)),
        Window(10, timedelta(days=1)),
    )
    assert countries_of(_settings().phone_code_countries) == {"CHN", "HKG", "MAC", "TWN"}
    assert code_sender(_settings()) is None


@pytest.mark.parametrize(
    "text", ["", "5", "5/week", "0/minute", "-1/minute", "1/minute;2/hour", "1/minute,", "1e9/day"]
)
def test_a_limit_that_cannot_be_read_is_refused_at_start(text: str) -> None:
    with pytest.raises(ValueError, match="1/minute"):
        windows_of(text)
    with pytest.raises(ValidationError):
        _settings(phone_codes_per_client=text)


@pytest.mark.parametrize("text", ["", "chn", "CN", "CHN;HKG", "CHN,"])
def test_countries_that_cannot_be_read_are_refused_at_start(text: str) -> None:
    with pytest.raises(ValidationError):
        _settings(phone_code_countries=text)


def test_a_gateway_needs_an_address_and_a_secret(tmp_path: Path) -> None:
    with pytest.raises(ValidationError):
        _settings(phone_code_sender="gateway", phone_code_gateway_url="https://sms.example/")
    path = tmp_path / "secret"
    whole = {"phone_code_sender": "gateway", "phone_code_gateway_secret_file": path}
    with pytest.raises(SigningSecretUnusable):
        code_sender(_settings(**whole, phone_code_gateway_url="https://sms.example/"))
    path.touch(mode=0o600)
    path.write_text("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    with pytest.raises(UrlNotAllowed):
        code_sender(_settings(**whole, phone_code_gateway_url="http://sms.example/"))
    assert isinstance(code_sender(_settings(**whole, phone_code_gateway_url="https://sms.example/")), GatewaySender)


def test_to_try_it_codes_are_shown_where_that_was_asked_for(tmp_path: Path) -> None:
    shown = code_sender(_settings(phone_code_sender="file", data_dir=tmp_path))
    assert isinstance(shown, FileSender)
    assert shown.path == tmp_path / "phone-codes.jsonl"
    assert isinstance(code_sender(_settings(phone_code_sender="console")), ConsoleSender)
    assert os.listdir(tmp_path) == []  # noqa: PTH208 - nothing is made before the first code
