"""Signatures as Standard Webhooks has them: the reference vector, and everything that must not pass."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyc_service.outbound.failures import AnswerNotSigned, SigningSecretUnusable
from kyc_service.outbound.signature import SigningSecret, read_secret, secret_of

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SECRET = SigningSecret(bytes(range(32)))
# The first example of the specification's libraries.
REFERENCE = secret_of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")


def test_the_reference_vector() -> None:
    at = datetime.fromtimestamp(1614265330, UTC)
    headers = REFERENCE.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", at, b'{"test": 2432232314}')
    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


@given(body=st.binary(max_size=64), message_id=st.text("abc_0123456789", min_size=1, max_size=20))
def test_what_was_signed_is_verified(body: bytes, message_id: str) -> None:
    SECRET.verify(message_id, SECRET.sign(message_id, NOW, body), body, NOW)


def _changed(**changes: str) -> dict[str, str]:
    return {**SECRET.sign("msg_1", NOW, b"{}"), **{name.replace("_", "-"): value for name, value in changes.items()}}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        _changed(webhook_id="msg_2"),
        _changed(webhook_timestamp=str(int(NOW.timestamp()) + 1)),
        _changed(webhook_timestamp="NaN"),
        _changed(webhook_timestamp="1e99"),
        _changed(webhook_timestamp="9" * 400),
        _changed(webhook_timestamp="²"),
        _changed(webhook_signature=""),
        _changed(webhook_signature="v1,"),
        _changed(webhook_signature="v1,é"),
        _changed(webhook_signature=_changed()["webhook-signature"].replace("v1,", "v2,")),
        REFERENCE.sign("msg_1", NOW, b"{}"),
        SECRET.sign("msg_1", NOW, b"{} "),
        SECRET.sign("msg_1", NOW - timedelta(minutes=6), b"{}"),
        SECRET.sign("msg_1", NOW + timedelta(minutes=6), b"{}"),
    ],
)
def test_what_was_not_signed_like_this_is_refused(headers: dict[str, str]) -> None:
    with pytest.raises(AnswerNotSigned):
        SECRET.verify("msg_1", headers, b"{}", NOW)


def test_one_of_several_signatures_is_enough_so_that_secrets_can_change() -> None:
    headers = SECRET.sign("msg_1", NOW, b"{}")
    other = REFERENCE.sign("msg_1", NOW, b"{}")["webhook-signature"]
    headers["webhook-signature"] = f"{other} {headers['webhook-signature']}"
    SECRET.verify("msg_1", headers, b"{}", NOW)


@pytest.mark.parametrize("text", ["", "whsec_", "c2hvcnQ=", "not base64!", "A" * 400])
def test_a_secret_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(SigningSecretUnusable):
        secret_of(text)


def test_a_secret_file_is_private_or_refused(tmp_path: Path) -> None:
    path = tmp_path / "sms.secret"
    with pytest.raises(SigningSecretUnusable):
        read_secret(path)
    path.write_text("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n")
    path.chmod(0o644)
    with pytest.raises(SigningSecretUnusable):
        read_secret(path)
    path.chmod(0o600)
    assert read_secret(path) == REFERENCE
    path.write_bytes(b"\xff")
    with pytest.raises(SigningSecretUnusable):
        read_secret(path)


def test_a_secret_is_never_shown() -> None:
    assert repr(SECRET) == "SigningSecret()"
