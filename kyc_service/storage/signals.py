"""Signals: the database calls out whose submission is finished, so that nobody has to keep asking."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import psycopg
from psycopg import sql

from kyc_service.storage.submissions import DECIDED_CHANNEL

_PAUSE_S: Final = 1.0


class DecidedSignals:
    """One connection that listens for everybody of this process who waits. Lives on one event loop."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._expected: defaultdict[str, set[asyncio.Event]] = defaultdict(set)
        self._task: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self.is_stopping = False

    def start(self) -> None:
        """Begin to listen."""
        self._loop = asyncio.get_running_loop()
        self._task = asyncio.create_task(self._keep_listening(), name="decided signals")

    def let_go(self) -> None:
        """Have everybody who waits answered as things stand: the process is about to end. From any thread."""
        self.is_stopping = True
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._wake_all)

    async def stop(self) -> None:
        """Stop listening, and let everybody go who waits."""
        self.is_stopping = True
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})
        self._wake_all()

    @contextmanager
    def expected(self, verification_id: str) -> Iterator[asyncio.Event]:
        """An event that is set when the verification's submission is finished, from now on until the block ends."""
        event = asyncio.Event()
        self._expected[verification_id].add(event)
        try:
            yield event
        finally:
            waiting = self._expected[verification_id]
            waiting.discard(event)
            if not waiting:
                del self._expected[verification_id]

    async def _keep_listening(self) -> None:
        while True:
            try:
                await self._listen()
            except (psycopg.Error, OSError):
                # Whoever waits also looks by itself from time to time.
                await asyncio.sleep(_PAUSE_S)

    async def _listen(self) -> None:
        connection = await psycopg.AsyncConnection.connect(self._url, autocommit=True, connect_timeout=10)
        async with connection:
            await connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(DECIDED_CHANNEL)))
            # What was called out while nobody listened is lost: everybody looks once.
            self._wake_all()
            async for notice in connection.notifies():
                for event in self._expected.get(notice.payload, ()):
                    event.set()

    def _wake_all(self) -> None:
        for events in self._expected.values():
            for event in events:
                event.set()
