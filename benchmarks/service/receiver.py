"""A receiver of webhooks that checks every signature by the text of Standard Webhooks, and fails now and then."""

from __future__ import annotations

import base64
import hmac
import json
import threading
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Received:
    """One message as it came; ``is_genuine`` if its signature holds."""

    id: str
    body: dict[str, Any]
    is_genuine: bool


@dataclass(slots=True)
class Receiver:
    """Listens on this machine; refuses a share of ``failing`` messages with 503, so that they are tried again."""

    failing: float = 0.0
    seed: int = 1
    secret: str | None = None
    received: list[Received] = field(default_factory=list)
    refused: int = 0
    _server: ThreadingHTTPServer | None = None

    def __enter__(self) -> Self:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        threading.Thread(target=self._server.serve_forever, name="webhooks", daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()

    @property
    def url(self) -> str:
        """Where messages are to be sent."""
        if self._server is None:
            message = "the receiver does not listen yet"
            raise RuntimeError(message)
        return f"http://127.0.0.1:{self._server.server_port}/webhooks"

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver, chance, lock = self, Random(self.seed), threading.Lock()  # noqa: S311 - which tries fail, not a secret

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                body = self.rfile.read(length)
                if len(body) < length:
                    return  # its sender was killed in the middle of it
                with lock:
                    is_taken = chance.random() >= receiver.failing
                    receiver.take(dict(self.headers), body) if is_taken else receiver.refuse()
                self.send_response(HTTPStatus.NO_CONTENT if is_taken else HTTPStatus.SERVICE_UNAVAILABLE)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Nothing: there would be thousands of lines."""

        return Handler

    def take(self, headers: dict[str, str], body: bytes) -> None:
        """Keep one message."""
        headers = {name.lower(): value for name, value in headers.items()}
        self.received.append(Received(headers.get("webhook-id", ""), json.loads(body), self._holds(headers, body)))

    def refuse(self) -> None:
        """Count one that was sent away."""
        self.refused += 1

    def _holds(self, headers: dict[str, str], body: bytes) -> bool:
        if self.secret is None:
            return False
        key = base64.b64decode(self.secret.removeprefix("whsec_"))
        signed = f"{headers.get('webhook-id')}.{headers.get('webhook-timestamp')}.".encode() + body
        wanted = "v1," + base64.b64encode(hmac.digest(key, signed, "sha256")).decode()
        given = headers.get("webhook-signature", "").split()
        return any(hmac.compare_digest(wanted, one) for one in given)
