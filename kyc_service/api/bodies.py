"""Bodies on their way in: counted, timed, and given a place in memory once they are large.

Every body passes here, whoever reads it. It must keep to a least rate, so that a handful
of connections that send next to nothing cannot keep the others out.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from starlette.exceptions import HTTPException
from starlette.types import Message, Receive

from kyc_service.api.state import UploadLimits
from kyc_service.api.uploads import FIELD_BYTES


class IncomingBody:
    """Wraps ``receive``. ``take_place`` is called once, when more bytes came than a place is needed for."""

    def __init__(self, receive: Receive, limits: UploadLimits, max_bytes: int, take_place: Callable[[], None]) -> None:
        self._receive = receive
        self._limits = limits
        self._max_bytes = max_bytes
        self._take_place = take_place
        self._seen = 0
        self._began: float | None = None
        self._is_whole = False
        self.is_cut_off = False

    async def receive(self) -> Message:
        """The next message.

        Raises:
            HTTPException: 413 too many bytes, 408 too slow. The framework lets this class
                through where it reads the body itself.
            AtCapacity: no place is free.
        """
        if self._is_whole:
            return await self._receive()
        try:
            async with asyncio.timeout_at(self._deadline()):
                message = await self._receive()
        except TimeoutError as cause:
            raise HTTPException(408) from cause
        self._note(message)
        return message

    def _deadline(self) -> float:
        if self._began is None:
            self._began = asyncio.get_running_loop().time()
        earned_s = self._limits.grace_s + self._seen / self._limits.min_bytes_per_s
        return self._began + min(self._limits.timeout_s, earned_s)

    def _note(self, message: Message) -> None:
        if message["type"] == "http.disconnect":
            self.is_cut_off = True
            return
        was_small = self._seen <= FIELD_BYTES
        self._seen += len(message.get("body", b""))
        self._is_whole = not message.get("more_body", False)
        if self._seen > self._max_bytes:
            raise HTTPException(413)
        if was_small and self._seen > FIELD_BYTES:
            self._take_place()
