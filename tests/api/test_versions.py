"""ETag and If-Match: of several writers who read the same version, one writes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from starlette.testclient import TestClient

from tests.api.opened import AGREED, opened, ready

pytestmark = pytest.mark.integration


@pytest.mark.parametrize("tag", ['"7"', 'W/"1"', "1", '"x"'])
def test_a_change_for_another_version_changes_nothing(client: TestClient, tag: str) -> None:
    created = ready(client)
    base = f"/v1/verifications/{created['id']}"
    before = client.get(base).json()
    headers = {"If-Match": tag}
    answers = [
        client.put(f"{base}/claims", json={"full_name": "X"}, headers=headers),
        client.put(f"{base}/consent", json=AGREED, headers=headers),
        client.post(f"{base}/cancel", headers=headers),
        client.post(f"{base}/submit", headers=headers),
    ]
    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(412, "version_mismatch")}
    assert client.get(base).json() == before


def test_the_tag_that_was_read_is_the_one_that_matches(client: TestClient) -> None:
    created = opened(client)
    base = f"/v1/verifications/{created['id']}"
    for version in (1, 2, 3):
        tag = client.get(base).headers["ETag"]
        assert tag == f'"{version}"'
        assert client.put(f"{base}/claims", json={}, headers={"If-Match": tag}).status_code == 200
    assert client.post(f"{base}/cancel", headers={"If-Match": "*"}).status_code == 200


def test_of_writers_at_the_same_time_one_wins(client: TestClient) -> None:
    base = f"/v1/verifications/{opened(client)['id']}"

    def write(writer: int) -> int:
        claims = {"full_name": f"Writer {writer}"}
        return client.put(f"{base}/claims", json=claims, headers={"If-Match": '"1"'}).status_code

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(write, range(8)))
    assert sorted(answers) == [200] + [412] * 7
    assert client.get(base).json()["version"] == 2
