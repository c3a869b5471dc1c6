from __future__ import annotations

import asyncio
import json
import logging
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from kyc_service.client import (
    AnswerUnusable,
    AsyncClient,
    AuthenticationRequired,
    Client,
    InvalidInput,
    NotFound,
    ServiceFailed,
    ServiceUnreachable,
    TryLater,
    VersionMismatch,
    WaitedTooLong,
)
from tests.client.conftest import KEY, OPENED, Scripted, verification

ID = OPENED["id"]
BUSY = {"code": "at_capacity", "title": "Full.", "status": 503, "request_id": "req_1"}


class TestRetries:
    def test_a_post_is_sent_again_under_the_same_key(self, kyc: Client, service: Scripted, pauses: list[float]) -> None:
        service.then_fails().then_fails(httpx.ReadTimeout("late")).then(502).then(201, OPENED)
        assert kyc.create_verification().id == ID
        assert len({request.headers["idempotency-key"] for request in service.asked}) == 1
        assert len(pauses) == 3

    def test_a_try_that_the_service_is_still_at_is_waited_for(self, kyc: Client, service: Scripted) -> None:
        service.then_fails(httpx.ReadTimeout("late")).then(409, {"code": "idempotency_key_in_use"}).then(201, OPENED)
        assert kyc.create_verification().id == ID

    def test_each_call_has_a_key_of_its_own(self, kyc: Client, service: Scripted) -> None:
        service.then(201, OPENED).then(201, OPENED)
        kyc.create_verification()
        kyc.create_verification()
        first, second = (request.headers["idempotency-key"] for request in service.asked)
        assert first != second

    def test_a_key_of_the_callers_own_is_used(self, kyc: Client, service: Scripted) -> None:
        service.then(201, OPENED)
        kyc.create_verification(idempotency_key="application-7")
        assert service.asked[0].headers["idempotency-key"] == "application-7"

    @pytest.mark.parametrize("status", [429, 503])
    def test_what_the_service_asks_for_is_waited(
        self, kyc: Client, service: Scripted, pauses: list[float], status: int
    ) -> None:
        service.then(status, BUSY, Retry_After="7").then(200, OPENED)
        kyc.get_verification(ID)
        assert pauses == [7.0]

    def test_pauses_grow(self, kyc: Client, service: Scripted, pauses: list[float]) -> None:
        for _ in range(4):
            service.then(504)
        service.then(200, OPENED)
        kyc.get_verification(ID)
        assert all(0.125 * 2**n <= pause <= 0.25 * 2**n for n, pause in enumerate(pauses))

    def test_in_the_end_the_last_failure_stands(self, kyc: Client, service: Scripted, pauses: list[float]) -> None:
        for _ in range(40):
            service.then(503, BUSY, Retry_After="50")
        with pytest.raises(TryLater) as refused:
            kyc.get_verification(ID)
        assert (refused.value.retry_after_s, refused.value.request_id, pauses) == (50.0, "req_1", [50.0, 50.0])

    def test_no_answer_at_all_is_told(self, kyc: Client, service: Scripted, pauses: list[float]) -> None:
        for _ in range(100):
            service.then_fails()
        with pytest.raises(ServiceUnreachable, match=r"http:.*: ConnectError"):
            kyc.get_verification(ID)
        assert sum(pauses) < 120

    @pytest.mark.parametrize("status", [400, 401, 404, 409, 422, 500])
    def test_what_will_not_change_is_asked_once(self, kyc: Client, service: Scripted, status: int) -> None:
        service.then(status, {"code": "x"})
        with pytest.raises(Exception, match="x"):
            kyc.submit(ID)
        assert len(service.asked) == 1


