"""``kyc serve``: the HTTP service."""

from __future__ import annotations

import contextlib
import socket
from typing import TYPE_CHECKING, Annotated, Final

import typer

from kyc_service.cli.configured import read_settings
from kyc_service.cli.listening import bound_sockets
from kyc_service.cli.output import ERR

if TYPE_CHECKING:
    from kyc_service.settings import Settings

MOST_CONNECTIONS: Final = 500
"""Each may hold 64 KiB before it has to ask for a place: 32 MB in all."""


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on (default: KYC_HOST, 127.0.0.1).")] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Port to listen on (default: KYC_PORT, 8000).")
    ] = None,
) -> None:
    """Run the HTTP service; settings come from KYC_... variables. Stops on Ctrl-C."""
    settings = read_settings()
    settings = settings.model_copy(
        update={"host": host or settings.host, "port": settings.port if port is None else port}
    )
    sockets = bound_sockets(settings.host, settings.port)
    name = f"[{settings.host}]" if ":" in settings.host else settings.host
    bound_port = sockets[0].getsockname()[1]
    ERR.print(f"Loading models; then listening on http://{name}:{bound_port} (pages: /docs)", markup=False)
    ERR.print(f"Data folder: {settings.data_dir.absolute()} (KYC_DATA_DIR)", markup=False, soft_wrap=True)
    if not _ran(settings, sockets):
        raise typer.Exit(1)


def _ran(settings: Settings, sockets: list[socket.socket]) -> bool:
    """Serve until told to stop; whether it started at all."""
    import uvicorn

    from kyc_service.app import create_app
    from kyc_service.bootstrap import load_decider

    # The access log is the service's own: uvicorn's would be a second, unstructured one.
    app = create_app(settings, load_decider)
    server = uvicorn.Server(uvicorn.Config(app, access_log=False, log_config=None, limit_concurrency=MOST_CONNECTIONS))
    # It ends the process when the start failed, with a code that means a verdict here.
    with contextlib.suppress(KeyboardInterrupt, SystemExit):
        server.run(sockets)
    return server.started
