"""Every way to a phone: a real gateway on this machine, the file, the terminal; and the texts."""

from __future__ import annotations

import io
import json
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kyc_service.notifications.code_senders import CodeNotWritten, ConsoleSender, FileSender, GatewaySender
from kyc_service.notifications.phone_code import Language, PhoneCodeMessage, PhoneCodeSender
from kyc_service.outbound.failures import GatewayRefused
from kyc_service.outbound.signature import SigningSecret
from kyc_service.outbound.signed_http import SignedHttp
from tests.outbound.gateway import Gateway, answer, running

SECRET = SigningSecret(bytes(range(32)))
MESSAGE = PhoneCodeMessage("phc_1", "+8613800138000", "042917", Language.CHINESE, timedelta(minutes=5))


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    with running() as gateway:
        yield gateway


@pytest.mark.parametrize("language", Language)
def test_the_text_is_one_short_message(language: Language) -> None:
    text = PhoneCodeMessage("phc_1", "+8613800138000", "042917", language, timedelta(minutes=5)).text
    assert "042917" in text
    assert "5" in text.replace("042917", "")
    assert len(text) <= (160 if text.isascii() else 70)


def test_a_message_shows_neither_number_nor_code() -> None:
    assert "138" not in repr(MESSAGE)
    assert "042917" not in repr(MESSAGE)


@pytest.mark.e2e
def test_the_gateway_gets_a_signed_message_and_the_same_id_again(gateway: Gateway) -> None:
    sender: PhoneCodeSender = GatewaySender(SignedHttp(gateway.url, SECRET))
    for _ in range(2):
        sender.send(MESSAGE)
    for call in gateway.calls:
        SECRET.verify("phc_1", call.headers, call.body, datetime.now(UTC))
        assert json.loads(call.body) == {
            "type": "phone_code",
            "id": "phc_1",
            "to": "+8613800138000",
            "text": MESSAGE.text,
            "code": "042917",
            "language": "zh",
            "valid_for_s": 300,
        }
    assert len(gateway.calls) == 2


@pytest.mark.e2e
def test_what_the_gateway_refuses_was_not_sent(gateway: Gateway) -> None:
    gateway.respond = lambda handler, _: answer(handler, b'{"error": "+8613800138000 042917"}', 422)
    with pytest.raises(GatewayRefused) as refused:
        GatewaySender(SignedHttp(gateway.url, SECRET)).send(MESSAGE)
    assert "042917" not in str(refused.value)


def test_the_file_is_private_and_grows_by_lines(tmp_path: Path) -> None:
    path = tmp_path / "codes.jsonl"
    path.touch(mode=0o644)
    sender: PhoneCodeSender = FileSender(path)
    sender.send(MESSAGE)
    sender.send(MESSAGE)
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert [(line["to"], line["code"]) for line in lines] == [("+8613800138000", "042917")] * 2
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_file_that_cannot_be_written_is_a_failure(tmp_path: Path) -> None:
    with pytest.raises(CodeNotWritten) as failed:
        FileSender(tmp_path / "no" / "codes.jsonl").send(MESSAGE)
    assert not failed.value.may_have_arrived
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(CodeNotWritten):
        FileSender(tmp_path / "link").send(MESSAGE)


def test_the_terminal_shows_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    sender: PhoneCodeSender = ConsoleSender()
    sender.send(MESSAGE)
    assert json.loads(capsys.readouterr().err)["code"] == "042917"
    closed = io.StringIO()
    closed.close()
    with pytest.raises(CodeNotWritten):
        ConsoleSender(lambda: closed).send(MESSAGE)