class TestProblems:
    @pytest.mark.parametrize(
        ("status", "kind"),
        [
            (401, AuthenticationRequired),
            (404, NotFound),
            (412, VersionMismatch),
            (413, InvalidInput),
            (500, ServiceFailed),
        ],
    )
    def test_each_has_its_class(self, kyc: Client, service: Scripted, status: int, kind: type[Exception]) -> None:
        service.then(status, {"code": "a_code", "detail": "A sentence.", "request_id": "req_1", "capture": "selfie"})
        with pytest.raises(kind) as refused:
            kyc.get_verification(ID)
        assert vars(refused.value) | {"code": "a_code", "request_id": "req_1", "capture": "selfie"} == vars(
            refused.value
        )

    def test_mistakes_in_claims_are_listed(self, kyc: Client, service: Scripted) -> None:
        service.then(422, {"code": "claims_invalid", "errors": [{"at": "a.b", "code": "missing", "detail": "Needed."}]})
        with pytest.raises(InvalidInput) as refused:
            kyc.put_claims(ID, {})
        assert [(one.at, one.code, one.detail) for one in refused.value.mistakes] == [("a.b", "missing", "Needed.")]

    def test_what_is_no_problem_document_is_one_all_the_same(self, kyc: Client, service: Scripted) -> None:
        service.answers.append(httpx.Response(403, text="<html>"))
        with pytest.raises(Exception, match="http_403"):
            kyc.get_verification(ID)

    @pytest.mark.parametrize("body", ["<html>", '{"id": 7}'])
    def test_an_answer_of_another_service_is_told(self, kyc: Client, service: Scripted, body: str) -> None:
        service.answers.append(httpx.Response(200, text=body))
        with pytest.raises(AnswerUnusable):
            kyc.get_verification(ID)


class TestAnswers:
    def test_what_a_newer_service_adds_is_no_error(self, kyc: Client, service: Scripted) -> None:
        service.then(200, verification(status="a_new_status", a_new_field={"x": 1}))
        assert kyc.get_verification(ID).status == "a_new_status"

    def test_pages_are_fetched_as_they_are_needed(self, kyc: Client, service: Scripted) -> None:
        ids = [f"ver_{n}" for n in range(3)]
        service.then(200, {"items": [verification(id=name) for name in ids[:2]], "has_more": True})
        service.then(200, {"items": [verification(id=ids[2])], "has_more": False})
        found = kyc.list_verifications(status="verified")
        assert next(found).id == ids[0]
        assert len(service.asked) == 1
        assert [one.id for one in found] == ids[1:]
        assert service.asked[1].url.params["starting_after"] == ids[1]
        assert service.asked[1].url.params["status"] == "verified"

    def test_what_is_personal_is_looked_for_in_the_body(self, kyc: Client, service: Scripted) -> None:
        service.then(200, {"items": [], "has_more": False})
        assert list(kyc.search_verifications(id_number="11010119900307889X")) == []
        assert "11010119900307889X" not in str(service.asked[0].url)
        assert service.body(0) == {"id_number": "11010119900307889X", "limit": 100}


class TestWaiting:
    def test_the_service_is_asked_to_wait_for_a_minute_at_most(self, kyc: Client, service: Scripted) -> None:
        service.then(200, verification(status="in_review"))
        kyc.submit(ID, wait_s=600)
        assert service.asked[0].headers["prefer"] == "wait=60"

    def test_a_result_is_looked_for_until_it_is_there(
        self, kyc: Client, service: Scripted, pauses: list[float]
    ) -> None:
        for status in ("processing", "processing", "verified"):
            service.then(200, verification(status=status))
        assert kyc.wait_for_result(ID).status == "verified"
        assert pauses == [0.5, 0.75]

    def test_who_waited_too_long_is_told(self, kyc: Client, service: Scripted, pauses: list[float]) -> None:
        for _ in range(100):
            service.then(200, verification(status="processing"))
        with pytest.raises(WaitedTooLong):
            kyc.wait_for_result(ID, timeout_s=10)
        assert sum(pauses) == pytest.approx(10)


