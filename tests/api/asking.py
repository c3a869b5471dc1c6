"""Who asks: headers of clients by their keys and of applicants by their tokens, and those who are turned away."""

from __future__ import annotations

from datetime import timedelta

from starlette.testclient import TestClient

from kyc_service.access.keys import add_key
from kyc_service.access.tokens import issue_token
from kyc_service.api.state import api_state
from kyc_service.domain.clients import ClientMode
from kyc_service.storage.ids import new_id
from kyc_service.verification.service import VerificationService


def service_of(client: TestClient) -> VerificationService:
    """What the application behind ``client`` works with."""
    return api_state(client.app.state).service  # type: ignore[attr-defined]


def key_of(client: TestClient, client_id: str) -> dict[str, str]:
    """The header of a fresh key of a client."""
    with service_of(client).database.transaction() as tx:
        _, key = add_key(tx, tx.clients.get(client_id))
    return {"Authorization": f"Bearer {key}"}


def applicant_of(client: TestClient, client_id: str) -> dict[str, str]:
    """The header of an applicant of one of the client's verifications."""
    service = service_of(client)
    until = service.now() + timedelta(hours=1)
    token = issue_token(service.master_key.digest, client_id, ClientMode.LIVE, new_id("ver"), until)
    return {"Authorization": f"Bearer {token.text}"}


def turned_away(client: TestClient, client_id: str, method: str, path: str) -> list[tuple[int, str]]:
    """What nobody, a key that is none, and an applicant are answered."""
    asked = ({"Authorization": ""}, {"Authorization": "Bearer kyc_live_no"}, applicant_of(client, client_id))
    answers = [client.request(method, path, headers=headers) for headers in asked]
    return [(answer.status_code, answer.json()["code"]) for answer in answers]


TURNED_AWAY = [
    (401, "authentication_required"),
    (401, "authentication_required"),
    (403, "applicant_not_allowed"),
]
