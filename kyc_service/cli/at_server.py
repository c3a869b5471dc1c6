"""``kyc verify --server``: the same question, asked of a running service."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import typer

from kyc_service.cli.claims_file import read_claims
from kyc_service.cli.output import working
from kyc_service.cli.paths import read
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.verification import UseCase
from kyc_service.errors import InvalidInput, Unavailable

if TYPE_CHECKING:
    from kyc_service.client import Problem

KEY_VARIABLE: Final = "KYC_API_KEY"
_TIMEOUT_S: Final = 300.0


class ServerRefused(InvalidInput):
    """The service did not take this."""

    code = "server_refused"


class ServerUnusable(Unavailable):
    """The service could not be asked, or did not decide."""

    code = "server_unusable"


@dataclass(frozen=True, slots=True)
class Decided:
    """The report, and the same as a page for staff where that was wanted."""

    report: dict[str, Any]
    page: str | None


def verify_at(
    server: str,
    key_file: Path | None,
    paths: dict[CaptureKind, Path],
    claims: Path,
    use_case: UseCase,
    tier: str,
    consent: str | None,
    *,
    wants_page: bool,
) -> Decided:
    """Have the service at ``server`` decide; ``consent`` is ``VERSION@LOCALE`` of the words that were agreed to.

    Raises:
        ServerRefused: it did not take what was sent.
        ServerUnusable: it cannot be reached, or came to no report.
    """
    read_claims(claims)  # its mistakes are told by file and line
    said = json.loads(read(claims).decode("utf-8-sig"))
    files = {kind.value: read(path) for kind, path in paths.items()}
    clip = files.pop(CaptureKind.LIVENESS.value, None)
    agreed = _consent(consent)
    with _told(), working(f"Verifying at {server}"):
        from kyc_service.client import Client

        with Client(_key(key_file), server) as kyc:
            decided = kyc.verify(
                files, said, consent=agreed, clip=clip, use_case=use_case.value, tier=tier, timeout_s=_TIMEOUT_S
            )
            if decided.report is None:
                raise ServerUnusable(f"The service came to no report; {decided.id} is {decided.status}.")
            return Decided(decided.report, kyc.report_page(decided.id) if wants_page else None)


def _key(path: Path | None) -> str:
    """The key: never an argument, since every user of a machine can read the arguments of its commands."""
    key = (read(path).decode("ascii", "replace") if path is not None else os.environ.get(KEY_VARIABLE, "")).strip()
    if not key.isascii() or not key.isprintable() or " " in key or not key:
        raise typer.BadParameter(f"Put the client's key into {KEY_VARIABLE}, or name a file that holds it: --key-file.")
    return key


def _consent(text: str | None) -> dict[str, Any] | None:
    if text is None:
        return None
    version, _, locale = text.rpartition("@")
    if not (version and locale):
        raise typer.BadParameter("--consent is VERSION@LOCALE, such as 2026-01@zh-CN.")
    return {"text_version": version, "locale": locale, "purposes": ["verification"]}


@contextmanager
def _told() -> Iterator[None]:
    from kyc_service.client import ClientError, Problem, ServiceFailed, TryLater

    try:
        yield
    except (TryLater, ServiceFailed) as problem:
        raise ServerUnusable(_sentence(problem)) from problem
    except Problem as problem:
        raise ServerRefused(_sentence(problem)) from problem
    except ClientError as error:
        raise ServerUnusable(str(error)) from error


def _sentence(problem: Problem) -> str:
    about = "" if problem.capture is None else f"{problem.capture}: "
    lines = [f"{about}{problem.detail} ({problem.code}, {problem.request_id or 'no request id'})"]
    return "\n".join([*lines, *(f"  {mistake.at}: {mistake.detail}" for mistake in problem.mistakes)])
