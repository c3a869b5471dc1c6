"""Calls as steps: what is asked and how answers are read, without doing any of it (sans-io).

A call is a generator. It yields what it needs - an answer to a request, some time, the
clock - and returns what came of it. Who drives it does the I/O, blocking or not; so each
operation is written once.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeVar, cast

from kyc_service.client.errors import AnswerUnusable, problem_of

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Request:
    """One request, path and query relative to the service. Bodies hold personal data and are never shown.

    ``waits_s`` is how long the service was asked to wait before it answers.
    """

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    content: bytes | None = field(default=None, repr=False)
    parts: Mapping[str, tuple[str, bytes, str]] | None = field(default=None, repr=False)
    waits_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; header names in lower case."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)

    def json(self) -> Any:  # noqa: ANN401 - any JSON
        """The body as JSON.

        Raises:
            AnswerUnusable: it is none.
        """
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError) as cause:
            raise AnswerUnusable(f"The answer with status {self.status} is no JSON.") from cause


@dataclass(frozen=True, slots=True)
class Pause:
    """Let this much time pass."""

    seconds: float


class Clock:
    """Say what time it is: seconds on a clock that never goes back."""


Step = Request | Pause | Clock
Call = Generator[Step, Any, Result]

_FAILED: Final = 400


def ask(request: Request) -> Call[Answer]:
    """The answer to ``request``.

    Raises:
        Problem: the service refused.
    """
    answer = cast("Answer", (yield request))
    if answer.status >= _FAILED:
        raise problem_of(answer.status, _lenient(answer), retry_after_s(answer))
    return answer


def now_s() -> Call[float]:
    """The driver's clock."""
    return cast("float", (yield Clock()))


def pause(seconds: float) -> Call[None]:
    """Let time pass."""
    yield Pause(seconds)


def get(path: str, **query: object) -> Request:
    """Read something; parts of the query that are ``None`` are left out.

    >>> get("/v1/cases", limit=5, status=None).query
    {'limit': '5'}
    """
    return Request("GET", path, {name: str(value) for name, value in query.items() if value is not None})


def post(path: str, body: object = None, *, key: str | None = None, waits_s: float = 0.0) -> Request:
    """Have something done: once, however often the request is sent, for it carries a key of its own."""
    headers = {"Idempotency-Key": key or uuid.uuid4().hex}
    if waits_s:
        headers["Prefer"] = f"wait={waits_s:.0f}"
    content = None if body is None else json.dumps(body, ensure_ascii=False).encode()
    if content is not None:
        headers["Content-Type"] = "application/json"
    return Request("POST", path, {}, headers, content, None, waits_s)


def put(path: str, body: object, version: int | None = None) -> Request:
    """Replace something; with ``version``, only if it still is that one."""
    content = json.dumps(body, ensure_ascii=False).encode()
    return Request("PUT", path, {}, {"Content-Type": "application/json", **_if_match(version)}, content)


def upload(path: str, source: Path | str | bytes, media_type: str) -> Request:
    """Put a file."""
    content = source if isinstance(source, bytes) else Path(source).read_bytes()
    return Request("PUT", path, {}, {"Content-Type": media_type}, content)


def retry_after_s(answer: Answer) -> float | None:
    """How long the service asks to be left alone, if it says so in seconds.

    >>> retry_after_s(Answer(503, {"retry-after": "7"}, b"")), retry_after_s(Answer(503, {}, b""))
    (7.0, None)
    """
    said = answer.headers.get("retry-after", "")
    return float(said) if said.isascii() and said.isdecimal() and len(said) <= len("86400") else None


def _if_match(version: int | None) -> dict[str, str]:
    return {} if version is None else {"If-Match": f'"{version}"'}


def _lenient(answer: Answer) -> object:
    try:
        return answer.json()
    except AnswerUnusable:
        return None
