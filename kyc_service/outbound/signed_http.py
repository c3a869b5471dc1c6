"""Signed calls: a JSON object is posted to a gateway of the bank, and a JSON object comes back.

The bounds hold against a gateway that was taken over as well as against a slow one: a
total time that trickling cannot stretch, a most size, no redirects, no compression, no
proxy from the environment, certificates always verified. A call is made from a thread
without an event loop of its own; each opens its own connection.
"""

from __future__ import annotations

import asyncio
import ipaddress
import json
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, NoReturn

import httpx

from kyc_service.outbound.bounded import is_about_tls, run_bounded
from kyc_service.outbound.failures import (
    AnswerTooLarge,
    AnswerUnusable,
    CertificatesUnusable,
    GatewayHungUp,
    GatewayNotTrusted,
    GatewayRefused,
    GatewayTimedOut,
    GatewayUnreachable,
    OutboundFailed,
    UrlNotAllowed,
)
from kyc_service.outbound.signature import SigningSecret

_HEADERS: Final = {
    "Content-Type": "application/json",
    "Accept": "application/json",
    "Accept-Encoding": "identity",
    "User-Agent": "kyc_service",
}


@dataclass(frozen=True, slots=True)
class CallLimits:
    """Seconds to connect, seconds between two pieces of the answer, seconds for everything, bytes of the answer."""

    connect_timeout_s: float = 3.0
    read_timeout_s: float = 5.0
    total_timeout_s: float = 10.0
    max_answer_bytes: int = 64 * 1024


def _utc_now() -> datetime:
    return datetime.now(UTC)


class SignedHttp:
    """Posts to one address. Safe to use from several threads.

    ``answer_secret`` is set where answers must be signed too, by the same headers and for
    the id of the call: an answer to another call, or of yesterday, is none. ``ca_file``
    (PEM) takes the place of the public authorities, for a gateway of the bank's own.
    """

    def __init__(
        self,
        url: str,
        secret: SigningSecret,
        *,
        limits: CallLimits | None = None,
        answer_secret: SigningSecret | None = None,
        ca_file: Path | None = None,
        now: Callable[[], datetime] = _utc_now,
    ) -> None:
        """Check the address and read the trusted certificates.

        Raises:
            UrlNotAllowed: neither https nor on this machine, or with credentials in it.
            CertificatesUnusable: ``ca_file`` cannot be read.
        """
        self._url = checked_url(url)
        self._secret = secret
        self._limits = limits or CallLimits()
        self._answer_secret = answer_secret
        self._tls = trusting(ca_file)
        self._now = now

    def post(self, message_id: str, content: Mapping[str, Any]) -> dict[str, Any]:
        """Post ``content`` as JSON and give the answer; an empty answer is an empty object.

        ``message_id`` names what is asked: the same again for a repeated call, so that the
        gateway can tell. Without personal data, since headers are logged.

        Raises:
            OutboundFailed: one of its leaves says how.
        """
        body = json.dumps(content, ensure_ascii=False, allow_nan=False).encode()
        headers = self._secret.sign(message_id, self._now(), body)
        # Raised here, not where it was caught: what the library raises holds the request, and with it the body.
        outcome = run_bounded(self._bounded(body, headers))
        if isinstance(outcome, OutboundFailed):
            raise outcome
        status, answer_headers, answer = outcome
        if not httpx.codes.is_success(status):
            raise GatewayRefused(status)
        if self._answer_secret is not None:
            self._answer_secret.verify(message_id, answer_headers, answer, self._now())
        return _object(answer)

    async def _bounded(
        self, body: bytes, headers: Mapping[str, str]
    ) -> tuple[int, httpx.Headers, bytes] | OutboundFailed:
        try:
            async with asyncio.timeout(self._limits.total_timeout_s):
                return await self._exchange(body, headers)
        except OutboundFailed as failure:
            return failure
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            return GatewayNotTrusted() if is_about_tls(error) else GatewayUnreachable()
        except (TimeoutError, httpx.TimeoutException):
            return GatewayTimedOut()
        except httpx.HTTPError:
            return GatewayHungUp()

    async def _exchange(self, body: bytes, headers: Mapping[str, str]) -> tuple[int, httpx.Headers, bytes]:
        limits = self._limits
        timeout = httpx.Timeout(limits.read_timeout_s, connect=limits.connect_timeout_s)
        async with (
            httpx.AsyncClient(verify=self._tls, timeout=timeout, follow_redirects=False, trust_env=False) as client,
            client.stream("POST", self._url, content=body, headers={**_HEADERS, **headers}) as response,
        ):
            answer = bytearray()
            # Raw: what is compressed is not unpacked, so that a small answer stays one.
            async for piece in response.aiter_raw():
                answer += piece
                if len(answer) > limits.max_answer_bytes:
                    raise AnswerTooLarge
            return response.status_code, response.headers, bytes(answer)


def checked_url(text: str) -> httpx.URL:
    """``text`` as an address that may be called.

    Raises:
        UrlNotAllowed: it may not.

    >>> checked_url("https://sms.example/codes").host
    'sms.example'
    >>> checked_url("http://sms.example/codes")
    Traceback (most recent call last):
    kyc_service.outbound.failures.UrlNotAllowed: A gateway's address must be https (http only on this machine), \
without credentials.
    """
    try:
        url = httpx.URL(text)
    except httpx.InvalidURL as cause:
        raise UrlNotAllowed from cause
    is_private = url.scheme == "https" or (url.scheme == "http" and _is_this_machine(url.host))
    if not is_private or not url.host or url.userinfo:
        raise UrlNotAllowed
    return url


def trusting(ca_file: Path | None) -> ssl.SSLContext:
    """Verification by the certificates of ``ca_file`` (PEM), or by those of the public authorities.

    Raises:
        CertificatesUnusable: ``ca_file`` cannot be read.
    """
    if ca_file is None:
        return httpx.create_ssl_context()
    try:
        return ssl.create_default_context(cafile=ca_file)
    except OSError as cause:
        raise CertificatesUnusable from cause


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _object(answer: bytes) -> dict[str, Any]:
    """The JSON object that was answered."""
    if not answer.strip():
        return {}
    try:
        content = json.loads(answer, parse_constant=_refuse)
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        raise AnswerUnusable
    return content


def _refuse(_: str) -> NoReturn:
    raise ValueError
