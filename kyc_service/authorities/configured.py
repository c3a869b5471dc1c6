"""The file of registers: which are asked, how, and within what time. YAML (or JSON, which is YAML too).

    deadline_s: 8
    authorities:
      - {channel: carrier, kind: http, url: "https://gateway.example/carrier", secret_file: carrier.secret}
      - {channel: sanctions, kind: file, path: sanctions.csv, max_age_hours: 36}

Paths start from the file's own folder. Answers are signed with ``answer_secret_file``, or
with the secret of the questions where there is none.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Final, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kyc_service.authorities.files import FileAuthority
from kyc_service.authorities.panel import DEADLINE_S, Panel
from kyc_service.authorities.question import Authority
from kyc_service.authorities.signed import SignedHttpAuthority
from kyc_service.authorities.silence import AuthoritiesInvalid
from kyc_service.domain.authority import Channel
from kyc_service.outbound.failures import CertificatesUnusable, SigningSecretUnusable, UrlNotAllowed
from kyc_service.outbound.signature import read_secret
from kyc_service.outbound.signed_http import CallLimits, SignedHttp

_MAX_SECONDS: Final = 60.0


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Http(_Strict):
    channel: Channel
    kind: Literal["http"]
    url: str
    secret_file: Path
    answer_secret_file: Path | None = None
    ca_file: Path | None = None
    timeout_s: float = Field(default=5.0, gt=0, le=_MAX_SECONDS)


class _File(_Strict):
    channel: Channel
    kind: Literal["file"]
    path: Path
    max_age_hours: float | None = Field(default=None, gt=0)


class _Configured(_Strict):
    deadline_s: float = Field(default=DEADLINE_S, gt=0, le=_MAX_SECONDS)
    authorities: list[Annotated[_Http | _File, Field(discriminator="kind")]]


def read_panel(path: Path) -> Panel:
    """The registers that a file names.

    Raises:
        AuthoritiesInvalid: it cannot be read or used, and where.
    """
    try:
        configured = _Configured.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError) as cause:
        raise AuthoritiesInvalid(f"{path} cannot be read.") from cause
    except yaml.YAMLError as cause:
        raise AuthoritiesInvalid(f"{path} is no YAML: {_where(cause)}") from cause
    except ValidationError as cause:
        raise AuthoritiesInvalid(f"{path}:\n{_mistakes(cause)}") from cause
    _refuse_twins(path, [entry.channel for entry in configured.authorities])
    authorities = [_built(entry, path) for entry in configured.authorities]
    return Panel(tuple(authorities), configured.deadline_s)


def _built(entry: _Http | _File, path: Path) -> Authority:
    folder = path.parent
    if isinstance(entry, _File):
        max_age = None if entry.max_age_hours is None else timedelta(hours=entry.max_age_hours)
        return FileAuthority(entry.channel, _existing(folder / entry.path, entry.channel, path), max_age)
    try:
        secret = read_secret(folder / entry.secret_file)
        answer_secret = secret if entry.answer_secret_file is None else read_secret(folder / entry.answer_secret_file)
        seconds = entry.timeout_s
        gateway = SignedHttp(
            entry.url,
            secret,
            limits=CallLimits(min(seconds, CallLimits().connect_timeout_s), seconds, seconds),
            answer_secret=answer_secret,
            ca_file=None if entry.ca_file is None else folder / entry.ca_file,
        )
    except (CertificatesUnusable, SigningSecretUnusable, UrlNotAllowed) as cause:
        raise AuthoritiesInvalid(f"{path}: {entry.channel}: {cause.message}") from cause
    return SignedHttpAuthority(entry.channel, gateway)


def _existing(file: Path, channel: Channel, path: Path) -> Path:
    if not file.is_file() or file.suffix not in {".csv", ".json"}:
        raise AuthoritiesInvalid(f"{path}: {channel}: path names no .csv or .json file.")
    return file


def _refuse_twins(path: Path, channels: list[Channel]) -> None:
    twins = sorted({channel for channel in channels if channels.count(channel) > 1})
    if twins:
        raise AuthoritiesInvalid(f"{path}: more than one register for {', '.join(twins)}.")


def _where(cause: yaml.YAMLError) -> str:
    mark = getattr(cause, "problem_mark", None)
    return "it cannot be parsed." if mark is None else f"line {mark.line + 1}, column {mark.column + 1}."


def _mistakes(cause: ValidationError) -> str:
    return "\n".join(
        f"  {'.'.join(map(str, error['loc'])) or 'the file'}: {error['msg']}"
        for error in cause.errors(include_input=False, include_url=False)
    )
