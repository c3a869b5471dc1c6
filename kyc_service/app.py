"""The HTTP service as one ASGI application."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.concurrency import run_in_threadpool

from kyc_service import __version__
from kyc_service.api import (
    cases,
    consent,
    docs,
    lifecycle,
    listing,
    operations,
    persons,
    phone_codes,
    policies,
    problems,
    result,
    submitting,
    verifications,
    verify,
    webhooks,
)
from kyc_service.api.scope import RequestScope
from kyc_service.api.state import api_state
from kyc_service.bootstrap import LoadRules, load_rules, open_api
from kyc_service.errors import KycError
from kyc_service.observability.logs import configure_logs, get_logger
from kyc_service.policies.desk import PolicyDesk
from kyc_service.settings import Settings

_ROUTERS: Final = (
    listing,
    verifications,
    consent,
    phone_codes,
    submitting,
    lifecycle,
    result,
    verify,
    persons,
    cases,
    policies,
    webhooks,
    operations,
    docs,
)
_LOG: Final = get_logger(__name__)


def create_app(settings: Settings, load_rules: LoadRules = load_rules) -> FastAPI:
    """Build the application. Database and keys are opened when it starts, once; it holds no models.

    ``settings`` are the effective ones: ``host`` is where the application will be listened for, since it
    decides which host names are answered.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        # FastAPI builds an included router's routes when they are first looked for: now, rather than at the
        # cost of whoever asks first.
        list(iter_route_contexts(app.routes))
        opened = open_api(settings, load_rules)
        try:
            app.state.api = await run_in_threadpool(opened.__enter__)
        except KycError as error:
            # The server's own line is a traceback; this one says what to do.
            _LOG.error("start_failed", code=error.code, detail=error.message)
            raise
        signals = api_state(app.state).signals
        signals.start()
        try:
            yield
        finally:
            await signals.stop()
            await run_in_threadpool(opened.__exit__, None, None, None)

    configure_logs(settings.log_level)
    app = FastAPI(
        title="kyc_service",
        summary="Identity verification: document, face, phone and place in, one explained verdict out.",
        version=__version__,
        lifespan=lifespan,
        # The usual pages load their scripts from a content network: ours stand by themselves.
        docs_url=None,
        redoc_url=None,
        # A redirect would send the caller, and the pictures in the body, to whatever the Host header says.
        redirect_slashes=False,
    )
    app.state.policies = PolicyDesk.of(settings.models_dir, settings.policy_file)
    for module in _ROUTERS:
        app.include_router(module.router)
    problems.install(app)
    app.add_middleware(RequestScope, owner=app, hosts=settings.answered_hosts)
    return app
