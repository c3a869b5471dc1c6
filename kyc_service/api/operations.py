"""/healthz, /readyz, /metrics: for whoever runs the service."""

from __future__ import annotations

from typing import Final, Literal

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from kyc_service.api.problems import documented
from kyc_service.api.state import Service, api_state
from kyc_service.errors import KycError

router: Final = APIRouter(tags=["operations"])


class Health(BaseModel):
    """The process is alive."""

    status: Literal["alive"] = "alive"


class Readiness(BaseModel):
    """Whether requests are welcome, and for each thing that must work: ``ok`` or the code of what is wrong."""

    status: Literal["ready", "not_ready"]
    checks: dict[str, str]


@router.head("/healthz", include_in_schema=False)
@router.get("/healthz", responses=documented())
def alive() -> Health:
    """Whether the process answers at all."""
    return Health()


@router.head("/readyz", include_in_schema=False)
@router.get(
    "/readyz",
    response_model=Readiness,
    responses={**documented(), 503: {"model": Readiness, "description": "Not ready."}},
)
def ready(request: Request) -> Response:
    """Whether the models are loaded, the database can be reached and the master key fits it."""
    checks: dict[str, str] = {}
    for name, check in api_state(request.app.state).readiness.items():
        try:
            check()
            checks[name] = "ok"
        except KycError as error:
            checks[name] = error.code
    is_ready = set(checks.values()) <= {"ok"}
    answer = Readiness(status="ready" if is_ready else "not_ready", checks=checks)
    return JSONResponse(answer.model_dump(), 200 if is_ready else 503)


@router.get("/metrics", response_class=Response, responses={**documented(), 200: {"content": {"text/plain": {}}}})
def metrics(service: Service) -> Response:
    """Counters and durations for Prometheus."""
    return Response(service.metrics.render(), media_type="text/plain; version=0.0.4; charset=utf-8")
