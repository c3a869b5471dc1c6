"""A register behind a gateway: what is asked, what counts as an answer, and what never does."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from kyc_service.authorities.panel import Panel
from kyc_service.authorities.question import NEEDED, Particulars, question_for
from kyc_service.authorities.signed import SignedHttpAuthority
from kyc_service.authorities.silence import AuthoritySilent
from kyc_service.domain.authority import Answer, AuthorityAnswer, AuthorityFailure, Channel
from kyc_service.outbound.failures import GatewayTimedOut, GatewayUnreachable, OutboundFailed
from kyc_service.outbound.signature import SigningSecret
from kyc_service.outbound.signed_http import CallLimits, SignedHttp
from tests.outbound.gateway import Call, Gateway, answer, running

NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)
SECRET, OTHER_SECRET = SigningSecret(b"k" * 32), SigningSecret(b"o" * 32)
KNOWN = Particulars(
    full_name="陆青禾",
    other_names=("LU QINGHE",),
    id_number="330106198503129989",
    phone="+8613805710000",
    date_of_birth=date(1985, 3, 12),
)


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    with running() as gateway:
        yield gateway


def signed(handler: BaseHTTPRequestHandler, call: Call, content: Any, secret: SigningSecret = SECRET) -> None:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    answer(handler, body, headers=secret.sign(call.headers["webhook-id"], datetime.now(UTC), body))


def register(gateway: Gateway, channel: Channel = Channel.CARRIER, timeout_s: float = 5.0) -> SignedHttpAuthority:
    limits = CallLimits(1.0, timeout_s, timeout_s)
    return SignedHttpAuthority(channel, SignedHttp(gateway.url, SECRET, limits=limits, answer_secret=SECRET))


def ask(authority: SignedHttpAuthority, channel: Channel = Channel.CARRIER) -> AuthorityAnswer:
    question = question_for(channel, KNOWN, "ver_1-1-x")
    assert question is not None
    return authority.ask(question)


@pytest.mark.parametrize("said", ["confirmed", "contradicted", "not_on_record"])
def test_an_answer_and_its_reference_arrive(gateway: Gateway, said: str) -> None:
    gateway.respond = lambda handler, call: signed(handler, call, {"answer": said, "reference": "CMCC-17"})
    heard = ask(register(gateway))
    assert (heard.channel, heard.answer, heard.reference) == (Channel.CARRIER, Answer(said), "CMCC-17")
    assert abs((heard.at - datetime.now(UTC)).total_seconds()) < 5


@pytest.mark.parametrize(
    ("channel", "keys"),
    [
        (Channel.CARRIER, {"full_name", "id_number", "phone_number"}),
        (Channel.BANK_CARD, {"full_name", "id_number", "phone_number"}),
        (Channel.CITIZEN_IDENTITY, {"full_name", "id_number"}),
        (Channel.SANCTIONS, {"full_name", "other_names", "date_of_birth"}),
    ],
)
def test_a_register_is_told_only_what_it_needs(gateway: Gateway, channel: Channel, keys: set[str]) -> None:
    gateway.respond = lambda handler, call: signed(handler, call, {"answer": "not_on_record", "reference": "r"})
    ask(register(gateway, channel), channel)
    (call,) = gateway.calls
    sent = json.loads(call.body)
    assert sent.keys() == keys | {"question_id", "channel"}
    assert (sent["question_id"], sent["channel"]) == ("ver_1-1-x", channel.value)
    SECRET.verify("ver_1-1-x", call.headers, call.body, datetime.now(UTC))
    assert "330106" not in json.dumps(call.headers)


@pytest.mark.parametrize("channel", Channel)
def test_nobody_is_asked_half_a_question(channel: Channel) -> None:
    assert question_for(channel, KNOWN, "q") is not None
    for missing in NEEDED[channel]:
        known = {name: getattr(KNOWN, name) for name in ("full_name", "id_number", "phone") if name != missing}
        assert question_for(channel, Particulars(**known), "q") is None


@pytest.mark.parametrize(
    "garbage",
    [
        {},
        [],
        b"",
        b"<html>confirmed</html>",
        {"answer": "confirmed"},
        {"answer": "yes", "reference": "r"},
        {"answer": "CONFIRMED", "reference": "r"},
        {"answer": True, "reference": "r"},
        {"answer": "confirmed", "reference": 7},
        {"answer": "confirmed", "reference": ""},
        {"answer": "confirmed", "reference": "two words"},
        {"answer": "confirmed", "reference": "r" * 121},
        {"answer": "confirmed", "reference": "r", "more": 1},
        {"answer": "possible_hit", "reference": "r"},
        {"answer": None, "reference": "r"},
    ],
)
def test_garbage_is_silence(gateway: Gateway, garbage: Any) -> None:
    gateway.respond = lambda handler, call: signed(handler, call, garbage)
    with pytest.raises(AuthoritySilent) as silent:
        ask(register(gateway))
    assert "陆" not in repr(silent.value) + silent.value.cause
    assert len(gateway.calls) == 1


@pytest.mark.parametrize("said", ["confirmed", "contradicted"])
def test_a_list_of_sanctions_confirms_nobody(gateway: Gateway, said: str) -> None:
    gateway.respond = lambda handler, call: signed(handler, call, {"answer": said, "reference": "r"})
    with pytest.raises(AuthoritySilent):
        ask(register(gateway, Channel.SANCTIONS), Channel.SANCTIONS)


@pytest.mark.parametrize("how", ["other secret", "no signature", "other question"])
def test_an_answer_that_is_not_signed_for_this_question_is_silence(gateway: Gateway, how: str) -> None:
    body = json.dumps({"answer": "confirmed", "reference": "r"}).encode()

    def respond(handler: BaseHTTPRequestHandler, call: Call) -> None:
        secret = OTHER_SECRET if how == "other secret" else SECRET
        asked = "ver_2-1-x" if how == "other question" else call.headers["webhook-id"]
        headers = {} if how == "no signature" else secret.sign(asked, datetime.now(UTC), body)
        answer(handler, body, headers=headers)

    gateway.respond = respond
    with pytest.raises(AuthoritySilent) as silent:
        ask(register(gateway))
    assert silent.value.cause == "outbound_answer_not_signed"


def test_a_server_error_is_silence_and_not_asked_again(gateway: Gateway) -> None:
    gateway.respond = lambda handler, _: answer(handler, b"{}", 500)
    with pytest.raises(AuthoritySilent) as silent:
        ask(register(gateway))
    assert "500" in silent.value.cause
    assert len(gateway.calls) == 1


def test_a_slow_register_is_silence_within_its_time(gateway: Gateway) -> None:
    def slow(handler: BaseHTTPRequestHandler, call: Call) -> None:
        time.sleep(1.0)
        signed(handler, call, {"answer": "confirmed", "reference": "r"})

    gateway.respond = slow
    started = time.monotonic()
    with pytest.raises(AuthoritySilent) as silent:
        ask(register(gateway, timeout_s=0.2))
    assert time.monotonic() - started < 0.9
    assert silent.value.cause == "outbound_timed_out"


def test_a_closed_door_is_silence() -> None:
    with running() as gateway:
        url = gateway.url
    authority = SignedHttpAuthority(Channel.CARRIER, SignedHttp(url, SECRET, answer_secret=SECRET))
    with pytest.raises(AuthoritySilent) as silent:
        ask(authority)
    assert silent.value.cause == "outbound_unreachable"


class Flaky:
    def __init__(self, *failures: OutboundFailed) -> None:
        self.failures, self.asked = list(failures), list[str]()

    def post(self, message_id: str, _: Any) -> dict[str, Any]:
        self.asked.append(message_id)
        if self.failures:
            raise self.failures.pop(0)
        return {"answer": "confirmed", "reference": "r"}


def test_where_no_connection_was_made_it_is_asked_once_more_under_the_same_id() -> None:
    once = Flaky(GatewayUnreachable())
    assert ask(SignedHttpAuthority(Channel.CARRIER, once)).answer is Answer.CONFIRMED
    assert once.asked == ["ver_1-1-x"] * 2
    twice = Flaky(GatewayUnreachable(), GatewayUnreachable())
    with pytest.raises(AuthoritySilent):
        ask(SignedHttpAuthority(Channel.CARRIER, twice))
    slow = Flaky(GatewayTimedOut())
    with pytest.raises(AuthoritySilent):
        ask(SignedHttpAuthority(Channel.CARRIER, slow))
    assert len(slow.asked) == 1


def test_the_panel_waits_for_nobody_beyond_its_deadline(gateway: Gateway) -> None:
    def respond(handler: BaseHTTPRequestHandler, call: Call) -> None:
        if json.loads(call.body)["channel"] == "tax":
            time.sleep(1.5)
        signed(handler, call, {"answer": "confirmed", "reference": "r"})

    gateway.respond = respond
    panel = Panel((register(gateway, Channel.TAX), register(gateway, Channel.CARRIER)), deadline_s=0.5)
    started = time.monotonic()
    heard = {entry.channel: entry for entry in panel.ask(KNOWN, "ver_1-1")}
    assert time.monotonic() - started < 1.2
    assert isinstance(heard[Channel.CARRIER], AuthorityAnswer)
    assert heard[Channel.TAX] == AuthorityFailure(Channel.TAX, "no answer within 0.5 s")


def test_the_panel_asks_at_the_same_time(gateway: Gateway) -> None:
    def respond(handler: BaseHTTPRequestHandler, call: Call) -> None:
        time.sleep(0.4)
        signed(handler, call, {"answer": "not_on_record", "reference": "r"})

    gateway.respond = respond
    panel = Panel(tuple(register(gateway, channel) for channel in Channel))
    started = time.monotonic()
    heard = panel.ask(KNOWN, "ver_1-1")
    assert [type(entry) for entry in heard] == [AuthorityAnswer] * len(Channel)
    assert time.monotonic() - started < 2.0
    assert {json.loads(call.body)["question_id"] for call in gateway.calls} == {f"ver_1-1-{c}" for c in Channel}


def test_a_register_that_crashes_has_failed_and_says_nothing_it_was_asked() -> None:
    class Crashing:
        channel = Channel.TAX

        def ask(self, _: Any) -> AuthorityAnswer:
            raise RuntimeError("陆青禾")

    assert Panel((Crashing(),)).ask(KNOWN, "v") == (AuthorityFailure(Channel.TAX, "RuntimeError"),)


def test_without_registers_or_particulars_nobody_is_asked() -> None:
    assert Panel().ask(KNOWN, "v") == ()
    assert Panel().channels == frozenset()
    assert Panel((SignedHttpAuthority(Channel.TAX, Flaky()),)).ask(Particulars(), "v") == ()
