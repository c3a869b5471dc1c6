"""Half a letter in JSON (a lone surrogate), which no database keeps and no file holds: refused wherever it stands."""

from __future__ import annotations

from typing import Final

import pytest
from starlette.testclient import TestClient

from tests.api.opened import opened

pytestmark = pytest.mark.integration

HALF: Final = r'"\ud800"'
SENT: Final = [
    ("POST", "/v1/verifications", '{"reference": %s}'),
    ("POST", "/v1/verifications", '{"tier": %s}'),
    ("POST", "/v1/verifications", '{"claims": {"full_name": %s}}'),
    ("POST", "/v1/verifications", '{"claims": {"device": {"id": %s}}}'),
    ("POST", "/v1/verifications", '{"consent": {"text_version": %s, "locale": "en", "purposes": ["verification"]}}'),
    ("POST", "/v1/verifications", "{%s: 1}"),
    ("PUT", "{path}/claims", '{"full_name": %s}'),
    ("PUT", "{path}/consent", '{"text_version": "1", "locale": %s, "purposes": ["verification"]}'),
    ("PUT", "{path}/face-block", '{"reason": %s}'),
    ("POST", "{path}/phone-code/check", '{"code": %s}'),
    ("POST", "/v1/verifications/search", '{"full_name": %s}'),
    ("POST", "/v1/verifications/search", '{"id_number": %s}'),
    ("POST", "/v1/webhooks", '{"url": %s}'),
    ("POST", "/v1/webhooks", '{"url": "https://93.184.215.14/", "event_types": [%s]}'),
    ("POST", "/v1/policies/simulate", '{"policy": %s}'),
]


def test_half_a_letter_is_refused(client: TestClient) -> None:
    path = f"/v1/verifications/{opened(client)['id']}"
    media = {"Content-Type": "application/json"}
    statuses = {
        (route, body): client.request(method, route.format(path=path), content=body % HALF, headers=media).status_code
        for method, route, body in SENT
    }
    assert {sent: status for sent, status in statuses.items() if status != 422} == {}
