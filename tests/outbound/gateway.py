"""A gateway for tests: a real server on this machine that answers as it is told and keeps what it was asked."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True, slots=True)
class Call:
    headers: dict[str, str]
    body: bytes


Respond = Callable[[BaseHTTPRequestHandler, Call], None]


@dataclass(slots=True)
class Gateway:
    url: str = ""
    respond: Respond = lambda handler, _: answer(handler, b"{}")
    calls: list[Call] = field(default_factory=list)


def answer(
    handler: BaseHTTPRequestHandler, body: bytes, status: int = 200, headers: dict[str, str] | None = None
) -> None:
    handler.send_response(status)
    for name, value in (headers or {}).items():
        handler.send_header(name, value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


@contextmanager
def running(tls: ssl.SSLContext | None = None) -> Iterator[Gateway]:
    gateway = Gateway()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            call = Call({name.lower(): value for name, value in self.headers.items()}, body)
            gateway.calls.append(call)
            try:
                gateway.respond(self, call)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        do_GET = do_POST  # noqa: N815 - whoever follows a redirect arrives here

        def log_message(self, *_: object) -> None: ...

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None: ...  # a handshake that the caller broke off

    with Server(("127.0.0.1", 0), Handler) as server:
        if tls is not None:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        gateway.url = f"{'https' if tls else 'http'}://localhost:{server.server_address[1]}/codes"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield gateway
        finally:
            server.shutdown()
            thread.join()
