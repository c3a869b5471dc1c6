"""The page of a report over HTTP: which pictures it shows."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image
from starlette.testclient import TestClient

from kyc_service.domain.outcome import Verdict
from kyc_service.imaging.limits import DEFAULT_LIMITS
from kyc_service.settings import Settings

pytestmark = pytest.mark.integration

RED, GREEN, BLUE = (200, 30, 30), (30, 200, 30), (30, 30, 200)


@pytest.fixture
def retaken(client: TestClient, pipeline: Any, picture: Callable[..., bytes]) -> str:
    """The path of a verification whose pictures, a red and a green one, are to be taken again."""
    pipeline.verdict = Verdict.RETAKE
    path = f"/v1/verifications/{client.post('/v1/verifications', json={}).json()['id']}"
    for kind, colour in (("document_front", RED), ("selfie", GREEN)):
        assert client.put(f"{path}/captures/{kind}", content=picture(colour)).status_code == 200
    assert client.post(f"{path}/submit").json()["status"] == "requires_input"
    return path


def _colours(page: str) -> list[tuple[int, ...]]:
    """The colour in the middle of every picture on the page, rounded to tens."""
    found = []
    for part in page.split("data:image/jpeg;base64,")[1:]:
        with Image.open(io.BytesIO(base64.b64decode(part.partition('"')[0]))) as shown:
            middle = shown.getpixel((shown.width // 2, shown.height // 2))
        assert isinstance(middle, tuple)
        found.append(tuple(round(value, -1) for value in middle))
    return found


def test_the_page_shows_the_pictures_the_report_speaks_of(
    client: TestClient, retaken: str, picture: Callable[..., bytes]
) -> None:
    assert _colours(client.get(f"{retaken}/report.html").text) == [RED, GREEN]
    # The new selfie is not what was decided on: the old report must not show it as its own.
    assert client.put(f"{retaken}/captures/selfie", content=picture(BLUE)).status_code == 200
    assert _colours(client.get(f"{retaken}/report.html").text) == [RED]


class TestWithAHigherLimit:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"max_capture_bytes": 2 * DEFAULT_LIMITS.max_bytes})

    def test_what_was_accepted_is_shown(self, client: TestClient, retaken: str, picture: Callable[..., bytes]) -> None:
        large = picture(BLUE) + bytes(DEFAULT_LIMITS.max_bytes)
        assert client.put(f"{retaken}/captures/selfie", content=large).status_code == 200
        assert client.post(f"{retaken}/submit").status_code == 200
        assert _colours(client.get(f"{retaken}/report.html").text) == [RED, BLUE]