class TestVerify:
    def test_everything_in_one_call(self, kyc: Client, service: Scripted, tmp_path: Path) -> None:
        (tmp_path / "front.jpg").write_bytes(b"front")
        capture = {"id": "cap_1", "kind": "x", "attempt": 1, "sha256": "", "media_type": "image/jpeg", "width": 1}
        capture |= {"height": 1, "byte_size": 1, "created_at": OPENED["created_at"]}
        service.then(201, OPENED).then(200, OPENED).then(200, capture).then(200, capture)
        service.then(200, verification(status="verified", report={"verdict": "approve"}))
        consent = {"text_version": "2026-01", "locale": "zh-CN", "purposes": ["verification"]}
        pictures = {"document_front": tmp_path / "front.jpg", "selfie": b"selfie"}
        found = kyc.verify(pictures, {"full_name": "陆青禾"}, consent=consent)
        assert (found.status, found.verdict) == ("verified", "approve")
        asked = [(request.method, request.url.path.rpartition("/")[2]) for request in service.asked]
        assert asked[1:] == [("PUT", "consent"), ("PUT", "document_front"), ("PUT", "selfie"), ("POST", "submit")]
        assert service.body(0)["claims"] == {"full_name": "陆青禾"}

    def test_called_again_under_its_key_it_submits_once(self, kyc: Client, service: Scripted) -> None:
        service.then(201, OPENED).then(200, verification(status="in_review", attempt=1))
        service.then(200, verification(status="in_review", attempt=1))
        assert kyc.verify({"selfie": b"x"}, idempotency_key="application-7").status == "in_review"
        assert not any(request.url.path.endswith("submit") for request in service.asked)

    def test_a_clip_that_had_arrived_is_known_again(self, kyc: Client, service: Scripted) -> None:
        sha256 = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"
        capture = {"id": "cap_1", "kind": "liveness", "attempt": 1, "sha256": sha256, "media_type": "video/mp4"}
        capture |= {"width": 1, "height": 1, "byte_size": 1, "created_at": OPENED["created_at"]}
        service.then_fails(httpx.ReadError("gone")).then(409, {"code": "challenge_answered"})
        service.then(200, verification(captures=[capture]))
        assert kyc.put_clip(ID, b"x").id == "cap_1"


def test_the_awaited_client_does_the_same(service: Scripted, pauses: list[float]) -> None:
    async def use() -> list[str]:
        async with AsyncClient(KEY, "http://kyc.test", transport=httpx.MockTransport(service.answer)) as kyc:
            opened = await kyc.create_verification()
            return [opened.id, *[one.id async for one in kyc.list_verifications()]]

    service.then_fails().then(201, OPENED)
    service.then(200, {"items": [OPENED], "has_more": True}).then(200, {"items": [OPENED], "has_more": False})
    assert asyncio.run(use()) == [ID, ID, ID]
    assert len(pauses) == 1


class TestKey:
    def test_it_is_sent(self, kyc: Client, service: Scripted) -> None:
        service.then(200, OPENED)
        kyc.get_verification(ID)
        assert service.asked[0].headers["authorization"] == f"Bearer {KEY}"

    def test_it_is_in_nothing_that_is_printed_or_logged(
        self, kyc: Client, service: Scripted, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        service.then(200, verification(client_token={"token": KEY, "expires_at": OPENED["created_at"]}))
        found = kyc.get_verification(ID)
        service.then(401, {"code": "authentication_required"})
        with pytest.raises(AuthenticationRequired) as refused:
            kyc.get_verification(ID)
        shown = [repr(kyc), repr(found), repr(refused.value), caplog.text, repr(vars(kyc))]
        assert [text for text in shown if KEY in text] == []


def test_importing_it_loads_nothing_of_the_service() -> None:
    heavy = ("cv2", "numpy", "sqlalchemy", "fastapi", "onnxruntime", "kyc_service.storage", "kyc_service.settings")
    look = f"import json, sys, kyc_service.client; print(json.dumps([n for n in {heavy} if n in sys.modules]))"
    assert json.loads(subprocess.check_output([sys.executable, "-c", look], text=True)) == []
