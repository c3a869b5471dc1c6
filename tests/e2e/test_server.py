"""A real process: the same report over HTTP and on the command line, and a clear answer to every hostile file."""

from __future__ import annotations

import io
import json
import subprocess
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from PIL import Image

from tests.e2e.conftest import KYC, ROOT
from tests.imaging.drawn import DATA, png_by_hand, saved, texture

pytestmark = [pytest.mark.e2e, pytest.mark.models, pytest.mark.integration]

APPLICANT = ROOT / "fixtures" / "applicants" / "genuine_cn_card"
KINDS = ("document_front", "document_back", "selfie")
OF_ONE_RUN = ("id", "verification_id", "created_at", "timings_ms")
OF_OTHERS = (
    "face.known_faces",
    "liveness.capture_integrity",
    "phone.reuse",
    "geolocation.impossible_travel",
    "velocity.",
)
"""What is compared with other verifications: the service remembers some, the command line none."""
AGES = ("position_age_s", "confirmation_age_s")
REVIEW = 3


def parts(**changed: bytes) -> dict[str, tuple[str, bytes, str]]:
    files = {kind: (APPLICANT / f"{kind}.jpg").read_bytes() for kind in KINDS} | changed
    return {kind: (f"{kind}.jpg", data, "image/jpeg") for kind, data in files.items()}


def without_ids_and_times(report: dict[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in report.items() if key not in OF_ONE_RUN}
    kept["checks"] = [check for check in kept["checks"] if not check["name"].startswith(OF_OTHERS)]
    for check in kept["checks"]:
        # How old position and confirmation were when they arrived is a time of the run, too.
        check["measurements"] = [m for m in check["measurements"] if m.get("name") not in AGES]
    kept["claims"] = {name: said for name, said in kept["claims"].items() if name != "received_at"}
    return kept


def memory_mb(pid_file: Path) -> float:
    status = pid_file.read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def test_http_and_command_line_give_the_same_report(client: httpx.Client) -> None:
    claims = (APPLICANT / "claims.json").read_bytes()
    answer = client.post("/v1/verify", files=parts(), data={"claims": claims})
    assert answer.status_code == httpx.codes.OK, answer.text
    command = [str(KYC), "verify", "--json", "--claims", str(APPLICANT / "claims.json")]
    for option, kind in (("--front", "document_front"), ("--back", "document_back"), ("--selfie", "selfie")):
        command += [option, str(APPLICANT / f"{kind}.jpg")]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    assert ran.returncode == REVIEW, ran.stderr.decode()
    assert without_ids_and_times(json.loads(ran.stdout)) == without_ids_and_times(answer.json())


def test_a_verification_in_steps_reaches_the_same_verdict(client: httpx.Client) -> None:
    claims = json.loads((APPLICANT / "claims.json").read_text("utf-8"))
    created = client.post("/v1/verifications", json={"use_case": "onboarding", "tier": "standard"})
    assert created.status_code == httpx.codes.CREATED, created.text
    path = f"/v1/verifications/{created.json()['id']}"
    assert client.put(f"{path}/claims", json=claims).status_code == httpx.codes.OK
    for kind in KINDS:
        content = (APPLICANT / f"{kind}.jpg").read_bytes()
        put = client.put(f"{path}/captures/{kind}", content=content, headers={"Content-Type": "image/jpeg"})
        assert put.status_code == httpx.codes.OK, put.text
    assert client.post(f"{path}/submit").status_code == httpx.codes.OK
    read = client.get(path).json()
    assert (read["status"], read["report"]["verdict"]) == ("in_review", "review")
    types = [event["type"] for event in client.get(f"{path}/events").json()["items"]]
    assert types[0] == "verification_created"
    assert types[-2:] == ["verification_completed", "case_opened"]
    page = client.get(f"{path}/report.html")
    assert page.headers["cache-control"] == "no-store"
    assert page.text.count("data:image/jpeg;base64,") == len(KINDS)
    assert claims["id_number"] in page.text


def _cmyk() -> bytes:
    return saved(texture(800, 600).convert("CMYK"), "JPEG")


def _sixteen_bit() -> bytes:
    deep = np.linspace(0, 65535, 640 * 480, dtype=np.uint16).reshape(480, 640)
    return saved(Image.fromarray(deep), "PNG")


def _animated() -> bytes:
    frames = [texture(320, 240, seed) for seed in range(3)]
    out = io.BytesIO()
    frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:])
    return out.getvalue()


def _absurd_gps() -> bytes:
    exif = Image.Exif()
    exif.get_ifd(0x8825).update({1: "N", 2: (9e9, 1e9, 1e9), 3: "E", 4: (9999.0, 0.0, 0.0)})
    return saved(texture(800, 600), "JPEG", exif=exif)


REFUSED: dict[str, tuple[bytes, str]] = {
    "gigapixel PNG": (png_by_hand(40_000, 40_000), "image_too_many_pixels"),
    "truncated JPEG": (saved(texture(800, 600), "JPEG")[:-4000], "image_truncated"),
    "text named .jpg": ("这不是图片\n".encode() * 100, "image_type_unsupported"),
    "zero bytes": (b"", "image_empty"),
    "random bytes": (np.random.default_rng(1).bytes(500_000), "image_type_unsupported"),
    "animated WebP": (_animated(), "image_animated"),
}
ACCEPTED: dict[str, bytes] = {
    "absurd GPS": _absurd_gps(),
    "CMYK JPEG": _cmyk(),
    "16-bit PNG": _sixteen_bit(),
    "HEIC": (DATA / "drawn.heic").read_bytes(),
}


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.parametrize("kind", ["document_front", "selfie"])
def test_a_hostile_file_is_refused_with_its_reason(client: httpx.Client, name: str, kind: str) -> None:
    data, code = REFUSED[name]
    answer = client.post("/v1/verify", files=parts(**{kind: data}), data={"claims": "{}"})
    assert 400 <= answer.status_code < 500, answer.text
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.json()["code"] == code
    assert answer.json()["request_id"] == answer.headers["x-request-id"]


@pytest.mark.parametrize("name", ACCEPTED)
@pytest.mark.parametrize("kind", ["document_front", "selfie"])
def test_an_unusual_picture_of_nothing_is_to_be_taken_again(client: httpx.Client, name: str, kind: str) -> None:
    answer = client.post("/v1/verify", files=parts(**{kind: ACCEPTED[name]}), data={"claims": "{}"})
    assert answer.status_code == httpx.codes.OK, answer.text
    assert answer.json()["verdict"] == "retake"
    assert answer.json()["unusable_captures"] == [kind]


def test_the_log_holds_no_claim_and_no_number(client: httpx.Client, server_log: Path) -> None:
    client.post("/v1/verify", files=parts(), data={"claims": (APPLICANT / "claims.json").read_bytes()})
    log = server_log.read_text("utf-8")
    claims = json.loads((APPLICANT / "claims.json").read_text("utf-8"))
    assert '"request_id"' in log
    for value in (claims["full_name"], claims["id_number"], claims["phone_number"], claims["address"]):
        assert value not in log
    assert str(claims["device_location"]["latitude"]) not in log
