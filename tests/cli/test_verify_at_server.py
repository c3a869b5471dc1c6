from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from kyc_service import client as package
from kyc_service.cli.at_server import ServerRefused, ServerUnusable
from kyc_service.cli.main import app
from tests.client.conftest import KEY, OPENED, Scripted, verification

SAMPLE = Path(__file__).parents[2] / "fixtures" / "applicants" / "genuine_td3_passport"
COMMAND = ["verify", "--server", "http://kyc.test", "--front", str(SAMPLE / "document_front.jpg")]
COMMAND += ["--selfie", str(SAMPLE / "selfie.jpg"), "--claims", str(SAMPLE / "claims.json")]
REPORT = {"verdict": "review", "reasons": [], "checks": [], "claims": {}, "timings_ms": {"total": 12.0}}
CAPTURE = {"id": "cap_1", "kind": "x", "attempt": 1, "sha256": "", "media_type": "image/jpeg", "width": 1, "height": 1}


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Scripted:
    scripted = Scripted()
    reached = partial(package.Client, transport=httpx.MockTransport(scripted.answer), deadline_s=0.0)
    monkeypatch.setattr(package, "Client", reached)
    monkeypatch.setenv("KYC_API_KEY", KEY)
    return scripted


def deciding(service: Scripted) -> Scripted:
    capture = CAPTURE | {"byte_size": 1, "created_at": OPENED["created_at"]}
    service.then(201, OPENED).then(200, capture).then(200, capture)
    return service.then(200, verification(status="in_review", attempt=1, report=REPORT))


def test_the_report_and_the_exit_code_are_those_of_here(service: Scripted) -> None:
    deciding(service)
    ran = CliRunner().invoke(app, [*COMMAND, "--json"])
    assert ran.exit_code == 3, ran.output
    assert json.loads(ran.stdout) == REPORT
    assert KEY not in ran.output


def test_a_key_comes_from_a_file(service: Scripted, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("kyc_live_of_the_file\n")
    deciding(service)
    assert CliRunner().invoke(app, [*COMMAND, "--key-file", str(tmp_path / "key")]).exit_code == 3
    assert service.asked[0].headers["authorization"] == "Bearer kyc_live_of_the_file"


def test_the_page_is_the_services(service: Scripted, tmp_path: Path) -> None:
    deciding(service).answers.append(httpx.Response(200, text="<p>page</p>"))
    assert CliRunner().invoke(app, [*COMMAND, "--html", str(tmp_path / "page.html")]).exit_code == 3
    assert (tmp_path / "page.html").read_text() == "<p>page</p>"


def test_consent_is_put_on_record(service: Scripted) -> None:
    service.then(201, OPENED).then(200, OPENED).then(401, {"code": "x"})
    CliRunner().invoke(app, [*COMMAND, "--consent", "2026-01@zh-CN"])
    assert service.body(1) == {"text_version": "2026-01", "locale": "zh-CN", "purposes": ["verification"]}


@pytest.mark.parametrize(
    ("status", "error"), [(401, ServerRefused), (422, ServerRefused), (500, ServerUnusable), (503, ServerUnusable)]
)
def test_a_refusal_is_one_sentence(service: Scripted, status: int, error: type[Exception]) -> None:
    service.then(status, {"code": "a_code", "detail": "A sentence.", "request_id": "req_1"})
    ran = CliRunner().invoke(app, COMMAND)
    assert isinstance(ran.exception, error)
    assert str(ran.exception) == "A sentence. (a_code, req_1)"


def test_a_service_that_is_not_there_is_told(service: Scripted) -> None:
    service.then_fails()
    assert isinstance(CliRunner().invoke(app, COMMAND).exception, ServerUnusable)


@pytest.mark.parametrize("more", [["--challenge", str(SAMPLE / "claims.json")], ["--consent", "2026-01"]])
def test_what_does_not_go_together_is_refused(service: Scripted, more: list[str]) -> None:
    assert CliRunner().invoke(app, [*COMMAND, *more]).exit_code == 2


def test_without_a_key_nothing_is_asked(service: Scripted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KYC_API_KEY")
    ran = CliRunner().invoke(app, COMMAND)
    assert (ran.exit_code, service.asked) == (2, [])
