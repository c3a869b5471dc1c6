"""What the endpoints work with, built at start and kept on the application."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, cast

from fastapi import Depends, Request
from starlette.datastructures import State

from kyc_service.storage.signals import DecidedSignals
from kyc_service.verification.service import VerificationService


@dataclass(frozen=True, slots=True)
class UploadLimits:
    """``max_capture_bytes`` is for one picture, ``max_clip_bytes`` for one clip, ``max_at_once`` for the large uploads held in memory together.

    A body may take ``grace_s``, and a second more for every ``min_bytes_per_s`` that arrived, but never over
    ``timeout_s``.
    """

    max_capture_bytes: int
    max_clip_bytes: int
    max_at_once: int
    timeout_s: float
    grace_s: float
    min_bytes_per_s: float
    retry_after_s: int


@dataclass(frozen=True, slots=True)
class ApiState:
    """``readiness`` names what must work before requests are welcome; each raises a ``KycError`` where it does not."""

    service: VerificationService
    signals: DecidedSignals
    uploads: UploadLimits
    readiness: Mapping[str, Callable[[], None]]


def api_state(state: State) -> ApiState:
    """The state that was set at start."""
    return cast("ApiState", state.api)


def _service(request: Request) -> VerificationService:
    return api_state(request.app.state).service


Service = Annotated[VerificationService, Depends(_service)]
