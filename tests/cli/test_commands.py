"""The command line: what it prints where, and what it exits with."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.e2e, pytest.mark.models]

ROOT = Path(__file__).parents[2]
KYC = Path(sys.executable).with_name("kyc")
APPLICANTS = ROOT / "fixtures" / "applicants"


def kyc(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(KYC), *(str(a) for a in arguments)],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def verify(case: str, *more: str | Path, claims: Path | None = None) -> subprocess.CompletedProcess[str]:
    folder = APPLICANTS / case
    return kyc(
        "verify",
        *("--front", folder / "document_front.jpg"),
        *("--selfie", folder / "selfie.jpg"),
        *("--claims", claims or folder / "claims.json"),
        *more,
    )


def test_json_is_all_there_is_on_stdout_and_the_page_is_written(tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    ran = verify("wrong_check_digit", "--json", "--html", page)
    assert ran.returncode == 4, ran.stderr
    assert json.loads(ran.stdout)["verdict"] == "decline"
    assert "Loading models" in ran.stderr
    assert page.read_text("utf-8").startswith("<!doctype html>")
    assert page.stat().st_mode & 0o777 == 0o600


def test_empty_claims_are_claims_and_a_blurred_card_is_a_retake(tmp_path: Path) -> None:
    claims = tmp_path / "claims.json"
    claims.write_text("{}")
    ran = verify("blurred_card", claims=claims)
    assert ran.returncode == 5, ran.stderr
    assert "Verdict: retake" in ran.stdout
    assert "document_blurred" in ran.stdout


@pytest.mark.parametrize(
    "claims", ["", "[]", "{", '{"surprise": 1}', '{"device_location": {"latitude": NaN, "longitude": 1}}']
)
def test_claims_that_are_none_are_refused_in_one_line(tmp_path: Path, claims: str) -> None:
    path = tmp_path / "claims.json"
    path.write_text(claims)
    ran = verify("blurred_card", claims=path)
    assert ran.returncode == 2
    assert ran.stdout == ""
    assert ran.stderr.startswith("error:")
    assert "Traceback" not in ran.stderr


def test_a_file_that_is_no_picture_is_refused_in_one_line() -> None:
    ran = verify("not_an_image")
    assert ran.returncode == 2
    assert "Traceback" not in ran.stderr
    assert "JPEG" in ran.stderr
    assert "document_front" in ran.stderr


def test_usage_is_2() -> None:
    assert kyc("verify", "--front", "absent.jpg").returncode == 2
    assert kyc("unheard-of").returncode == 2


def test_a_tier_that_is_none_is_answered_with_those_that_are() -> None:
    ran = verify("blurred_card", "--tier", "platinum")
    assert ran.returncode == 2
    assert "payment_account_iii, standard." in ran.stderr


def test_one_sample_can_be_tried_at_its_own_time(tmp_path: Path) -> None:
    ran = kyc("demo", "--only", "genuine_cn_card", "--out", tmp_path / "new folder")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "All 1 verdicts" in ran.stdout
    assert {page.name for page in (tmp_path / "new folder").iterdir()} == {"index.html", "genuine_cn_card.html"}
    unheard_of = kyc("demo", "--only", "nobody", "--out", tmp_path)
    assert unheard_of.returncode == 2
    assert "genuine_cn_card" in unheard_of.stderr


def test_a_port_in_use_is_refused_before_any_model_is_loaded() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ran = kyc("serve", "--port", str(taken.getsockname()[1]))
    assert ran.returncode == 1
    assert "--port" in ran.stderr
    assert "Loading" not in ran.stderr


def test_a_service_that_cannot_start_ends_with_1(tmp_path: Path) -> None:
    ran = kyc("serve", "--port", "0", KYC_MODELS_DIR=str(tmp_path), KYC_DATA_DIR=str(tmp_path / "data"))
    assert ran.returncode == 1, ran.stderr
    assert "KYC_MODELS_DIR" in ran.stderr + ran.stdout


def test_models_check_says_what_is_wrong_and_what_mends_it(tmp_path: Path) -> None:
    assert kyc("models", "check").returncode == 0
    (tmp_path / "weights").mkdir()
    (tmp_path / "manifest.toml").write_bytes((ROOT / "models" / "manifest.toml").read_bytes())
    bare = kyc("models", "check", KYC_MODELS_DIR=str(tmp_path))
    assert bare.returncode == 1
    assert "missing" in bare.stdout
    assert "make models" in bare.stdout


def test_a_service_without_its_models_does_not_verify(tmp_path: Path) -> None:
    (tmp_path / "manifest.toml").write_bytes((ROOT / "models" / "manifest.toml").read_bytes())
    ran = subprocess.run(
        [str(KYC), "verify", *("--front", str(APPLICANTS / "no_card" / "document_front.jpg")),
         *("--selfie", str(APPLICANTS / "no_card" / "selfie.jpg")),
         *("--claims", str(APPLICANTS / "no_card" / "claims.json"))],
        cwd=ROOT, env={**os.environ, "KYC_MODELS_DIR": str(tmp_path)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 1
    assert "make models" in ran.stderr


def test_the_doctor_finds_this_machine_fit_and_a_broken_one_not(tmp_path: Path) -> None:
    fit = kyc("doctor", KYC_DATA_DIR=str(tmp_path / "data"))
    assert fit.returncode == 0, fit.stdout + fit.stderr
    lines = fit.stdout.splitlines()
    assert next(line for line in lines if "database" in line).startswith("!")
    assert next(line for line in lines if "models" in line).startswith("✓")
    assert any("warning: the master key lies under the data folder" in line for line in lines)
    broken = kyc("doctor", KYC_DATA_DIR=str(tmp_path / "data"), KYC_MODELS_DIR=str(tmp_path))
    assert broken.returncode == 1
    assert "Traceback" not in broken.stderr
