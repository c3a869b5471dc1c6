"""``kyc webhooks``: a small receiver that verifies what it is sent and prints it, to try webhooks out."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Final

import typer

from kyc_service.cli.output import ERR

if TYPE_CHECKING:
    from kyc_service.outbound.signature import SigningSecret

_MOST_BYTES: Final = 256 * 1024
_SLOWEST_S: Final = 10

app = typer.Typer(no_args_is_help=True)


@app.callback()
def webhooks() -> None:
    """Try webhooks out."""


@app.command()
def listen(
    secret: Annotated[str, typer.Option(envvar="KYC_WEBHOOK_SECRET", help="The webhook's secret: whsec_...")],
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes a free one.")] = 8500,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
) -> None:
    """Verify every message that is posted here and print it, one JSON object a line. Stops on Ctrl-C."""
    from kyc_service.outbound.signature import secret_of

    with receiver(host, port, secret_of(secret), typer.echo) as server:
        ERR.print(f"Listening on http://{host}:{server.server_address[1]}", markup=False)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            return


def receiver(host: str, port: int, secret: SigningSecret, say: Callable[[str], None]) -> ThreadingHTTPServer:
    """A server that answers 204 to what is signed with ``secret`` and says it, once for each id; 401 to all else."""
    from kyc_service.outbound.failures import AnswerNotSigned

    class Handler(BaseHTTPRequestHandler):
        timeout: ClassVar[int] = _SLOWEST_S
        known: ClassVar[set[str]] = set()

        def do_POST(self) -> None:
            length = self.headers.get("Content-Length", "")
            size = int(length) if length.isascii() and length.isdecimal() and len(length) < 9 else -1  # noqa: PLR2004
            if not 0 <= size <= _MOST_BYTES:
                self._answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
                return
            body = self.rfile.read(size)
            headers = {name.lower(): value for name, value in self.headers.items()}
            message_id = headers.get("webhook-id", "")
            try:
                secret.verify(message_id, headers, body, datetime.now(UTC))
                message = json.loads(body)
            except (AnswerNotSigned, ValueError):
                self._answer(HTTPStatus.UNAUTHORIZED)
                return
            # Answered at once, handled after: what takes longer than the sender waits would be sent again.
            self._answer(HTTPStatus.NO_CONTENT)
            if message_id not in self.known:
                self.known.add(message_id)
                say(json.dumps(message, ensure_ascii=False))

        def _answer(self, status: HTTPStatus) -> None:
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:  # noqa: ANN401 - as the library calls it
            """Say nothing: the messages are what is to be seen."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """Say nothing of who broke off."""

    return Server((host, port), Handler)
