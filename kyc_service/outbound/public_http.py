"""Posts to addresses that clients named: guarded, bounded, and without interest in what is answered.

What counts is the status. Of the body no more is read than lets a polite receiver
finish; redirects are not followed, no proxy stands between, certificates are verified
for the name that was given while the connection goes to the address that was checked.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Final

import httpx

from kyc_service.outbound.addresses import Address
from kyc_service.outbound.bounded import is_about_tls, run_bounded
from kyc_service.outbound.failures import (
    GatewayHungUp,
    GatewayNotTrusted,
    GatewayTimedOut,
    GatewayUnreachable,
    OutboundFailed,
)
from kyc_service.outbound.signed_http import CallLimits, trusting
from kyc_service.outbound.targets import Target, Targets, UrlNotAllowed

_LIMITS: Final = CallLimits(
    connect_timeout_s=5.0, read_timeout_s=15.0, total_timeout_s=15.0, max_answer_bytes=16 * 1024
)
_MOST_ADDRESSES: Final = 3
_MOST_BODY_S: Final = 1.0
_MOST_WAIT_S: Final = 30 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Answered:
    """The status that was answered; ``retry_after_s`` where it said when to come back, in seconds."""

    status: int
    retry_after_s: float | None = None

    @property
    def is_success(self) -> bool:
        """Whether what was posted has been taken."""
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES


class PublicHttp:
    """Posts to any allowed address. Safe to use from several threads; each call opens its own connection.

    ``ca_file`` (PEM) takes the place of the public authorities.
    """

    def __init__(
        self, targets: Targets | None = None, *, limits: CallLimits = _LIMITS, ca_file: Path | None = None
    ) -> None:
        """Read the trusted certificates.

        Raises:
            CertificatesUnusable: ``ca_file`` cannot be read.
        """
        self._targets = targets or Targets()
        self._limits = limits
        self._tls = trusting(ca_file)

    def __call__(self, url: str, headers: Mapping[str, str], body: bytes) -> Answered:
        """Post ``body`` and say what came back, whatever the status.

        Raises:
            UrlNotAllowed: the address may not be called (any more).
            OutboundFailed: one of its leaves says how.
        """
        # Raised here, not where it was caught: what the library raises holds the request, and with it the body.
        outcome = run_bounded(self._bounded(url, headers, body))
        if isinstance(outcome, Answered):
            return outcome
        raise outcome

    async def _bounded(
        self, url: str, headers: Mapping[str, str], body: bytes
    ) -> Answered | OutboundFailed | UrlNotAllowed:
        try:
            async with asyncio.timeout(self._limits.total_timeout_s):
                target = self._targets.read(url)
                return await self._at_first_reachable(target, await self._targets.resolve(target), headers, body)
        except (OutboundFailed, UrlNotAllowed) as failure:
            return failure
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            return GatewayNotTrusted() if is_about_tls(error) else GatewayUnreachable()
        except (TimeoutError, httpx.TimeoutException):
            return GatewayTimedOut()
        except (httpx.HTTPError, httpx.InvalidURL):
            return GatewayHungUp()

    async def _at_first_reachable(
        self, target: Target, addresses: tuple[Address, ...], headers: Mapping[str, str], body: bytes
    ) -> Answered:
        *others, last = addresses[:_MOST_ADDRESSES]
        for address in others:
            try:
                return await self._exchange(target, address, headers, body)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                continue
        return await self._exchange(target, last, headers, body)

    async def _exchange(self, target: Target, address: Address, headers: Mapping[str, str], body: bytes) -> Answered:
        limits = self._limits
        timeout = httpx.Timeout(limits.read_timeout_s, connect=limits.connect_timeout_s)
        url = httpx.URL(scheme=target.scheme, host=str(address), port=target.port, raw_path=target.path)
        async with (
            httpx.AsyncClient(verify=self._tls, timeout=timeout, follow_redirects=False, trust_env=False) as client,
            client.stream(
                "POST",
                url,
                content=body,
                headers={
                    "Host": target.authority,
                    "Content-Type": "application/json",
                    "Accept-Encoding": "identity",
                    "User-Agent": "kyc_service",
                    **headers,
                },
                extensions={"sni_hostname": target.host},
            ) as response,
        ):
            await _let_finish(response, limits.max_answer_bytes)
            return Answered(response.status_code, _seconds(response.headers.get("Retry-After")))


async def _let_finish(response: httpx.Response, most_bytes: int) -> None:
    """Read a short answer to its end, so that whoever gives it is not cut off; the status stands already."""
    size = 0
    try:
        async with asyncio.timeout(_MOST_BODY_S):
            async for piece in response.aiter_raw():
                size += len(piece)
                if size > most_bytes:
                    return
    except (TimeoutError, httpx.HTTPError):
        return


def _seconds(retry_after: str | None) -> float | None:
    """Whole seconds, the form that machines send; a date would need their clock to be ours."""
    if retry_after is None or not (retry_after.isascii() and retry_after.isdecimal()) or len(retry_after) > 9:  # noqa: PLR2004
        return None
    return float(min(int(retry_after), _MOST_WAIT_S))
