"""The ways there are: a gateway of the bank's for real use; a file or the terminal to try the service."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TextIO

from kyc_service.notifications.phone_code import PhoneCodeMessage
from kyc_service.outbound.failures import OutboundFailed
from kyc_service.outbound.signed_http import SignedHttp

MESSAGE_TYPE: Final = "phone_code"
_PRIVATE: Final = 0o600
_APPEND: Final = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC


class CodeNotWritten(OutboundFailed):
    """The place that codes are written to while trying the service cannot be written."""

    code = "phone_code_not_written"
    has_perhaps_arrived = False


@dataclass(frozen=True, slots=True)
class GatewaySender:
    """Posts each message, signed, to the bank's gateway for text messages; docs/phone-codes.md is the contract."""

    http: SignedHttp

    def send(self, message: PhoneCodeMessage) -> None:
        """Post one; the gateway answers with success once it has taken the message.

        Raises:
            OutboundFailed: it has not, or nobody knows.
        """
        self.http.post(
            message.id,
            {
                "type": MESSAGE_TYPE,
                "id": message.id,
                "to": message.e164,
                "text": message.text,
                "code": message.code,
                "language": message.language.value,
                "valid_for_s": int(message.valid_for.total_seconds()),
            },
        )


@dataclass(frozen=True, slots=True)
class FileSender:
    """Appends each message as one JSON line to a file that its owner alone may read. To try the service."""

    path: Path

    def send(self, message: PhoneCodeMessage) -> None:
        """Append one.

        Raises:
            CodeNotWritten: the file cannot be written, or is a link.
        """
        line = _line(message).encode()
        try:
            handle = os.open(self.path, _APPEND, _PRIVATE)
            try:
                os.fchmod(handle, _PRIVATE)
                os.write(handle, line)
            finally:
                os.close(handle)
        except OSError as cause:
            raise CodeNotWritten from cause


@dataclass(frozen=True, slots=True)
class ConsoleSender:
    """Writes each message as one JSON line to the terminal (stderr). To try the service."""

    stream: Callable[[], TextIO] = lambda: sys.stderr

    def send(self, message: PhoneCodeMessage) -> None:
        """Write one.

        Raises:
            CodeNotWritten: nobody reads there any more.
        """
        try:
            print(_line(message), end="", file=self.stream(), flush=True)
        except (OSError, ValueError) as cause:
            raise CodeNotWritten from cause


def _line(message: PhoneCodeMessage) -> str:
    said = {"id": message.id, "to": message.e164, "code": message.code, "text": message.text}
    return json.dumps(said, ensure_ascii=False) + "\n"
