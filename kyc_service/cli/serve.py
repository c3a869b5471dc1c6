"""``kyc serve``: the HTTP service."""

from __future__ import annotations

import contextlib
import signal
import socket
from types import FrameType
from typing import TYPE_CHECKING, Annotated, Final, NoReturn

import typer

from kyc_service.cli.configured import read_settings
from kyc_service.cli.listening import bound_sockets
from kyc_service.cli.output import ERR
from kyc_service.cli.workers import workers_beside

if TYPE_CHECKING:
    from kyc_service.settings import Settings

MOST_CONNECTIONS: Final = 500
"""Each may hold 64 KiB before it has to ask for a place: 32 MB in all."""


GRACE_S: Final = 60
"""How long requests that were begun may take once the service is told to stop."""


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on (default: KYC_HOST, 127.0.0.1).")] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Port to listen on (default: KYC_PORT, 8000).")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=0, help="Workers beside it (default: KYC_WORKERS, one for each core); 0 for none.")
    ] = None,
) -> None:
    """Run the HTTP service and its workers; settings come from KYC_... variables. Stops on Ctrl-C."""
    settings = read_settings()
    settings = settings.model_copy(
        update={
            "host": host or settings.host,
            "port": settings.port if port is None else port,
            "workers": settings.worker_processes if workers is None else workers,
        }
    )
    sockets = bound_sockets(settings.host, settings.port)
    name = f"[{settings.host}]" if ":" in settings.host else settings.host
    bound_port = sockets[0].getsockname()[1]
    ERR.print(
        f"Listening on http://{name}:{bound_port} (pages: /docs); workers: {settings.worker_processes}", markup=False
    )
    ERR.print(f"Data folder: {settings.data_dir.absolute()} (KYC_DATA_DIR)", markup=False, soft_wrap=True)
    with workers_beside(settings.worker_processes):
        has_started = _ran(settings, sockets)
    if not has_started:
        raise typer.Exit(1)


def _ran(settings: Settings, sockets: list[socket.socket]) -> bool:
    """Serve until told to stop; whether it started at all."""
    import uvicorn

    from kyc_service.app import create_app

    # The access log is the service's own: uvicorn's would be a second, unstructured one.
    app = create_app(settings)

    class Server(uvicorn.Server):
        def handle_exit(self, sig: int, frame: FrameType | None) -> None:
            # Who waits for a verdict is told where it stands; the verdict comes all the same.
            state = getattr(app.state, "api", None)
            if state is not None:
                state.signals.let_go()
            super().handle_exit(sig, frame)

    config = uvicorn.Config(
        app,
        access_log=False,
        log_config=None,
        limit_concurrency=MOST_CONNECTIONS,
        timeout_graceful_shutdown=GRACE_S,
    )
    server = Server(config)
    # It raises the signal anew when it is done: the workers are still to be let finish.
    signal.signal(signal.SIGTERM, _end)
    # It ends the process when the start failed, with a code that means a verdict here.
    with contextlib.suppress(KeyboardInterrupt, SystemExit):
        server.run(sockets)
    return server.started


def _end(_: int, __: FrameType | None) -> NoReturn:
    raise SystemExit
