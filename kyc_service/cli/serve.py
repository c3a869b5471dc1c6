"""``kyc serve``: the HTTP service."""

from __future__ import annotations

from typing import Annotated, Final

import typer
import uvicorn

from kyc_service.app import create_app
from kyc_service.bootstrap import load_decider
from kyc_service.cli.output import ERR
from kyc_service.settings import Settings

MOST_CONNECTIONS: Final = 500
"""Each may hold 64 KiB before it has to ask for a place: 32 MB in all."""


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on (default: KYC_HOST, 127.0.0.1).")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on (default: KYC_PORT, 8000).")] = None,
) -> None:
    """Run the HTTP service; settings come from KYC_... variables. Stops on Ctrl-C."""
    settings = Settings()
    settings = settings.model_copy(
        update={"host": host or settings.host, "port": settings.port if port is None else port}
    )
    ERR.print(f"Loading models; then listening on http://{settings.host}:{settings.port} (pages: /docs)")
    # The access log is the service's own: uvicorn's would be a second, unstructured one.
    uvicorn.run(
        create_app(settings, load_decider),
        host=settings.host,
        port=settings.port,
        access_log=False,
        log_config=None,
        limit_concurrency=MOST_CONNECTIONS,
    )
