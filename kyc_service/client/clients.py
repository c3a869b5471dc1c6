"""The two clients: the same operations, one waiting for each answer, one to be awaited."""

from __future__ import annotations

import random
from collections.abc import Generator
from types import TracebackType
from typing import Final, Self

import httpx

from kyc_service import __version__
from kyc_service.client import calls, desk
from kyc_service.client.driving import awaiting, blocking, each, each_async
from kyc_service.client.retries import Pace

LOCAL: Final = "http://127.0.0.1:8000"
_CONNECT_S: Final = 5.0


class _Key(httpx.Auth):
    """Puts the key on each request. It lies nowhere else, so that nothing that is printed or logged holds it."""

    def __init__(self, key: str) -> None:
        self.__key = key.strip()

    def __repr__(self) -> str:
        return "_Key()"

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Show the key."""
        request.headers["Authorization"] = f"Bearer {self.__key}"
        yield request


def _options(key: str, server: str, timeout_s: float) -> dict[str, object]:
    return {
        "base_url": server.rstrip("/"),
        "auth": _Key(key),
        "timeout": httpx.Timeout(timeout_s, connect=_CONNECT_S),
        "headers": {"Accept": "application/json", "User-Agent": f"kyc-service-python/{__version__}"},
        "follow_redirects": False,
    }


def _pace(deadline_s: float) -> Pace:
    return Pace(deadline_s, first_pause_s=0.25, longest_pause_s=8.0, chance=random.SystemRandom().random)


class _Known:
    """What both clients are: a server, and how patiently it is asked. Never the key."""

    server: str

    def __repr__(self) -> str:
        return f"{type(self).__name__}(server={self.server!r})"


class Client(_Known):
    """The service, for code that waits for each answer.

    ``key`` is an API key, or a client token. ``timeout_s`` bounds one try; ``deadline_s`` all tries of one request
    together, the pauses between them included. Keep one for many calls, and close it (or use ``with``); threads may
    share it. ``transport`` is for tests.
    """

    def __init__(
        self,
        key: str,
        server: str = LOCAL,
        *,
        timeout_s: float = 30.0,
        deadline_s: float = 120.0,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.server = server
        self._pace = _pace(deadline_s)
        self._http = httpx.Client(**_options(key, server, timeout_s), transport=transport)  # type: ignore[arg-type]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let the connections go."""
        self._http.close()

    create_verification = blocking(calls.create_verification)
    get_verification = blocking(calls.get_verification)
    give_consent = blocking(calls.give_consent)
    put_claims = blocking(calls.put_claims)
    put_capture = blocking(calls.put_capture)
    put_clip = blocking(calls.put_clip)
    new_challenge = blocking(calls.new_challenge)
    send_phone_code = blocking(calls.send_phone_code)
    check_phone_code = blocking(calls.check_phone_code)
    submit = blocking(calls.submit)
    wait_for_result = blocking(calls.wait_for_result)
    verify = blocking(calls.verify)
    cancel = blocking(calls.cancel)
    result = blocking(calls.result)
    report = blocking(calls.report)
    report_page = blocking(calls.report_page)
    events = blocking(calls.events)
    client_token = blocking(calls.client_token)
    block_face = blocking(calls.block_face)
    unblock_face = blocking(calls.unblock_face)
    list_verifications = each(calls.list_verifications)
    search_verifications = each(calls.search_verifications)

    get_person = blocking(desk.get_person)
    delete_person = blocking(desk.delete_person)
    end_enrolment = blocking(desk.end_enrolment)
    get_case = blocking(desk.get_case)
    get_policy = blocking(desk.get_policy)
    draft_policy = blocking(desk.draft_policy)
    simulate_policy = blocking(desk.simulate_policy)
    create_webhook = blocking(desk.create_webhook)
    get_webhook = blocking(desk.get_webhook)
    delete_webhook = blocking(desk.delete_webhook)
    rotate_webhook_secret = blocking(desk.rotate_webhook_secret)
    change_webhook = blocking(desk.change_webhook)
    try_webhook = blocking(desk.try_webhook)
    replay_webhook = blocking(desk.replay_webhook)
    resend_delivery = blocking(desk.resend_delivery)
    list_persons = each(desk.list_persons)
    list_cases = each(desk.list_cases)
    list_policies = each(desk.list_policies)
    list_webhooks = each(desk.list_webhooks)
    list_deliveries = each(desk.list_deliveries)


class AsyncClient(_Known):
    """The service, for code that awaits; otherwise as :class:`Client`."""

    def __init__(
        self,
        key: str,
        server: str = LOCAL,
        *,
        timeout_s: float = 30.0,
        deadline_s: float = 120.0,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.server = server
        self._pace = _pace(deadline_s)
        self._http = httpx.AsyncClient(**_options(key, server, timeout_s), transport=transport)  # type: ignore[arg-type]

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Let the connections go."""
        await self._http.aclose()

    create_verification = awaiting(calls.create_verification)
    get_verification = awaiting(calls.get_verification)
    give_consent = awaiting(calls.give_consent)
    put_claims = awaiting(calls.put_claims)
    put_capture = awaiting(calls.put_capture)
    put_clip = awaiting(calls.put_clip)
    new_challenge = awaiting(calls.new_challenge)
    send_phone_code = awaiting(calls.send_phone_code)
    check_phone_code = awaiting(calls.check_phone_code)
    submit = awaiting(calls.submit)
    wait_for_result = awaiting(calls.wait_for_result)
    verify = awaiting(calls.verify)
    cancel = awaiting(calls.cancel)
    result = awaiting(calls.result)
    report = awaiting(calls.report)
    report_page = awaiting(calls.report_page)
    events = awaiting(calls.events)
    client_token = awaiting(calls.client_token)
    block_face = awaiting(calls.block_face)
    unblock_face = awaiting(calls.unblock_face)
    list_verifications = each_async(calls.list_verifications)
    search_verifications = each_async(calls.search_verifications)

    get_person = awaiting(desk.get_person)
    delete_person = awaiting(desk.delete_person)
    end_enrolment = awaiting(desk.end_enrolment)
    get_case = awaiting(desk.get_case)
    get_policy = awaiting(desk.get_policy)
    draft_policy = awaiting(desk.draft_policy)
    simulate_policy = awaiting(desk.simulate_policy)
    create_webhook = awaiting(desk.create_webhook)
    get_webhook = awaiting(desk.get_webhook)
    delete_webhook = awaiting(desk.delete_webhook)
    rotate_webhook_secret = awaiting(desk.rotate_webhook_secret)
    change_webhook = awaiting(desk.change_webhook)
    try_webhook = awaiting(desk.try_webhook)
    replay_webhook = awaiting(desk.replay_webhook)
    resend_delivery = awaiting(desk.resend_delivery)
    list_persons = each_async(desk.list_persons)
    list_cases = each_async(desk.list_cases)
    list_policies = each_async(desk.list_policies)
    list_webhooks = each_async(desk.list_webhooks)
    list_deliveries = each_async(desk.list_deliveries)
