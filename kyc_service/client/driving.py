"""Who does the I/O of calls: one driver that blocks and one that awaits. Nothing else differs between the two."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from functools import wraps
from typing import Concatenate, ParamSpec, Protocol, TypeVar

import httpx

from kyc_service.client.errors import ServiceUnreachable
from kyc_service.client.forms import Page
from kyc_service.client.retries import Pace, patiently
from kyc_service.client.steps import Answer, Call, Pause, Request

Result = TypeVar("Result")
Given = ParamSpec("Given")

_GRACE_S = 30.0
"""How much longer than it was asked to wait the service may take to answer."""


class Blocking(Protocol):
    """Has what it takes to make a call and wait for it."""

    _pace: Pace
    _http: httpx.Client


class Awaiting(Protocol):
    """Has what it takes to make a call and let others work meanwhile."""

    _pace: Pace
    _http: httpx.AsyncClient


def blocking(operation: Callable[Given, Call[Result]]) -> Callable[Concatenate[Blocking, Given], Result]:
    """``operation`` as a method that returns when it is done."""

    @wraps(operation)
    def method(self: Blocking, /, *args: Given.args, **kwargs: Given.kwargs) -> Result:
        return _run(self, operation(*args, **kwargs))

    return method


def awaiting(operation: Callable[Given, Call[Result]]) -> Callable[Concatenate[Awaiting, Given], Awaitable[Result]]:
    """``operation`` as a method to be awaited."""

    @wraps(operation)
    async def method(self: Awaiting, /, *args: Given.args, **kwargs: Given.kwargs) -> Result:
        return await _run_async(self, operation(*args, **kwargs))

    return method


def each(
    operation: Callable[Concatenate[str | None, Given], Call[Page[Result]]],
) -> Callable[Concatenate[Blocking, Given], Iterator[Result]]:
    """``operation``, which reads one page, as a method that iterates over all of them."""

    @wraps(operation)
    def method(self: Blocking, /, *args: Given.args, **kwargs: Given.kwargs) -> Iterator[Result]:
        after: str | None = None
        while True:
            page = _run(self, operation(after, *args, **kwargs))
            yield from page.items
            if (after := page.last_id) is None:
                return

    return method


def each_async(
    operation: Callable[Concatenate[str | None, Given], Call[Page[Result]]],
) -> Callable[Concatenate[Awaiting, Given], AsyncIterator[Result]]:
    """``operation``, which reads one page, as a method that iterates over all of them with ``async for``."""

    @wraps(operation)
    async def method(self: Awaiting, /, *args: Given.args, **kwargs: Given.kwargs) -> AsyncIterator[Result]:
        after: str | None = None
        while True:
            page = await _run_async(self, operation(after, *args, **kwargs))
            for item in page.items:
                yield item
            if (after := page.last_id) is None:
                return

    return method


def _run(client: Blocking, call: Call[Result]) -> Result:
    steps = patiently(call, client._pace)  # noqa: SLF001 - the protocol's own
    given: object = None
    try:
        step = steps.send(None)
        while True:
            if isinstance(step, Request):
                try:
                    given = _answer(client._http.send(_built(client._http, step)))  # noqa: SLF001
                except httpx.TransportError as error:
                    step = steps.throw(_unreachable(error))
                    continue
            elif isinstance(step, Pause):
                given = None
                time.sleep(step.seconds)
            else:
                given = time.monotonic()
            step = steps.send(given)
    except StopIteration as done:
        result: Result = done.value
        return result


async def _run_async(client: Awaiting, call: Call[Result]) -> Result:
    steps = patiently(call, client._pace)  # noqa: SLF001 - the protocol's own
    given: object = None
    try:
        step = steps.send(None)
        while True:
            if isinstance(step, Request):
                try:
                    given = _answer(await client._http.send(_built(client._http, step)))  # noqa: SLF001
                except httpx.TransportError as error:
                    step = steps.throw(_unreachable(error))
                    continue
            elif isinstance(step, Pause):
                given = None
                await asyncio.sleep(step.seconds)
            else:
                given = time.monotonic()
            step = steps.send(given)
    except StopIteration as done:
        result: Result = done.value
        return result


def _built(http: httpx.Client | httpx.AsyncClient, request: Request) -> httpx.Request:
    timeout = http.timeout.as_dict()
    if request.waits_s:
        timeout["read"] = request.waits_s + _GRACE_S
    return http.build_request(
        request.method,
        request.path,
        params=dict(request.query) or None,
        headers=dict(request.headers),
        content=request.content,
        files=None if request.parts is None else dict(request.parts),
        timeout=httpx.Timeout(**timeout),
    )


def _answer(response: httpx.Response) -> Answer:
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Answer(response.status_code, headers, response.content)


def _unreachable(error: httpx.TransportError) -> ServiceUnreachable:
    url = error.request.url
    at = f"{url.scheme}://{url.netloc.decode('ascii')}"
    unreachable = ServiceUnreachable(f"No answer from the service at {at}: {type(error).__name__}.")
    unreachable.__cause__ = error
    return unreachable
